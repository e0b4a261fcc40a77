/** Calls back at an interval for as long as somebody works: an editor that lies idle leaves the database alone. */
export class RefreshTimer {
  private timer: NodeJS.Timeout | undefined
  private wasUsed = false

  constructor(private readonly refresh: () => void) {}

  /** Somebody did something since the last call. */
  noteUse(): void {
    this.wasUsed = true
  }

  /** Zero stops it. */
  every(seconds: number): void {
    clearInterval(this.timer)
    if (seconds <= 0) return
    this.timer = setInterval(() => this.tick(), seconds * 1000)
    this.timer.unref()
  }

  private tick(): void {
    if (!this.wasUsed) return
    this.wasUsed = false
    this.refresh()
  }
}
