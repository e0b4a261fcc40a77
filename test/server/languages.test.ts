import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { CodeActionRequest, CodeLensRequest, type CodeAction } from 'vscode-languageserver-protocol'
import { URI } from 'vscode-uri'
import { startLspClient, type LspClient } from '../support/lsp-client'

describe('the language server speaks the language of its editor', () => {
  const SCHEMA = 'model User {\n  id Int @id\n}\n'
  let folder: string
  let client: LspClient | null = null

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-'))
    fs.writeFileSync(path.join(folder, 'schema.prisma'), SCHEMA)
  })
  afterEach(async () => {
    await client?.stop()
    fs.rmSync(folder, { recursive: true, force: true })
  })

  async function saidIn(locale: string): Promise<readonly string[]> {
    client = await startLspClient({ folder, locale })
    const file = path.join(folder, 'schema.prisma')
    const textDocument = { uri: URI.file(file).toString() }
    client.open(file, SCHEMA)
    const lenses = await client.connection.sendRequest(CodeLensRequest.type, { textDocument })
    const place = { line: 0, character: 7 }
    const range = { start: place, end: place }
    const context = { diagnostics: [] }
    const actions = await client.connection.sendRequest(CodeActionRequest.type, { textDocument, range, context })
    return [lenses?.[0]?.command?.title ?? '', ...((actions ?? []) as CodeAction[]).map(({ title }) => title)]
  }

  it('findings, too', async () => {
    const rules = [{ models: ['User'], require: ['updatedAt'] }]
    fs.writeFileSync(path.join(folder, 'prisma-audit.json'), JSON.stringify({ userModel: 'User', rules }))
    await saidIn('de')
    const found = await client!.diagnostics(path.join(folder, 'schema.prisma'), ({ length }) => length > 0)
    assert.deepEqual(
      found.map(({ message }) => message),
      ['User hat kein updatedAt (wann die Zeile zuletzt geändert wurde): fehlt im Schema.'],
    )
  })

  it('what is wrong with the schema, the policy and a migration, too', async () => {
    const policy = path.join(folder, 'prisma-audit.json')
    fs.writeFileSync(policy, '{ "rules": [{ "models": [], "require": ["updatedOn"] }] }')
    const broken = path.join(folder, 'schema.prisma')
    const script = path.join(folder, 'migrations', '1_index', 'migration.sql')
    fs.mkdirSync(path.dirname(script), { recursive: true })
    const sql = 'CREATE INDEX "i" ON "User"("id");\n'
    fs.writeFileSync(script, sql)
    await saidIn('de')
    client!.change(broken, SCHEMA.replace('Int', ''))
    client!.open(script, sql)
    const messages = async (file: string) =>
      (await client!.diagnostics(file, ({ length }) => length > 0)).map(({ message }) => message)
    assert.deepEqual(await messages(broken), ['Das Feld id braucht einen Typ.'])
    assert.deepEqual(await messages(policy), [
      'rules[0].models: mindestens ein Modell angeben.',
      'rules[0].require[0]: "updatedOn" ist nicht erlaubt. Gemeint: "updatedAt"?',
    ])
    assert.deepEqual(await messages(script), [
      'Blockiert Schreiben in "User", während der Index aufgebaut wird (Sperre SHARE). CREATE INDEX CONCURRENTLY als einzige Anweisung der Migration verwenden.',
    ])
    const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } }
    const textDocument = { uri: URI.file(script).toString() }
    const fixes = await client!.connection.sendRequest(CodeActionRequest.type, {
      ...{ textDocument, range, context: { diagnostics: [] } },
    })
    assert.equal(fixes?.[0]?.title, 'Den Index CONCURRENTLY anlegen')
  })

  it('German, of any country', async () => {
    assert.deepEqual(await saidIn('de-AT'), ['Keine Audit-Richtlinie: erstellen', 'prisma-audit.json erstellen'])
  })

  it('English in all others', async () => {
    assert.deepEqual(await saidIn('den'), ['No audit policy: create', 'Create prisma-audit.json'])
  })
})
