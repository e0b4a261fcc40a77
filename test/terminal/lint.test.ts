import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { commandLine, type CommandLineResult } from '../support/command-line'
import { usePostgres } from '../support/postgres'
import { createSampleWorkspace, type SampleWorkspace } from '../support/sample-workspace'

interface LintDocument {
  readonly formatVersion: number
  readonly scripts: readonly string[]
  readonly settled: number
  readonly database: { readonly name: string } | null
  readonly findings: readonly { readonly code: string; readonly severity: string; readonly file: string }[]
  readonly summary: { readonly warning: number }
}

describe('prisma-audit lint', () => {
  const postgres = usePostgres()
  let workspace: SampleWorkspace

  beforeEach(async () => {
    workspace = await createSampleWorkspace(postgres)
  })
  afterEach(() => workspace.remove())

  const run = (...words: readonly string[]): Promise<CommandLineResult> =>
    commandLine(['lint', ...words], { folder: workspace.folder, environment: workspace.environment })

  function write(name: string, sql: string): string {
    const script = path.join(path.dirname(workspace.schemaFile), 'migrations', name, 'migration.sql')
    fs.mkdirSync(path.dirname(script), { recursive: true })
    fs.writeFileSync(script, sql)
    return script
  }

  async function lintJson(...words: readonly string[]): Promise<LintDocument> {
    const { stdout } = await run('--format', 'json', ...words)
    return JSON.parse(stdout) as LintDocument
  }

  it('tells what was found, why, and the safe way; 1 from --fail-on on', async () => {
    write('1_drop', '-- 😀\nDROP TABLE "Lead";\n')
    const { stdout, exitCode } = await run()
    assert.equal(exitCode, 1)
    assert.match(stdout, /^backend\/prisma\/migrations\/1_drop\/migration\.sql:2:1 {2}warning {2}drop-table {2}"Lead"/)
    assert.match(stdout, /\n\n1 warning: 1 script checked\.\n$/)
    assert.equal((await run('--fail-on', 'error')).exitCode, 0)
  })

  it('0 and one line where there is nothing to say', async () => {
    write('1_init', 'CREATE TABLE "Note" ("id" INT);')
    const { stdout, exitCode } = await run()
    assert.deepEqual([stdout, exitCode], ['No findings: 1 script checked.\n', 0])
  })

  it('leaves out what the database has applied, or, without one, all but the newest', async () => {
    write('1_old', 'DROP TABLE "Lead";')
    write('2_new', 'DROP TABLE "User";')
    await workspace.database.query(
      `CREATE TABLE "_prisma_migrations" (id varchar(36) PRIMARY KEY NOT NULL, checksum varchar(64) NOT NULL, finished_at timestamptz,
         migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz, started_at timestamptz NOT NULL DEFAULT now(),
         applied_steps_count integer NOT NULL DEFAULT 0);
       INSERT INTO "_prisma_migrations" (id, checksum, migration_name, finished_at, rolled_back_at)
       VALUES ('a', '', '2_new', now(), NULL), ('b', '', '1_old', now(), now())`,
    )
    const known = await lintJson()
    assert.deepEqual([known.scripts, known.settled], [['backend/prisma/migrations/1_old/migration.sql'], 1])
    // It would run after the one that a new database runs last.
    const isEarlier = ({ code, severity }: { code: string; severity: string }) =>
      code === 'migration-out-of-order' && severity === 'information'
    assert.equal(known.findings.filter(isEarlier).length, 1)
    const codesOfForeignKey = async (name: string) => {
      const script = write(name, 'ALTER TABLE "Lead" ADD FOREIGN KEY ("name") REFERENCES "User" ("id") NOT VALID;')
      return (await lintJson(script)).findings.map(({ code }) => code)
    }
    // Since it was applied, the column may have changed its type.
    assert.deepEqual([await codesOfForeignKey('3_new'), await codesOfForeignKey('2_new')], [['foreign-key-type'], []])
    fs.rmSync(path.dirname(write('3_new', '')), { recursive: true })
    write('2_new', 'DROP TABLE "User";')
    const unknown = await lintJson('--url', 'postgresql://a:b@127.0.0.1:1/app')
    assert.deepEqual([unknown.scripts, unknown.settled], [['backend/prisma/migrations/2_new/migration.sql'], 1])
    assert.equal(unknown.database, null)
  })

  it('looks at all that is named, files and folders', async () => {
    const script = write('1_old', 'DROP TABLE "Lead";')
    write('2_new', 'DROP TABLE "User";')
    const one = await lintJson(script)
    assert.deepEqual(
      one.findings.map(({ code }) => code),
      ['drop-table'],
    )
    const all = await lintJson(path.dirname(path.dirname(script)))
    assert.deepEqual([all.scripts.length, all.summary.warning], [2, 2])
    const missing = await run('nowhere.sql')
    assert.equal(missing.exitCode, 2)
    assert.match(missing.stderr, /nowhere\.sql cannot be read/)
  })

  it('of the plan itself there is nothing to say', async () => {
    const words = ['plan', '--format', 'json']
    const { stdout } = await commandLine(words, { folder: workspace.folder, environment: workspace.environment })
    const { steps, lint } = JSON.parse(stdout) as { steps: readonly unknown[]; lint: readonly unknown[] }
    assert.ok(steps.length > 0)
    assert.deepEqual(lint, [])
  })

  it('as SARIF, each rule with its page', async () => {
    write('1_drop', 'DROP TABLE "Lead";')
    const { stdout } = await run('--format', 'sarif')
    assert.match(stdout, /"helpUri": "[^"]*docs\/lint\.md#drop-table"/)
    assert.match(stdout, /"ruleId": "drop-table"/)
  })
})
