import type { Bench } from '../bench'
import { runCheck, runNode, warmChecks } from '../check-process'
import type { Measurement, Row } from '../measurement'
import { median, milliseconds, times } from '../statistics'

const ROUNDS = 11
const TARGET = 2

/** `prisma-audit check` as a whole process, against Node's own start-up plus the reading of the catalog. */
export const wholeProcess: Row = {
  name: 'process',
  measure: async (bench) => [...(await measureTables(bench, 81)), ...(await measureTables(bench, 302))],
}

async function measureTables(bench: Bench, tables: number): Promise<Measurement[]> {
  const project = await bench.project(tables)
  const reading = median((await warmChecks(project, 20)).slice(5))
  const again: number[] = []
  const first: number[] = []
  const node: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    bench.forgetAnswers()
    first.push((await runCheck(project, ['--format', 'json'])).milliseconds)
    again.push((await runCheck(project, ['--format', 'json'])).milliseconds)
    node.push((await runNode(['-e', '0'])).milliseconds)
  }
  const floor = median(node) + reading
  const peer = `node ${milliseconds(median(node))} + catalog ${milliseconds(reading)}`
  const measurement = (when: string, our: readonly number[]): Measurement => {
    const ratio = median(our) / floor
    return {
      what: `prisma-audit check, whole process, ${tables} tables, ${when} (peer: ${peer})`,
      ours: milliseconds(median(our)),
      peer: milliseconds(floor),
      ratio: times(ratio),
      target: `< ${TARGET} ×`,
      isMet: ratio < TARGET,
      figures: { check: median(our), node: median(node), catalog: reading, ratio },
    }
  }
  return [measurement('nothing changed', again), measurement('the first time', first)]
}
