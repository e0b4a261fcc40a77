import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'

/**
 * Runs SQL while this whole process waits, so that what a test sets off in a callback of the run's is done before the
 * run goes on. A promise would race with the run. Gives the last statement's rows.
 */
export function queryAtOnce(url: string, sql: string): Record<string, unknown>[] {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', SCRIPT, url, sql], {
    cwd: __REPOSITORY__,
    encoding: 'utf8',
  })
  assert.equal(status, 0, stderr)
  return JSON.parse(stdout) as Record<string, unknown>[]
}

const SCRIPT = `
const [, url, sql] = process.argv
const client = new (require('pg').Client)({ connectionString: url })
client.connect()
  .then(() => client.query(sql))
  .then((result) => console.log(JSON.stringify([result].flat().at(-1).rows)))
  .then(() => client.end())
`
