import assert from 'node:assert/strict'
import fs from 'node:fs'
import type { Diagnostic } from 'vscode-languageserver-protocol'
import { startLspClient, type LspClient } from '../support/lsp-client'
import { usePostgres } from '../support/postgres'
import { createSampleWorkspace, type SampleWorkspace } from '../support/sample-workspace'

const codesOf = (diagnostics: readonly Diagnostic[]): unknown[] =>
  diagnostics.map((diagnostic) => diagnostic.code).sort()

const textOf = (message: Diagnostic['message']): string => (typeof message === 'string' ? message : message.value)

const MISSING_THREE = ['missing-owner-id', 'missing-updated-at', 'missing-updated-by']

describe('the language server publishes diagnostics', () => {
  const postgres = usePostgres()
  let workspace: SampleWorkspace
  let client: LspClient
  let text: string

  beforeEach(async () => {
    workspace = await createSampleWorkspace(postgres)
    // As any editor starts it; the other tests start it as VS Code does.
    client = await startLspClient({ folder: workspace.folder, transport: 'stdio' })
    text = fs.readFileSync(workspace.schemaFile, 'utf8')
  })
  afterEach(async () => {
    await client.stop()
    await workspace.remove()
  })

  const published = (wanted: (diagnostics: Diagnostic[]) => boolean): Promise<Diagnostic[]> =>
    client.diagnostics(workspace.schemaFile, wanted)
  const inDatabaseToo = (diagnostics: Diagnostic[]): boolean =>
    diagnostics.some((diagnostic) => (diagnostic.data as { missingIn?: string } | undefined)?.missingIn === 'both')

  /** The test server writes to its disk when it likes, and a crash would lose the sample's tables. */
  const keepTables = () => workspace.database.query('CHECKPOINT')

  const isTheGuidesCase = (diagnostics: Diagnostic[]): boolean =>
    codesOf(diagnostics).join() === MISSING_THREE.join() && inDatabaseToo(diagnostics)

  it('for the three audit fields that are missing in both, on the models’ names', async () => {
    client.open(workspace.schemaFile, text)
    const diagnostics = await published(inDatabaseToo)
    assert.deepEqual(codesOf(diagnostics), MISSING_THREE)
    const lines = text.split('\n')
    for (const { range, severity, source, codeDescription } of diagnostics) {
      assert.match(lines[range.start.line]!.slice(range.start.character, range.end.character), /^(User|Lead)$/)
      assert.equal(severity, 2)
      assert.equal(source, 'prisma-audit')
      assert.match(codeDescription?.href ?? '', /docs\/findings\.md#missing-/)
    }
  })

  it('on the field’s line when the schema has it and the database does not', async () => {
    const edited = text.replace(
      '  email     String   @unique\n',
      '  email     String   @unique\n  updatedAt DateTime @updatedAt\n',
    )
    client.open(workspace.schemaFile, edited)
    const diagnostics = await published((all) =>
      all.some((diagnostic) => (diagnostic.data as { missingIn?: string } | undefined)?.missingIn === 'database'),
    )
    const [finding] = diagnostics.filter((diagnostic) => diagnostic.code === 'missing-updated-at')
    assert.equal(edited.split('\n')[finding!.range.start.line]?.trim(), 'updatedAt DateTime @updatedAt')
  })

  it('with what was just typed before hundreds of fields that the policy requires, since VS Code shows the first 500', async () => {
    const names = Array.from({ length: 300 }, (_, index) => `Note${String(index).padStart(3, '0')}`)
    const tables = names.map((name) => `CREATE TABLE "${name}" (id serial PRIMARY KEY, body text NOT NULL);`)
    await workspace.database.query(tables.join('\n'))
    const model = (name: string) => `model ${name} {\n  id   Int    @id @default(autoincrement())\n  body String\n}\n`
    const many = [text, ...names.map(model)].join('\n')
    const rules = [{ models: ['Note*'], require: ['updatedAt', 'createdAt'] }]
    fs.writeFileSync(`${workspace.folder}/prisma-audit.json`, JSON.stringify({ rules }))
    client.open(workspace.schemaFile, many)
    await published((all) => all.length === 600)
    client.change(workspace.schemaFile, many.replace(/ {2}body String(?=\n}\n$)/, '  text String'))
    const diagnostics = await published((all) => all.some(({ code }) => code === 'column-missing'))
    assert.equal(diagnostics.findIndex(({ code }) => code === 'column-missing') < 500, true)
  })

  it('as the buffer stands, not the disk, and takes them back when the buffer is mended', async () => {
    client.open(workspace.schemaFile, text)
    await published(inDatabaseToo)
    client.change(workspace.schemaFile, text.replace('  name      String\n  role', '  fullName  String\n  role'))
    const diagnostics = await published((all) => all.some(({ code }) => code === 'column-missing'))
    assert.match(textOf(diagnostics.find(({ code }) => code === 'column-missing')!.message), /fullName/)
    client.change(workspace.schemaFile, text)
    await published((all) => all.every(({ code }) => code !== 'column-missing' && code !== 'column-unmapped'))
  })

  it('for tables, types and nullability that differ', async () => {
    const edited =
      text.replace('status    String   @default("new")', 'status    Int?') + '\nmodel Invoice {\n  id Int @id\n}\n'
    client.open(workspace.schemaFile, edited)
    const diagnostics = await published((all) => all.some(({ code }) => code === 'table-missing'))
    const codes = codesOf(diagnostics)
    for (const code of ['table-missing', 'column-type', 'column-nullability']) assert.ok(codes.includes(code), code)
  })

  it('goes on while the database is away and when it comes back', async () => {
    await keepTables()
    client.open(workspace.schemaFile, text)
    await published(inDatabaseToo)
    await postgres.crash()
    client.change(workspace.schemaFile, text.replace('model Lead {', 'model Prospect {'))
    await published((all) =>
      all.some(({ code, message }) => code === 'table-missing' && textOf(message).includes('Prospect')),
    )
    await postgres.start()
    client.change(workspace.schemaFile, text)
    await published(isTheGuidesCase)
  })

  it('is not kept waiting by a database that was away when the schema was opened', async () => {
    await keepTables()
    await postgres.crash()
    client.open(workspace.schemaFile, text)
    await published((all) => codesOf(all).join() === MISSING_THREE.join())
    await postgres.start()
    await published(isTheGuidesCase)
  })

  it('for every prefix of the schema, without a fault', async () => {
    client.open(workspace.schemaFile, '')
    for (let length = 0; length < text.length; length += 7) client.change(workspace.schemaFile, text.slice(0, length))
    client.change(workspace.schemaFile, text)
    await published(isTheGuidesCase)
  })
})
