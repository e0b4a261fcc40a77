import path from 'node:path'
import { Worker } from 'node:worker_threads'
import type { TextEdit } from '../../schema/edits/text-edit'
import { searchFailed } from './errors'
import type { ApplicationEdit, CodeModels } from '../model'
import type { SearchAnswer, SearchRequest } from './messages'

export interface SearchScope {
  /** The application's folder, absolute. */
  readonly root: string
  /** The project's schema, absolute: folders of other projects are left out. */
  readonly schemaPath: string
  readonly models: CodeModels
  readonly openTexts: ReadonlyMap<string, string>
}

export interface FoundEdits<Edit extends TextEdit = ApplicationEdit> {
  readonly edits: readonly Edit[]
  /** Each as `file:line: sentence`. */
  readonly notes: readonly string[]
  /** The number of source files that were read if the application has more; otherwise null. */
  readonly skippedFrom: number | null
}

/**
 * Searches the code of one application in its own thread: nothing of it runs in the caller's thread, and `dispose` ends
 * it immediately.
 */
export class ApplicationSearch {
  private readonly worker: Worker
  private readonly pending = new Map<
    number,
    { readonly resolve: (answer: SearchAnswer) => void; readonly reject: (error: Error) => void }
  >()
  private lastId = 0
  private failure: Error | null = null

  constructor() {
    this.worker = new Worker(path.join(__BUNDLE_FOLDER__, 'application-search.js'), {
      resourceLimits: { maxOldGenerationSizeMb: MEMORY },
    })
    this.worker.on('message', ({ id, answer }: { id: number; answer: SearchAnswer }) => {
      this.pending.get(id)?.resolve(answer)
      this.pending.delete(id)
    })
    this.worker.on('error', (error) => this.fail(searchFailed(error)))
    this.worker.on('exit', () => this.fail(searchFailed(new Error('the search was stopped'))))
    // The thread does not keep the process alive; a pending request does.
    this.worker.unref()
  }

  /** Reads the whole application. */
  async edits(scope: SearchScope): Promise<FoundEdits> {
    return asApplicationEdits(await this.ask((id) => ({ id, kind: 'edits', ...scope })))
  }

  /** What reverts the edits; see `findApplicationRemovals`. */
  async removals(scope: SearchScope): Promise<FoundEdits<TextEdit>> {
    return await this.ask((id) => ({ id, kind: 'removals', ...scope }))
  }

  /**
   * After `edits`: a file has a new text, or was deleted (null). Returns the edits of the files whose texts were given,
   * now or before: all of an application are megabytes, which both threads would copy at each keystroke.
   */
  async changed(file: string, text: string | null): Promise<FoundEdits> {
    return asApplicationEdits(await this.ask((id) => ({ id, kind: 'changed', path: file, text })))
  }

  dispose(): void {
    void this.worker.terminate()
  }

  private ask(request: (id: number) => SearchRequest): Promise<SearchAnswer> {
    if (this.failure !== null) return Promise.reject(this.failure)
    const id = ++this.lastId
    this.worker.ref()
    const answered = new Promise<SearchAnswer>((resolve, reject) => this.pending.set(id, { resolve, reject }))
    this.worker.postMessage(request(id))
    return answered.finally(() => {
      if (this.pending.size === 0) this.worker.unref()
    })
  }

  private fail(error: Error): void {
    this.failure ??= error
    for (const { reject } of this.pending.values()) reject(this.failure)
    this.pending.clear()
  }
}

/**
 * Runs one search and ends its thread; immediately if the signal is aborted, which rejects with the signal's reason.
 */
export async function searchOnce<Answer>(
  signal: AbortSignal,
  ask: (search: ApplicationSearch) => Promise<Answer>,
): Promise<Answer> {
  signal.throwIfAborted()
  const search = new ApplicationSearch()
  const end = () => search.dispose()
  signal.addEventListener('abort', end, { once: true })
  try {
    return await ask(search)
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    signal.removeEventListener('abort', end)
    search.dispose()
  }
}

/** Megabytes. At most 100 million characters are read. */
const MEMORY = 1024

function asApplicationEdits(answer: SearchAnswer): FoundEdits {
  return { ...answer, edits: answer.edits.filter((edit): edit is ApplicationEdit => 'isTicked' in edit) }
}
