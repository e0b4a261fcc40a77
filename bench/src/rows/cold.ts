import type { Bench, BenchProject } from '../bench'
import type { Measurement, Row } from '../measurement'
import { startOurs, startPrismas } from '../servers'
import { median, milliseconds, times } from '../statistics'
import { missingField, withUnknownField } from '../typing'

const ROUNDS = 7

/**
 * From starting the server to its first diagnostics that say something. Ours connects, and reads the catalog or, where
 * it has been there before and nothing has changed, asks whether it is still the same.
 */
export const cold: Row = {
  name: 'cold',
  measure: async (bench) => [...(await measureModels(bench, 81, 1)), ...(await measureModels(bench, 1001, 1.25))],
}

async function measureModels(bench: Bench, models: number, target: number): Promise<Measurement[]> {
  const project = await bench.project(models)
  const first: number[] = []
  const again: number[] = []
  const prisma: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    bench.forgetAnswers()
    first.push(await openOurs(project))
    again.push(await openOurs(project))
    const prismas = await startPrismas(project, false)
    const withoutType = withUnknownField(project.text, 'Strin?')
    prisma.push((await prismas.open(project.file, withoutType, (found) => found.length > 0)).milliseconds)
    await prismas.stop()
  }
  const measurement = (when: string, our: readonly number[]): Measurement => {
    const ratio = median(our) / median(prisma)
    return {
      what: `first diagnostics after opening, cold, ${models} models, ${when}`,
      ours: milliseconds(median(our)),
      peer: milliseconds(median(prisma)),
      ratio: times(ratio),
      target: `< ${target} ×`,
      isMet: ratio < target,
      figures: { oursMedian: median(our), prismaMedian: median(prisma), ratio },
    }
  }
  return [measurement('nothing changed', again), measurement('the first time', first)]
}

async function openOurs(project: BenchProject): Promise<number> {
  const ours = await startOurs(project, false)
  const withoutColumn = withUnknownField(project.text, 'String?')
  const { milliseconds: untilFound } = await ours.open(
    project.file,
    withoutColumn,
    (found) => missingField(found) !== null,
  )
  await ours.stop()
  return untilFound
}
