import { RESULTS_VARIABLE, SUITE_VARIABLE, writeResults, type TestResult } from '../harness/results'

/** VS Code calls this in its extension host, with the extension from this repository at hand. */
export async function run(): Promise<void> {
  const { default: Mocha } = await import('mocha')
  const mocha = new Mocha({ timeout: 180_000 })
  // Defines `describe` and `it`, as mocha does for the files that it loads itself.
  mocha.suite.emit('pre-require', globalThis, '', mocha)
  if (process.env[SUITE_VARIABLE] === 'untrusted') await import('./untrusted.test')
  else {
    await import('./trusted.test')
    await import('./many-checks.test')
  }

  const results: TestResult[] = []
  const failures = await new Promise<number>((resolve) => {
    mocha
      .run(resolve)
      .on('pass', (test) => results.push({ title: test.fullTitle(), error: null }))
      .on('fail', (test, error: Error) =>
        results.push({ title: test.fullTitle(), error: error.stack ?? error.message }),
      )
  })
  writeResults(process.env[RESULTS_VARIABLE] ?? 'results.json', results)
  if (failures > 0) throw new Error(`${failures} failed inside VS Code`)
}
