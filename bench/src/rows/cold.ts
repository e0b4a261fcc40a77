import type { Bench } from '../bench'
import type { Measurement, Row } from '../measurement'
import { startOurs, startPrismas } from '../servers'
import { median, milliseconds, times } from '../statistics'
import { missingField, withUnknownField } from '../typing'

const ROUNDS = 7
const TARGET = 0.5

/** From starting the server to its first diagnostics that say something. Ours connects and reads the catalog in it. */
export const cold: Row = {
  name: 'cold',
  measure: async (bench) => [await measureModels(bench, 81), await measureModels(bench, 1001)],
}

async function measureModels(bench: Bench, models: number): Promise<Measurement> {
  const project = await bench.project(models)
  const our: number[] = []
  const prisma: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const ours = await startOurs(project, false)
    const withoutColumn = withUnknownField(project.text, 'String?')
    our.push((await ours.open(project.file, withoutColumn, (found) => missingField(found) !== null)).total)
    await ours.stop()
    const prismas = await startPrismas(project, false)
    const withoutType = withUnknownField(project.text, 'Strin?')
    prisma.push((await prismas.open(project.file, withoutType, (found) => found.length > 0)).total)
    await prismas.stop()
  }
  const ratio = median(our) / median(prisma)
  return {
    what: `first diagnostics after opening, cold, ${models} models`,
    ours: milliseconds(median(our)),
    peer: milliseconds(median(prisma)),
    ratio: times(ratio),
    target: `< ${TARGET} ×`,
    isMet: ratio < TARGET,
    figures: { oursMedian: median(our), prismaMedian: median(prisma), ratio },
  }
}
