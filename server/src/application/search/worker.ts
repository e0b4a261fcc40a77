import { parentPort } from 'node:worker_threads'
import { readTextIfFit } from '../../files/bounded-files'
import { ApplicationIndex } from '../application-index'
import { removalsOfFiles } from '../find-application-removals'
import { listApplicationFiles } from '../list-application-files'
import type { SearchAnswer, SearchRequest } from './messages'

/**
 * The entry of the thread that reads and parses the application's files, so that the caller's thread stays free. It
 * stores its results, so a changed file costs little. To cancel it, its thread is ended.
 */
class SearchWorker {
  private index: ApplicationIndex | null = null
  /** The texts that take precedence over the disk. */
  private buffers = new Map<string, string>()

  async answer(request: SearchRequest): Promise<SearchAnswer> {
    if (request.kind === 'changed') {
      const { path, text } = request
      if (text === null) {
        this.buffers.delete(path)
        this.index?.remove(path)
      } else {
        this.buffers.set(path, text)
        this.index?.update(path, text)
      }
      return { ...(this.index?.answer({ only: this.buffers }) ?? { edits: [], notes: [] }), skippedFrom: null }
    }
    const { root, schemaPath, models, openTexts } = request
    let skippedFrom: number | null = null
    let hasOtherProjects = false
    const files = await listApplicationFiles(root, {
      schemaPath,
      openTexts,
      onLimit: (count) => (skippedFrom = count),
      onOtherProject: () => (hasOtherProjects = true),
    })
    if (request.kind === 'removals') return { ...removalsOfFiles(files, models, root), skippedFrom }
    this.buffers = new Map(openTexts)
    const read = (path: string) => this.buffers.get(path) ?? readTextIfFit(path)
    this.index = new ApplicationIndex(models, root, read, hasOtherProjects)
    for (const { path, text } of files) this.index.update(path, text)
    return { ...this.index.answer(), skippedFrom }
  }
}

const port = parentPort
if (port !== null) {
  const worker = new SearchWorker()
  // One at a time: each result depends on all earlier messages.
  let last: Promise<unknown> = Promise.resolve()
  port.on('message', (request: SearchRequest) => {
    last = last.then(async () => port.postMessage({ id: request.id, answer: await worker.answer(request) }))
  })
}
