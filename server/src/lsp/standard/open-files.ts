import { readTextIfFit } from '../../files/bounded-files'
import type { OpenDocument } from '../open-document'
import { pathOfUri } from '../uris'

/** The documents that are open in the editor, and when one of them is saved. */
export class OpenFiles {
  private readonly waiting = new Set<() => void>()

  constructor(private readonly documents: () => readonly OpenDocument[]) {}

  isOpen(file: string): boolean {
    return this.find(file) !== undefined
  }

  /** As the user sees it: of an open document, what is not saved yet, too. Null if the file does not exist. */
  text(file: string): string | null {
    return this.find(file)?.text.toString() ?? this.onDisk(file)
  }

  /** Null if it is not open. */
  version(file: string): number | null {
    return this.find(file)?.version ?? null
  }

  onDisk(file: string): string | null {
    return readTextIfFit(file)
  }

  /** The unsaved open documents, by absolute path. */
  unsaved(): ReadonlyMap<string, string> {
    const texts = this.documents().flatMap(({ uri, text }) => {
      const file = pathOfUri(uri)
      return file === null ? [] : [[file, text.toString()] as const]
    })
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

  private find(file: string): OpenDocument | undefined {
    return this.documents().find(({ uri }) => pathOfUri(uri) === file)
  }
}
