import fs from 'node:fs'
import path from 'node:path'
import type { Bench, BenchProject } from '../bench'
import { runNode } from '../check-process'
import type { Measurement, Row } from '../measurement'
import { median } from '../statistics'

const TABLES = 83
const ROUNDS = 5
/** Milliseconds. */
const TARGET = 5000

/**
 * Planning and rehearsing as a whole process: the catalog, the structure's dump, the embedded server, up and down
 * twice.
 */
export const rehearse: Row = {
  name: 'rehearse',
  measure: async (bench) => [
    await measurePolicy(bench, 'every table', ['*']),
    await measurePolicy(bench, 'ten tables', ['Entity000?']),
  ],
}

async function measurePolicy(bench: Bench, what: string, models: readonly string[]): Promise<Measurement> {
  const project = await bench.project(TABLES)
  const policy = { userModel: 'Entity0000', rules: [{ models, require: ['updatedAt', 'updatedBy'] }] }
  fs.writeFileSync(path.join(project.folder, 'prisma-audit.json'), JSON.stringify(policy))
  const whole: number[] = []
  const startUp: number[] = []
  let steps = 0
  for (let round = 0; round < ROUNDS; round++) {
    const run = await runRehearsal(project)
    whole.push(run.milliseconds)
    startUp.push(run.startUp)
    steps = run.steps
  }
  const isMet = median(whole) < TARGET
  return {
    what: `plan and rehearse ${TABLES} tables, audit fields on ${what} (${steps} steps); of which start-up ${seconds(median(startUp))}`,
    ours: seconds(median(whole)),
    peer: '',
    ratio: '',
    target: `< ${seconds(TARGET)}`,
    isMet,
    figures: { median: median(whole), startUpMedian: median(startUp), steps },
  }
}

async function runRehearsal(project: BenchProject) {
  const { milliseconds, stdout } = await runNode([
    ...[path.join(__BUNDLE_FOLDER__, 'cli.js'), 'plan', '--rehearse', '--format', 'json', '--cwd', project.folder],
    ...['--schema', project.schemaPath, '--url', project.url],
  ])
  const { rehearsal } = JSON.parse(stdout) as Answer
  if (rehearsal.outcome !== 'passed') throw new Error('The rehearsal failed.')
  return { milliseconds, startUp: rehearsal.milliseconds.startUp, steps: rehearsal.steps.length }
}

interface Answer {
  readonly rehearsal: {
    readonly outcome: string
    readonly steps: readonly unknown[]
    readonly milliseconds: { readonly startUp: number }
  }
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`
}
