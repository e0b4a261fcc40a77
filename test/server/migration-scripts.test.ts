import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import type { CodeAction, Diagnostic } from 'vscode-languageserver-protocol'
import { URI } from 'vscode-uri'
import { startLspClient, type LspClient } from '../support/lsp-client'
import { usePostgres } from '../support/postgres'
import { createSampleWorkspace, type SampleWorkspace } from '../support/sample-workspace'

const HISTORY = `CREATE TABLE "_prisma_migrations" (
  id text PRIMARY KEY, checksum text, finished_at timestamptz, migration_name text, logs text,
  rolled_back_at timestamptz, started_at timestamptz DEFAULT now(), applied_steps_count int DEFAULT 0
);`

describe('the language server lints migrations', () => {
  const postgres = usePostgres()
  let workspace: SampleWorkspace
  let client: LspClient

  beforeEach(async () => {
    workspace = await createSampleWorkspace(postgres)
    client = await startLspClient({ folder: workspace.folder })
  })
  afterEach(async () => {
    await client.stop()
    await workspace.remove()
  })

  /** Writes a migration and opens it. */
  function openScript(name: string, sql: string, file = 'migration.sql'): string {
    const script = path.join(path.dirname(workspace.schemaFile), 'migrations', name, file)
    fs.mkdirSync(path.dirname(script), { recursive: true })
    fs.writeFileSync(script, sql)
    client.open(script, sql)
    return script
  }
  const codes = (diagnostics: readonly Diagnostic[]): unknown[] => diagnostics.map(({ code }) => code)
  const some = (diagnostics: readonly Diagnostic[]): boolean => diagnostics.length > 0
  const isSettled = (diagnostics: readonly Diagnostic[]): boolean =>
    some(diagnostics) && diagnostics.every(({ severity }) => severity === 4)

  async function actions(file: string, { range }: Diagnostic): Promise<CodeAction[]> {
    const textDocument = { uri: URI.file(file).toString() }
    return await client.connection.sendRequest('textDocument/codeAction', {
      textDocument,
      range,
      context: { diagnostics: [] },
    })
  }

  it('with code, page and place, counted in UTF-16', async () => {
    const line = 'ALTER TABLE "Lead😀" ADD COLUMN "x" INT, DROP COLUMN "é"'
    const script = openScript('1_init', `-- 😀\r\n${line};\r\n`)
    const [finding] = await client.diagnostics(script, some)
    assert.deepEqual(finding?.range, {
      start: { line: 1, character: line.indexOf('DROP') },
      end: { line: 1, character: line.length },
    })
    assert.equal(finding.source, 'prisma-audit')
    assert.equal(finding.code, 'drop-column')
    assert.match(finding.codeDescription?.href ?? '', /docs\/lint\.md#drop-column$/)
  })

  it('offers the safe rewrite, and to ignore the statement', async () => {
    const sql = 'CREATE INDEX "i" ON "Lead"("email");\n'
    const script = openScript('1_init', sql)
    const [finding] = await client.diagnostics(script, some)
    const offered = await actions(script, finding!)
    assert.deepEqual(
      offered.map(({ title, isPreferred }) => [title, isPreferred]),
      [
        ['Create the index CONCURRENTLY', true],
        ['Ignore index-not-concurrent in this statement', undefined],
      ],
    )
    const edits = offered.map(({ edit }) => edit?.changes?.[URI.file(script).toString()])
    assert.deepEqual(edits, [
      [{ range: rangeAt(0, 12), newText: ' CONCURRENTLY' }],
      [{ range: rangeAt(0, 0), newText: '-- prisma-audit-ignore index-not-concurrent: why\n' }],
    ])
    client.change(script, `-- prisma-audit-ignore index-not-concurrent: small table\n${sql}`)
    await client.diagnostics(script, (all) => all.length === 0)
  })

  it('says nothing of half a statement while it is typed, and goes on with the others', async () => {
    const script = openScript('1_init', 'DROP TABLE "Lead";\n')
    await client.diagnostics(script, some)
    client.change(script, 'DROP TABLE "Lead";\nALTER TABLE "User" DRO;\nDROP TABLE "User";')
    assert.deepEqual(codes(await client.diagnostics(script, (all) => all.length === 2)), ['drop-table', 'drop-table'])
    const textDocument = { uri: URI.file(script).toString() }
    await client.connection.sendNotification('textDocument/didSave', { textDocument })
    const saved = await client.diagnostics(script, (all) => all.length === 3)
    assert.deepEqual(codes(saved), ['drop-table', 'sql-syntax', 'drop-table'])
  })

  it('shows what is applied as hints only', async () => {
    await workspace.database.query(HISTORY)
    const older = openScript('1_init', 'DROP TABLE "Lead";')
    const newer = openScript('2_more', 'DROP TABLE "User";')
    // Prisma has recorded neither: both are still to be run.
    await client.diagnostics(older, (all) => all[0]?.severity === 2)
    await client.diagnostics(newer, (all) => all[0]?.severity === 2)
    await workspace.database.query(
      `INSERT INTO "_prisma_migrations" (id, migration_name, finished_at) VALUES ('a', '1_init', now())`,
    )
    client.change(older, 'DROP TABLE "Lead"; ')
    client.change(newer, 'DROP TABLE "User"; DROP TABLE "Lead";')
    await client.diagnostics(older, isSettled)
    await client.diagnostics(newer, (all) => all.length === 2 && all.every(({ severity }) => severity === 2))
  })

  it('without a database, those before the newest are hints', async () => {
    fs.rmSync(path.join(workspace.folder, 'backend', '.env'))
    const older = openScript('1_init', 'DROP TABLE "Lead";')
    const newer = openScript('2_more', 'DROP TABLE "User";')
    await client.diagnostics(newer, (all) => all[0]?.severity === 2)
    client.change(older, 'DROP TABLE "Lead"; ')
    await client.diagnostics(older, isSettled)
  })

  it('knows the types of the live database', async () => {
    const script = openScript(
      '1_init',
      'CREATE TABLE "Note" ("leadId" UUID); ALTER TABLE "Note" ADD CONSTRAINT "f" FOREIGN KEY ("leadId") REFERENCES "Lead"("id");',
    )
    const [finding] = await client.diagnostics(script, some)
    assert.equal(finding?.code, 'foreign-key-type')
  })

  it('leaves all other SQL alone', async () => {
    const other = path.join(workspace.folder, 'query.sql')
    fs.writeFileSync(other, 'DROP TABLE "Lead";')
    client.open(other, 'DROP TABLE "Lead";')
    openScript('1_init', 'DROP TABLE "Lead";', 'down.sql')
    // Served in the order in which they were opened, so whatever there was to say of the others has been said.
    const last = openScript('2_more', 'DROP TABLE "User";')
    await client.diagnostics(last, some)
    const down = path.join(path.dirname(path.dirname(last)), '1_init', 'down.sql')
    assert.deepEqual([client.published(other), client.published(down)], [null, null])
  })
})

function rangeAt(line: number, character: number): Diagnostic['range'] {
  return { start: { line, character }, end: { line, character } }
}
