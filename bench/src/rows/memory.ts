import type { Row } from '../measurement'
import { startOurs } from '../servers'
import { megabytes } from '../statistics'
import { missingField, Typist } from '../typing'

const MODELS = 1001
const EDITS = 500
const TARGET = 120 * 1024 * 1024
/** Less than this is the noise of a collector that has just run or is just about to. */
const NO_GROWTH = 1024 * 1024

/**
 * The server's memory at 1,001 models. The resident size is read untouched at 500 and 1,000 edits; what is still held
 * is read after a full collection, which would have changed the former, at 1,000 and 1,500 edits.
 */
export const memory: Row = {
  name: 'memory',
  async measure(bench) {
    const project = await bench.project(MODELS)
    const ours = await startOurs(project)
    await ours.open(project.file, project.text, (diagnostics) => missingField(diagnostics) === null)
    const opened = await ours.usage()
    const typist = new Typist(ours, project, true)
    await typist.type(EDITS)
    const middle = await ours.usage()
    await typist.type(EDITS)
    const end = await ours.usage()
    const collected = await ours.usage('collect')
    await typist.type(EDITS)
    const collectedLater = await ours.usage('collect')
    await ours.stop()

    const growth = collectedLater.heapUsed - collected.heapUsed
    return [
      {
        what: `server's memory, ${MODELS} models, ${2 * EDITS} edits (beside it: after opening)`,
        ours: megabytes(end.rss),
        peer: megabytes(opened.rss),
        ratio: '',
        target: `< ${megabytes(TARGET)}`,
        isMet: end.rss < TARGET,
        figures: { rssOpened: opened.rss, rss500: middle.rss, rss1000: end.rss, heapUsed1000: collected.heapUsed },
      },
      {
        what: `resident growth between edit ${EDITS} and ${2 * EDITS}`,
        ours: megabytes(end.rss - middle.rss),
        peer: '',
        ratio: '',
        target: '',
        isMet: null,
        figures: { residentGrowth: end.rss - middle.rss },
      },
      {
        what: `growth of what is held in ${EDITS} edits, after collection (beside it: all that is held)`,
        ours: megabytes(growth),
        peer: megabytes(collectedLater.heapUsed),
        ratio: '',
        target: `< ${megabytes(NO_GROWTH)}`,
        isMet: growth < NO_GROWTH,
        figures: { heldGrowth: growth, held: collectedLater.heapUsed },
      },
    ]
  },
}
