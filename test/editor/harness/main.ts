import fs from 'node:fs'
import path from 'node:path'
import Mocha from 'mocha'
import { startPostgres, type TestServer } from '../../support/postgres'
import { LONGEST_WAIT } from './editor'
import { provisionedEditor } from './provisioned'
import { readResults, RESULTS_VARIABLE, SUITE_VARIABLE, type TestResult } from './results'
import { createTrappedWorkspace } from './untrusted-workspace'
import { createSampleWorkspace, type SampleWorkspace } from './workspace'

/**
 * Started by `scripts/editor/run.mjs`: the suite inside VS Code, trusted and untrusted, then the tests that drive VS
 * Code from outside, told as one mocha run. The last line is `{"passed":N,"failed":N}`.
 */
async function main(): Promise<void> {
  const mocha = new Mocha({ timeout: 2 * LONGEST_WAIT })
  const only = process.argv.slice(2)
  const postgres = await startPostgres()
  try {
    if (wanted('trusted')) addResults(mocha, await runTrusted(postgres))
    if (wanted('untrusted')) addResults(mocha, await runUntrusted(postgres))
  } finally {
    await postgres.stop()
  }
  for (const name of [
    ...[...WORKBENCH_TESTS.filter(wanted), ...ASKED_FOR.filter((name) => only.includes(name))],
    ...PICTURES.filter((each) => only.includes(each)),
  ]) {
    mocha.addFile(path.join(__REPOSITORY__, 'out/test/editor/workbench', `${name}.test.js`))
  }
  await mocha.loadFilesAsync()
  const failed = await new Promise<number>((resolve) => {
    const failures: Failure[] = []
    const runner = mocha.run((failed) => {
      reportCounts({ passed: runner.stats?.passes ?? 0, failed }, failures)
      resolve(failed)
    })
    runner.on('fail', (test, error) => {
      failures.push({ title: test.fullTitle(), message: error instanceof Error ? error.message : String(error) })
    })
  })
  process.exitCode = failed === 0 ? 0 : 1

  function wanted(name: string): boolean {
    return only.length === 0 || only.includes(name)
  }
}

interface Failure {
  readonly title: string
  readonly message: string
}

/** For a person in the last line, for `npm test` in the file that it names. */
function reportCounts(
  counts: { readonly passed: number; readonly failed: number },
  failures: readonly Failure[],
): void {
  const file = process.env.PRISMA_AUDIT_COUNTS
  if (file !== undefined) fs.writeFileSync(file, JSON.stringify({ ...counts, failures }))
  process.stdout.write(`${JSON.stringify(counts)}\n`)
}

/** Tests in `test/editor/workbench/`, which see VS Code from outside. */
const WORKBENCH_TESTS = ['person', 'package']

/** Those that leave pictures to be looked at, and press what few people ever meet: run where they are named. */
const PICTURES = ['themes', 'buttons', 'at-once']

/** Those that `npm test` leaves out: another editor has to be installed for them. */
const ASKED_FOR = ['newest', 'agents']

async function runTrusted(postgres: TestServer): Promise<readonly TestResult[]> {
  const workspace = await createSampleWorkspace(postgres)
  try {
    return await runSuite('trusted', workspace)
  } finally {
    await workspace.remove()
  }
}

async function runUntrusted(postgres: TestServer): Promise<readonly TestResult[]> {
  const workspace = await createTrappedWorkspace(postgres)
  try {
    const results = await runSuite('untrusted', workspace)
    // Looked at once more now that the editor and its server have ended.
    const evidence = workspace.evidence().join(', ')
    const error = evidence === '' ? null : `These were executed or connected to: ${evidence}`
    return [...results, { title: 'in an untrusted workspace leaves no trace up to the end', error }]
  } finally {
    await workspace.remove()
  }
}

async function runSuite(name: 'trusted' | 'untrusted', workspace: SampleWorkspace): Promise<readonly TestResult[]> {
  const resultsFile = path.join(path.dirname(workspace.folder), 'results.json')
  await provisionedEditor().runSuite({
    workspace: workspace.folder,
    profile: workspace.profile,
    trusted: name === 'trusted',
    environment: { ...workspace.environment, [RESULTS_VARIABLE]: resultsFile, [SUITE_VARIABLE]: name },
  })
  return readResults(resultsFile)
}

/** The tests have run inside VS Code already; here each is told with its own outcome. */
function addResults(mocha: Mocha, results: readonly TestResult[]): void {
  const suite = Mocha.Suite.create(mocha.suite, 'inside VS Code')
  for (const { title, error } of results) {
    suite.addTest(
      new Mocha.Test(title, () => {
        if (error !== null) throw new Error(error)
      }),
    )
  }
}

void main()
