/** Reading calls of agents that run at once: each opens connections, and a rehearsal starts a PostgreSQL. */
export const MOST_READING = 4

/** Lets so many do their work at once; the others wait for their turn, first come, first served. */
export class Turns {
  private running = 0
  private readonly waiting: (() => void)[] = []

  constructor(private readonly most: number) {}

  async take<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.running < this.most) this.running += 1
    // Whoever ends hands its place on, so nobody who comes meanwhile gets between.
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
