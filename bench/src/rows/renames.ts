import { compare } from '../../../server/src/audit/compare'
import { withClient } from '../../../server/src/database/connect'
import { readCatalog } from '../../../server/src/database/read-catalog'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import type { Measurement, Row } from '../measurement'
import { median, milliseconds, times } from '../statistics'

const MODELS = 300
const ROUNDS = 15
/** The first are of code that is not compiled yet. */
const WARM_UP = 5
const TARGET = 2

/**
 * One comparison of 300 models with 300 tables of which none has its name, so that each is held against each as a
 * likely rename; beside it, the same comparison where all names are equal.
 */
export const renames: Row = {
  name: 'renames',
  async measure(bench): Promise<Measurement[]> {
    const project = await bench.project(MODELS)
    const database = await withClient(project.url, {}, (client) => readCatalog(client, { schemas: ['public'] }))
    const renamed = project.text.replaceAll('Entity', 'Subject').replaceAll('mapped_', 'moved_')
    const of = (text: string) => ({ schema: parseSchema([{ path: project.file, text }]), policy: null, database })
    const [equal, alone] = [of(project.text), of(renamed)]
    const missing = compare(alone).filter(({ code }) => code === 'table-missing').length
    if (missing !== MODELS) throw new Error(`${missing} of ${MODELS} models were compared as missing.`)
    const our: number[] = []
    const beside: number[] = []
    for (let round = 0; round < ROUNDS + WARM_UP; round++) {
      our.push(timeOf(() => compare(alone)))
      beside.push(timeOf(() => compare(equal)))
    }
    const [ours, others] = [median(our.slice(WARM_UP)), median(beside.slice(WARM_UP))]
    const ratio = ours / others
    return [
      {
        what: `compare ${MODELS} models with ${MODELS} tables, all renamed (beside it: none renamed)`,
        ours: milliseconds(ours),
        peer: milliseconds(others),
        ratio: times(ratio),
        target: `< ${TARGET} ×`,
        isMet: ratio < TARGET,
        figures: { renamed: ours, equal: others, ratio },
      },
    ]
  },
}

function timeOf(work: () => unknown): number {
  const start = performance.now()
  work()
  return performance.now() - start
}
