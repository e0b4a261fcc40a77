import type { Bench } from '../bench'
import { runCheck, runNode, warmChecks } from '../check-process'
import type { Measurement, Row } from '../measurement'
import { median, milliseconds, times } from '../statistics'

const ROUNDS = 11
const TARGET = 2

/** `prisma-audit check` as a whole process, against Node's own start-up plus the reading of the catalog. */
export const wholeProcess: Row = {
  name: 'process',
  measure: async (bench) => [await measureTables(bench, 81), await measureTables(bench, 302)],
}

async function measureTables(bench: Bench, tables: number): Promise<Measurement> {
  const project = await bench.project(tables)
  const reading = median((await warmChecks(project, 20)).slice(5))
  const check: number[] = []
  const node: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    check.push((await runCheck(project, ['--format', 'json'])).milliseconds)
    node.push((await runNode(['-e', '0'])).milliseconds)
  }
  const floor = median(node) + reading
  const ratio = median(check) / floor
  return {
    what: `prisma-audit check, whole process, ${tables} tables (peer: node ${milliseconds(median(node))} + catalog ${milliseconds(reading)})`,
    ours: milliseconds(median(check)),
    peer: milliseconds(floor),
    ratio: times(ratio),
    target: `< ${TARGET} ×`,
    isMet: ratio < TARGET,
    figures: { check: median(check), node: median(node), catalog: reading, ratio },
  }
}
