import path from 'node:path'
import type { Disposable } from 'vscode-languageserver'

/** Watches the policies that the user's settings name; they may have any file name. */
export class WatchedPolicies {
  private globs: readonly string[] = []
  private watch: Disposable | null = null
  private latest: Promise<void> = Promise.resolve()

  constructor(private readonly register: (globs: readonly string[]) => Promise<Disposable>) {}

  /** Replaces the watched files. One call at a time, so that each registration is ended by the next one. */
  async set(files: readonly string[]): Promise<void> {
    this.latest = this.latest.catch(() => undefined).then(() => this.replace(globsOf(files)))
    await this.latest
  }

  private async replace(globs: readonly string[]): Promise<void> {
    if (globs.join('\n') === this.globs.join('\n')) return
    this.watch?.dispose()
    this.globs = []
    this.watch = null
    if (globs.length > 0) this.watch = await this.register(globs)
    this.globs = globs
  }
}

/** The default name is watched anyway. `?` matches any character, also those that a glob gives a meaning. */
function globsOf(files: readonly string[]): string[] {
  const names = new Set(files.map((file) => path.basename(file)).filter((name) => name !== 'prisma-audit.json'))
  return [...names].map((name) => `**/${name.replace(/[*?[\]{}!,\\]/g, '?')}`)
}
