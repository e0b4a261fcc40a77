import type { Bench } from '../bench'
import { runBareReading, runCheck, runNode, warmChecks } from '../check-process'
import type { Measurement, Row } from '../measurement'
import { median, milliseconds, times } from '../statistics'

const ROUNDS = 11
/** Without a compile cache, which Node 20 does not have. */
const TARGET = 2.5

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
  const bare: number[] = []
  const node: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    bench.forgetAnswers()
    first.push((await runCheck(project, ['--format', 'json'])).milliseconds)
    again.push((await runCheck(project, ['--format', 'json'])).milliseconds)
    bare.push((await runBareReading(project)).milliseconds)
    node.push((await runNode(['-e', '0'])).milliseconds)
  }
  const floor = median(node) + reading
  const warm = `node ${milliseconds(median(node))} + unchanged catalog ${milliseconds(reading)}`
  const cold = 'a bare script that connects and reads the same rows'
  const measurement = (when: string, our: readonly number[], peer: string, peers: number): Measurement => {
    const ratio = median(our) / peers
    return {
      what: `prisma-audit check, whole process, ${tables} tables, ${when} (peer: ${peer})`,
      ours: milliseconds(median(our)),
      peer: milliseconds(peers),
      ratio: times(ratio),
      target: `< ${TARGET} ×`,
      isMet: ratio < TARGET,
      figures: { check: median(our), node: median(node), catalog: reading, bare: median(bare), ratio },
    }
  }
  return [
    measurement('nothing changed', again, warm, floor),
    measurement('the first time', first, warm, floor),
    measurement('the first time', first, cold, median(bare)),
  ]
}
