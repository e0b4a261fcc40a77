/** The number of read calls that run at once: each opens connections, and a rehearsal starts a PostgreSQL. */
export const MOST_READING = 4

/** Limits concurrent work; the rest waits in order of arrival. */
export class Turns {
  private running = 0
  private readonly waiting: (() => void)[] = []

  constructor(private readonly most: number) {}

  async take<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.running < this.most) this.running += 1
    // The one that ends passes its slot on, so that no new one gets in between.
    else await new Promise<void>((resolve) => this.waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = this.waiting.shift()
      if (next === undefined) this.running -= 1
      else next()
    }
  }
}
