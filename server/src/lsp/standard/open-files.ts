import { readTextIfFit } from '../../files/bounded-files'
import type { SourceFiles } from '../../project/source-files'

/** The documents that are open in the editor, and when one of them is saved. */
export class OpenFiles {
  private readonly waiting = new Set<() => void>()

  constructor(private readonly source: () => SourceFiles) {}

  isOpen(file: string): boolean {
    return this.source().isOpen(file)
  }

  text(file: string): string | null {
    return this.source().find(file)
  }

  onDisk(file: string): string | null {
    return readTextIfFit(file)
  }

  /** The unsaved open documents, by absolute path. */
  unsaved(): ReadonlyMap<string, string> {
    const texts = this.source()
      .openFiles()
      .map((file) => [file, this.text(file) ?? ''] as const)
    return new Map(texts.filter(([file, text]) => this.onDisk(file) !== text))
  }

  /** The editor saved or closed a document. */
  changed(): void {
    for (const look of [...this.waiting]) look()
  }

  /** Checks now, and whenever a document is saved. Rejects when the signal is aborted. */
  whenSaved(isDone: () => boolean, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        this.waiting.delete(look)
        signal.removeEventListener('abort', cancelled)
        settle()
      }
      const look = () => {
        if (isDone()) end(resolve)
      }
      const cancelled = () => end(() => reject(signal.reason as Error))
      if (signal.aborted) {
        cancelled()
        return
      }
      signal.addEventListener('abort', cancelled)
      this.waiting.add(look)
      look()
    })
  }
}
