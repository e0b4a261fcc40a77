import assert from 'node:assert/strict'
import fs from 'node:fs'
import {
  CodeActionRequest,
  CodeLensRequest,
  ExecuteCommandRequest,
  type CodeAction,
  type Diagnostic,
} from 'vscode-languageserver-protocol'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { URI } from 'vscode-uri'
import { startLspClient, type LspClient } from '../support/lsp-client'
import { usePostgres } from '../support/postgres'
import { createSampleWorkspace, type SampleWorkspace } from '../support/sample-workspace'

describe('the language server offers quick fixes', () => {
  const postgres = usePostgres()
  let workspace: SampleWorkspace
  let client: LspClient
  let text: string

  beforeEach(async () => {
    workspace = await createSampleWorkspace(postgres)
    text = fs.readFileSync(workspace.schemaFile, 'utf8')
  })
  afterEach(async () => {
    await client.stop()
    await workspace.remove()
  })

  async function openWith(initializationOptions: object = {}): Promise<Diagnostic[]> {
    client = await startLspClient({ folder: workspace.folder, initializationOptions })
    client.open(workspace.schemaFile, text)
    return await client.diagnostics(workspace.schemaFile, (all) => all.length > 0)
  }

  async function actionsFor(diagnostic: Diagnostic): Promise<CodeAction[]> {
    const answer = await client.connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri: URI.file(workspace.schemaFile).toString() },
      range: diagnostic.range,
      context: { diagnostics: [diagnostic] },
    })
    return (answer ?? []) as CodeAction[]
  }

  function applied(action: CodeAction): string {
    const uri = URI.file(workspace.schemaFile).toString()
    const edits = action.edit?.changes?.[uri] ?? []
    return TextDocument.applyEdits(TextDocument.create(uri, 'prisma', 1, text), edits)
  }

  it('that keep the column of a field that was renamed in the schema alone', async () => {
    text = text.replace(/^ {2}name ( *)String/m, '  fullName $1String')
    await openWith()
    const diagnostics = await client.diagnostics(workspace.schemaFile, (all) =>
      all.some(({ code }) => code === 'column-missing'),
    )
    const finding = diagnostics.find(({ code }) => code === 'column-missing')!
    const action = (await actionsFor(finding)).find(({ title }) =>
      title.startsWith('Keep the column name for User.fullName'),
    )!
    const after = applied(action)
    assert.match(after, /fullName +String @map\("name"\)/)
    client.change(workspace.schemaFile, after)
    const now = await client.diagnostics(workspace.schemaFile, (all) =>
      all.every(({ code }) => code !== 'column-missing'),
    )
    assert.ok(now.length > 0)
  })

  it('that write a field by a minimal edit, after which the finding is gone', async () => {
    const diagnostics = await openWith()
    const finding = diagnostics.find(({ code }) => code === 'missing-owner-id')!
    const action = (await actionsFor(finding)).find(({ title }) => title === 'Add ownerId to Lead')!
    assert.equal(action.kind, 'quickfix')
    const after = applied(action)
    assert.match(after, /ownerId\s+Int\?/)
    assert.match(after, /leads\s+Lead\[\]/)
    client.change(workspace.schemaFile, after)
    const now = await client.diagnostics(workspace.schemaFile, (all) =>
      all.some(
        ({ code, data }) => code === 'missing-owner-id' && (data as { missingIn: string }).missingIn === 'database',
      ),
    )
    assert.equal(now.filter(({ code }) => code === 'missing-owner-id').length, 1)
  })

  it('that add nothing where the model has a column of that name which cannot be the field: a plan refuses it', async () => {
    text = text.replace('model Lead {', 'model Lead {\n  ownerId String?')
    const finding = (await openWith()).find(({ code }) => code === 'missing-owner-id')!
    assert.match(textOf(finding), /Lead\.ownerId is text, but the users' key is integer/)
    const titles = (await actionsFor(finding)).map(({ title }) => title)
    assert.ok(
      titles.some((title) => title.startsWith('Ignore')),
      titles.join(),
    )
    assert.ok(!titles.some((title) => /^Add .*ownerId|^Run Guided/.test(title)), titles.join())
  })

  it('for what the editor still shows where it was before the last edit', async () => {
    const finding = (await openWith()).find(({ code }) => code === 'missing-owner-id')!
    text = `\n\n\n${text}`
    client.change(workspace.schemaFile, text)
    const actions = await actionsFor(finding)
    const action = actions.find(({ title }) => title === 'Add ownerId to Lead')!
    assert.match(applied(action), /^model Lead \{[^}]*\n {2}ownerId +Int\?/m)
    assert.ok(actions.every(({ title }) => !title.includes('User')))
  })

  it('that write all fields at once', async () => {
    const [finding] = await openWith()
    const action = (await actionsFor(finding!)).find(({ title }) => title.startsWith('Add all'))!
    const after = applied(action)
    for (const word of ['updatedAt', 'updatedById', 'updatedBy', 'ownerId', 'leads'])
      assert.ok(after.includes(word), word)
  })

  it('with only the problems of its own model, for all that is selected', async () => {
    const policy = { userModel: 'User', rules: [{ models: ['*'], require: ['updatedAt', 'updatedBy'] }] }
    fs.writeFileSync(`${workspace.folder}/prisma-audit.json`, JSON.stringify(policy))
    const [finding] = await openWith()
    const range = { start: { line: 0, character: 0 }, end: { line: text.split('\n').length, character: 0 } }
    const ofModels = (await actionsFor({ ...finding!, range })).filter(({ title }) => /^Add .*, .* to \w+$/.test(title))
    assert.ok(ofModels.length > 1)
    for (const { title, diagnostics } of ofModels) {
      const models = new Set(diagnostics?.map(({ data }) => (data as { model: string }).model))
      assert.deepEqual([...models], [title.replace(/^.* /, '')])
    }
  })

  it('that name a field in the policy which may be it under another name; then nothing is missing', async () => {
    text = text.replace(
      'model Lead {',
      'model Lead {\n  userId Int?\n  user User? @relation("LeadUser", fields: [userId], references: [id])',
    )
    text = text.replace('model User {', 'model User {\n  ledBy Lead[] @relation("LeadUser")')
    fs.writeFileSync(workspace.schemaFile, text)
    const finding = (await openWith()).find(({ code }) => code === 'missing-owner-id')!
    assert.match(
      textOf(finding),
      /If Lead\.userId is that field, add "userId" to fields\.ownerId\.aliases in the policy\./,
    )
    const action = (await actionsFor(finding)).find(({ title }) => title.startsWith('Use Lead.userId as ownerId'))!
    const policyFile = `${workspace.folder}/prisma-audit.json`
    const edits = action.edit?.changes?.[URI.file(policyFile).toString()] ?? []
    const policy = TextDocument.create('', 'json', 1, fs.readFileSync(policyFile, 'utf8'))
    client.open(policyFile, TextDocument.applyEdits(policy, edits))
    const now = await client.diagnostics(workspace.schemaFile, (all) =>
      all.every((each) => each.code !== 'missing-owner-id' || textOf(each).includes('in the database')),
    )
    assert.ok(now.every((each) => !textOf(each).includes('has no ownerId (which user owns it): missing in the schema')))
  })

  it('none for what a comment silences, in any spelling', async () => {
    text = text.replace('model Lead {', '/// @audit-ignore index-unmapped, missing-owner-id: why\nmodel Lead {')
    fs.writeFileSync(workspace.schemaFile, text)
    const diagnostics = await openWith()
    assert.ok(diagnostics.every(({ code }) => code !== 'missing-owner-id'))
    const all = (await actionsFor(diagnostics[0]!)).find(({ title }) => title.startsWith('Add all'))!
    assert.ok(!applied(all).includes('ownerId '))
  })

  it('that create the policy where there is none', async () => {
    fs.rmSync(`${workspace.folder}/prisma-audit.json`)
    const diagnostics = await openWith()
    assert.ok(diagnostics.every(({ severity }) => severity === 4))
    const actions = await actionsFor(diagnostics[0]!)
    assert.equal(actions.length, 1)
    assert.match(actions[0]!.title, /prisma-audit\.json/)
    assert.match(JSON.stringify(actions[0]!.edit), /updatedAt/)
    const textDocument = { uri: URI.file(workspace.schemaFile).toString() }
    const [lens] = (await client.connection.sendRequest(CodeLensRequest.type, { textDocument })) ?? []
    assert.equal(lens?.command?.title, 'No audit policy: create')
    const { command, arguments: given = [] } = lens.command
    await client.connection.sendRequest(ExecuteCommandRequest.type, { command, arguments: given })
    const [creation] = actions[0]!.edit?.documentChanges ?? []
    assert.ok(creation !== undefined && 'uri' in creation)
    const written = fs.readFileSync(URI.parse(creation.uri).fsPath, 'utf8')
    assert.ok(JSON.stringify(actions[0]!.edit).includes(JSON.stringify(written)))
  })
})

function textOf({ message }: Diagnostic): string {
  return typeof message === 'string' ? message : message.value
}
