import assert from 'node:assert/strict'
import fs from 'node:fs'
import { CodeActionRequest, type CodeAction, type Diagnostic } from 'vscode-languageserver-protocol'
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

  it('that write all fields at once', async () => {
    const [finding] = await openWith()
    const action = (await actionsFor(finding!)).find(({ title }) => title.startsWith('Add all'))!
    const after = applied(action)
    for (const word of ['updatedAt', 'updatedById', 'updatedBy', 'ownerId', 'leads'])
      assert.ok(after.includes(word), word)
  })

  it('that create the policy where there is none', async () => {
    fs.rmSync(`${workspace.folder}/prisma-audit.json`)
    const diagnostics = await openWith()
    assert.ok(diagnostics.every(({ severity }) => severity === 4))
    const actions = await actionsFor(diagnostics[0]!)
    assert.equal(actions.length, 1)
    assert.match(actions[0]!.title, /prisma-audit\.json/)
    assert.match(JSON.stringify(actions[0]!.edit), /updatedAt/)
  })
})
