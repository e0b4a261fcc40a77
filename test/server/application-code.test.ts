import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { CodeAction, Diagnostic } from 'vscode-languageserver-protocol'
import { URI } from 'vscode-uri'
import { startLspClient, type LspClient } from '../support/lsp-client'

const SCHEMA = `datasource db {
  provider = "postgresql"
}
model User {
  id Int @id
  leads Lead[]
}
model Lead {
  id        Int      @id
  name      String
  createdAt DateTime
  ownerId   Int?
  owner     User?    @relation(fields: [ownerId], references: [id])
}
`
const LIST = `import { leadSelect } from '../select'
export const list = () => prisma.lead.findMany({ select: leadSelect })
`
const SELECT = `export const leadSelect = { id: true, name: true, createdAt: true }\n`

/** No database is needed. */
describe("the language server marks the application's code", () => {
  let folder: string
  let client: LspClient
  before(async () => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-code-')))
    write('prisma/schema.prisma', SCHEMA)
    write('prisma-audit.json', JSON.stringify({ rules: [{ models: ['Lead'], require: ['ownerId'] }] }))
    write('src/admin/list.ts', LIST)
    write('src/select.ts', SELECT)
    client = await startLspClient({ folder, capabilities: { workspace: { workspaceEdit: { documentChanges: true } } } })
    client.open(path.join(folder, 'prisma/schema.prisma'), SCHEMA)
  })
  after(async () => {
    await client.stop()
    fs.rmSync(folder, { recursive: true, force: true })
  })

  function write(name: string, text: string): void {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    fs.writeFileSync(path.join(folder, name), text)
  }
  const some = (diagnostics: readonly Diagnostic[]): boolean => diagnostics.length > 0
  const none = (diagnostics: readonly Diagnostic[]): boolean => diagnostics.length === 0

  async function actions(file: string, { range }: Diagnostic): Promise<CodeAction[]> {
    const textDocument = { uri: URI.file(file).toString() }
    return await client.connection.sendRequest('textDocument/codeAction', {
      textDocument,
      range,
      context: { diagnostics: [] },
    })
  }

  it('where a field of the schema is not shown, offers the edit, and sees it done', async () => {
    const file = path.join(folder, 'src/select.ts')
    client.open(file, SELECT)
    const [found] = await client.diagnostics(file, some)
    assert.ok(found !== undefined)
    assert.equal(found.severity, 3)
    assert.equal(found.code, 'application-field-missing')
    assert.equal(found.message, 'Lead has ownerId, which is not shown here.')
    const offered = await actions(file, found)
    // Of the version that they were made for: the editor does not apply them to another.
    const textDocument = { uri: URI.file(file).toString(), version: 1 }
    const start = { line: 0, character: 0 }
    const end = { line: 0, character: SELECT.indexOf(' }') }
    assert.deepEqual(
      offered.map(({ title, isPreferred, edit }) => [title, isPreferred, edit?.documentChanges]),
      [
        [
          'Add ownerId to the select of prisma.lead.findMany',
          true,
          [{ textDocument, edits: [{ range: { start: end, end }, newText: ', ownerId: true' }] }],
        ],
        [
          'Ignore here',
          false,
          [{ textDocument, edits: [{ range: { start, end: start }, newText: '// @audit-ignore\n' }] }],
        ],
      ],
    )
    client.change(file, `\n${SELECT}`)
    assert.deepEqual(await actions(file, found), [], 'none for a text that is not searched yet')
    await client.diagnostics(file, ([each]) => each?.range.start.line === 1)
    client.change(file, SELECT.replace(' }', ', ownerId: true }'))
    await client.diagnostics(file, none)
    client.change(file, SELECT)
    await client.diagnostics(file, some)
    client.change(file, `// @audit-ignore\n${SELECT}`)
    await client.diagnostics(file, none)
  })

  it('says nothing of a field that the schema does not have', async () => {
    const file = path.join(folder, 'src/select.ts')
    client.change(file, SELECT)
    await client.diagnostics(file, some)
    client.change(
      path.join(folder, 'prisma/schema.prisma'),
      SCHEMA.replace(/ {2}owner.*\n/g, '').replace('  leads Lead[]\n', ''),
    )
    await client.diagnostics(file, none)
  })
})
