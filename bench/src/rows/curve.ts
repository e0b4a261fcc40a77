import type { Bench } from '../bench'
import type { Measurement, Row } from '../measurement'
import { startOurs } from '../servers'
import { median, milliseconds, times } from '../statistics'
import { missingField, Typist } from '../typing'

const SIZES = [100, 1000, 5000]
const MODELS_IN_FILE = 50
const EDITS = 80
/** From 100 to 5,000 models: fifty times the schema may cost some transport, but not fifty times the work. */
const TARGET = 3

/** What one edit costs our server as the schema grows, in one file and over files of 50 models. */
export const curve: Row = {
  name: 'curve',
  async measure(bench) {
    return [...(await measureCurve(bench, null)), ...(await measureCurve(bench, MODELS_IN_FILE))]
  },
}

async function measureCurve(bench: Bench, modelsInFile: number | null): Promise<Measurement[]> {
  const layout = modelsInFile === null ? 'one file' : `files of ${modelsInFile}`
  const measurements: Measurement[] = []
  let first: number | null = null
  for (const models of SIZES) {
    const { cpu, wall } = await measureEdits(bench, models, modelsInFile)
    first ??= wall
    const ratio = wall / first
    const isJudged = modelsInFile !== null && models === SIZES.at(-1)
    measurements.push({
      what: `one edit, ${models} models, ${layout} (beside it: processor time)`,
      ours: milliseconds(wall),
      peer: milliseconds(cpu),
      ratio: times(ratio),
      target: isJudged ? `< ${TARGET} × of ${SIZES[0] ?? 0}` : '',
      isMet: isJudged ? ratio < TARGET : null,
      figures: { wall, cpu, ratio },
    })
  }
  return measurements
}

async function measureEdits(
  bench: Bench,
  models: number,
  modelsInFile: number | null,
): Promise<{ cpu: number; wall: number }> {
  const project = await bench.project(models, modelsInFile ?? models)
  const ours = await startOurs(project)
  await ours.open(project.file, project.text, (diagnostics) => missingField(diagnostics) === null)
  const typist = new Typist(ours, project, true)
  await typist.type(EDITS / 2)
  const before = await ours.usage()
  const reactions = await typist.type(EDITS)
  const after = await ours.usage()
  await ours.stop()
  const wall = median(reactions.map((reaction) => reaction.milliseconds))
  return { cpu: (after.cpuMilliseconds - before.cpuMilliseconds) / EDITS, wall }
}
