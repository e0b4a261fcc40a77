/** Calls back at an interval while the user is active, so that an idle editor does not query the database. */
export class RefreshTimer {
  private timer: NodeJS.Timeout | undefined
  private wasUsed = false

  constructor(private readonly refresh: () => void) {}

  /** Whether there was activity since the last call. */
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
