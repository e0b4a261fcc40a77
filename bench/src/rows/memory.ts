import type { Editor } from '../editor'
import type { Row } from '../measurement'
import { startOurs, startPrismas } from '../servers'
import { median, megabytes, times } from '../statistics'
import { missingField, Typist } from '../typing'

const MODELS = 1001
const EDITS = 1000
const TARGET = 0.7
/** Resident memory depends on when V8 last collected garbage, so the median of many readings is compared. */
const READINGS = 20
/** Less than this is the noise of a collector that has just run or is just about to. */
const NO_GROWTH = 1024 * 1024

/**
 * Resident memory in the second half of 1,000 edits of 1,001 models, read untouched, beside Prisma's language server
 * in the same edits. What ours still holds is read after a full collection, then and 500 edits later.
 */
export const memory: Row = {
  name: 'memory',
  async measure(bench) {
    const project = await bench.project(MODELS)
    const ours = await startOurs(project)
    await ours.open(project.file, project.text, (diagnostics) => missingField(diagnostics) === null)
    const typist = new Typist(ours, project, true)
    const our = await residentMemory(ours, typist)
    const collected = await ours.usage('collect')
    await typist.type(EDITS / 2)
    const collectedLater = await ours.usage('collect')
    await ours.stop()

    const prismas = await startPrismas(project)
    await prismas.open(project.file, project.text, () => true)
    const prisma = await residentMemory(prismas, new Typist(prismas, project, false))
    await prismas.stop()

    const ratio = our.edited / prisma.edited
    const growth = collectedLater.heapUsed - collected.heapUsed
    return [
      {
        what: `server's resident memory, ${MODELS} models, ${EDITS} edits, median`,
        ours: megabytes(our.edited),
        peer: megabytes(prisma.edited),
        ratio: times(ratio),
        target: `≤ ${TARGET} ×`,
        isMet: ratio <= TARGET,
        figures: { oursRss: our.edited, prismaRss: prisma.edited, oursMost: our.most, prismaMost: prisma.most, ratio },
      },
      {
        what: 'the same after opening',
        ours: megabytes(our.opened),
        peer: megabytes(prisma.opened),
        ratio: times(our.opened / prisma.opened),
        target: '',
        isMet: null,
        figures: { oursRssOpened: our.opened, prismaRssOpened: prisma.opened },
      },
      {
        what: `growth of what is held in ${EDITS / 2} further edits, after collection (beside it: all that is held)`,
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

interface ResidentMemory {
  readonly opened: number
  /** The median of the readings. */
  readonly edited: number
  readonly most: number
}

async function residentMemory(editor: Editor, typist: Typist): Promise<ResidentMemory> {
  const opened = (await editor.usage()).rss
  await typist.type(EDITS / 2)
  const readings: number[] = []
  while (readings.length < READINGS) {
    await typist.type(EDITS / 2 / READINGS)
    readings.push((await editor.usage()).rss)
  }
  return { opened, edited: median(readings), most: Math.max(...readings) }
}
