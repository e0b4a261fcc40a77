import assert from 'node:assert/strict'
import fs from 'node:fs'
import {
  ApplyWorkspaceEditRequest,
  CodeActionRequest,
  CodeActionResolveRequest,
  CodeActionTriggerKind,
  CodeLensRefreshRequest,
  CodeLensRequest,
  CodeLensResolveRequest,
  CompletionRequest,
  ExecuteCommandRequest,
  HoverRequest,
  InlayHintRequest,
  ShowMessageNotification,
  ShowMessageRequest,
  type CodeAction,
  type CodeLens,
  type CompletionItem,
  type MarkupContent,
  type Position,
  type WorkspaceEdit,
} from 'vscode-languageserver-protocol'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { URI } from 'vscode-uri'
import { CoverageRequest } from '../../protocol/src/index'
import { startLspClient, type LspClient } from '../support/lsp-client'
import { usePostgres } from '../support/postgres'
import { createSampleWorkspace, type SampleWorkspace } from '../support/sample-workspace'

/** A table whose names and definitions would be links, code and headings if a hover took them as Markdown. */
const EVIL = '[x](command:evil)`**'

describe('the language server in a schema file', () => {
  const postgres = usePostgres()
  let workspace: SampleWorkspace
  let client: LspClient
  let text: string
  let uri: string

  before(async () => {
    workspace = await createSampleWorkspace(postgres)
    uri = URI.file(workspace.schemaFile).toString()
    await workspace.database.query(`
      ALTER TABLE "Lead" ALTER COLUMN name TYPE varchar(20), ALTER COLUMN name SET DEFAULT 'none';
      CREATE INDEX "${EVIL}" ON "Lead" (name);
      ANALYZE "Lead"`)
    const sample = fs.readFileSync(workspace.schemaFile, 'utf8')
    text = sample
      .replace('model Lead {', '/// @audit-ignore view-missing, \nmodel Lead {')
      .replace(/^ {2}email .*\n/m, (line) => `${line}  extra Int?\n`)
    client = await startLspClient({ folder: workspace.folder, initializationOptions: { inlayHints: true } })
    client.open(workspace.schemaFile, text)
    await client.diagnostics(workspace.schemaFile, (all) => all.some(({ code }) => code === 'column-type'))
  })
  after(async () => {
    await client.stop()
    await workspace.remove()
  })

  /** As an editor does with those that came without what they show. */
  async function resolvedLens(lens: CodeLens): Promise<CodeLens> {
    return lens.command === undefined ? await client.connection.sendRequest(CodeLensResolveRequest.type, lens) : lens
  }

  function placeOf(words: string, offset = 0): Position {
    return TextDocument.create(uri, 'prisma', 1, text).positionAt(text.indexOf(words) + offset)
  }

  async function hoverAt(position: Position): Promise<string> {
    const hover = await client.connection.sendRequest(HoverRequest.type, { textDocument: { uri }, position })
    return (hover?.contents as MarkupContent | undefined)?.value ?? ''
  }

  async function actionsAt(
    position: Position,
    only?: string[],
    triggerKind?: CodeActionTriggerKind,
  ): Promise<CodeAction[]> {
    const context = { diagnostics: [], ...(only && { only }), ...(triggerKind && { triggerKind }) }
    const parameters = { textDocument: { uri }, range: { start: position, end: position }, context }
    return ((await client.connection.sendRequest(CodeActionRequest.type, parameters)) ?? []) as CodeAction[]
  }

  function applied({ edit }: CodeAction): string {
    return TextDocument.applyEdits(TextDocument.create(uri, 'prisma', 1, text), edit?.changes?.[uri] ?? [])
  }

  it('answers the coverage of the models, with documents to keep', async () => {
    const answer = await client.connection.sendRequest(CoverageRequest, { documentUri: uri })
    const lead = answer.models.find(({ name }) => name === 'Lead')!
    assert.equal(lead.uri, uri)
    assert.equal(text.split('\n')[lead.line], 'model Lead {')
    assert.equal(lead.cells[answer.fields.indexOf('ownerId')]?.state, 'missing')
    assert.match(answer.summary, /^0 of 3 required audit fields are complete: 3 missing$/)
    assert.match(answer.markdown, /\| `Lead` \|/)
    assert.match(answer.svg, /^<svg /)
  })

  it('offers for a finding the side of the database, and to ignore it', async () => {
    const lead = text.indexOf('model Lead')
    const place = placeOf('String', text.slice(lead).indexOf('String') + lead - text.indexOf('String'))
    const actions = await actionsAt(place)
    const change = actions.find(({ title }) => title.startsWith('Change Lead.name to String @db.VarChar(20)'))!
    assert.equal(change.isPreferred, false)
    assert.match(applied(change), /name +String +@default\("none"\) @db\.VarChar\(20\)/)
    assert.ok(actions.some(({ title }) => title === 'Ignore column-type for Lead.name'))
  })

  it('fixes all audit fields as a source action; on save only under its own name', async () => {
    const [action] = await actionsAt({ line: 0, character: 0 }, ['source'])
    assert.equal(action?.kind, 'source.fixAll.prismaAudit')
    for (const word of ['updatedAt', 'updatedById', 'ownerId']) assert.ok(applied(action).includes(word), word)
    const { Automatic } = CodeActionTriggerKind
    assert.deepEqual(await actionsAt({ line: 0, character: 0 }, ['source.fixAll'], Automatic), [])
    assert.equal((await actionsAt({ line: 0, character: 0 }, ['source.fixAll.prismaAudit'], Automatic)).length, 1)
  })

  it('says in a hover what stands in the database, with foreign names as text', async () => {
    const model = await hoverAt(placeOf('model Lead', 7))
    assert.match(model, /\*\*Database:\*\* table `public\.Lead`, about [\d,]+ rows, [\d,.]+ (?:kB|MB|bytes)/)
    assert.match(model, /Primary key: `id`/)
    assert.ok(model.includes('``[x](command:evil)`**``'), model)
    assert.match(model, /\*\*Differs:\*\*/)
    const field = await hoverAt(placeOf('extra Int', 1))
    assert.match(field, /no column `public\.\w+\.extra`/)
    const lead = text.indexOf('model Lead')
    const name = await hoverAt(placeOf('model Lead', text.slice(lead).search(/\n {2}name/) + 4))
    assert.match(name, /`public\.Lead\.name` `varchar\(20\) not null default 'none'::character varying`/)
    assert.match(name, /Filled by: the default if no value is given/)
  })

  it('says above each model how it stands, and adds what it lacks', async () => {
    const lenses = (await client.connection.sendRequest(CodeLensRequest.type, { textDocument: { uri } })) ?? []
    const shown = await Promise.all(lenses.map(resolvedLens))
    const titles = shown.map(({ command }: CodeLens) => command?.title ?? '')
    assert.ok(
      titles.some((title) => /^Missing updatedAt, updatedBy.*: add$/.test(title)),
      titles.join('\n'),
    )
    const { range, command: said } = shown.at(-1)!
    const late = await resolvedLens({ range, data: { uri, model: 'Lead' } })
    assert.equal(late.command?.title, said?.title)
    const lens = shown.find(({ command }) => command?.title.startsWith('Missing ownerId') === true)!
    const applying = new Promise<WorkspaceEdit>((resolve) =>
      client.connection.onRequest(ApplyWorkspaceEditRequest.type, ({ edit }) => {
        resolve(edit)
        return { applied: true }
      }),
    )
    const { command, arguments: given = [] } = lens.command!
    await client.connection.sendRequest(ExecuteCommandRequest.type, { command, arguments: given })
    const edit = await applying
    assert.match(applied({ title: '', edit }), /ownerId +Int\?/)
  })

  it('adds them to the version that it has read: VS Code refuses another one, and the message says why', async () => {
    const ours = await startLspClient({
      folder: workspace.folder,
      initializationOptions: { client: { trusted: false, prismaExtensionInstalled: true } },
    })
    ours.open(workspace.schemaFile, text)
    const versions: (number | null)[] = []
    ours.connection.onRequest(ApplyWorkspaceEditRequest.type, ({ edit }) => {
      const [change] = edit.documentChanges ?? []
      if (change !== undefined && 'edits' in change) versions.push(change.textDocument.version)
      ours.change(workspace.schemaFile, `// Typed as it arrives\n${text}`)
      return { applied: false }
    })
    const told = new Promise<string>((resolve) =>
      ours.connection.onRequest(ShowMessageRequest.type, ({ message }) => {
        resolve(message)
        return null
      }),
    )
    const before = ours.version(workspace.schemaFile)
    const command = 'prismaAudit.server.addAuditFields'
    await ours.connection.sendRequest(ExecuteCommandRequest.type, { command, arguments: [uri, 'User'] })
    assert.deepEqual(versions, [before])
    assert.match(await told, /schema\.prisma was not edited\.$/)
    await ours.stop()
  })

  it('shows the type of the column where it differs, if wanted', async () => {
    const range = { start: { line: 0, character: 0 }, end: { line: 999, character: 0 } }
    const hints = (await client.connection.sendRequest(InlayHintRequest.type, { textDocument: { uri }, range })) ?? []
    assert.ok(
      hints.some(({ label }) => label === '↔ varchar(20)'),
      JSON.stringify(hints),
    )
  })

  it('completes what an @audit-ignore comment may name, what is found there first, and nothing elsewhere', async () => {
    const at = async (position: Position) =>
      ((await client.connection.sendRequest(CompletionRequest.type, { textDocument: { uri }, position })) ??
        []) as CompletionItem[]
    const comment = '/// @audit-ignore view-missing, '
    const items = (await at(placeOf(comment, comment.length))).toSorted((a, b) => (a.sortText! < b.sortText! ? -1 : 1))
    assert.equal(items[0]?.sortText?.[0], '0')
    assert.ok(items.some(({ label }) => label === 'index-unmapped') && items.some(({ label }) => label === 'ownerId'))
    assert.deepEqual(await at(placeOf('model Lead', 6)), [])
  })

  it('shows the SQL for one object, through the command that the action names', async () => {
    // This editor cannot be told to open a document: it gets the path.
    const told = new Promise<string>((resolve) =>
      client.connection.onNotification(ShowMessageNotification.type, ({ message }) => resolve(message)),
    )
    const wanted = { code: 'column-missing', schemaName: 'public', table: 'User', column: 'extra', object: null }
    const parameters = { command: 'prismaAudit.server.previewObject', arguments: [uri, wanted] }
    await client.connection.sendRequest(ExecuteCommandRequest.type, parameters)
    const [, file = ''] = /: (.*\.md)$/.exec(await told) ?? []
    const shown = fs.readFileSync(file, 'utf8')
    assert.match(shown, /ADD COLUMN (?:IF NOT EXISTS )?"extra" integer/)
    assert.ok(!shown.includes('updatedAt'))
  })

  it('works out the edit of an action when it is chosen, in a schema that Prisma takes long to read', async () => {
    const large = `${text}\n// ${'x'.repeat(100_000)}\n`
    const resolveSupport = { properties: ['edit'] }
    const other = await startLspClient({
      folder: workspace.folder,
      capabilities: {
        textDocument: { codeAction: { resolveSupport }, publishDiagnostics: { relatedInformation: true } },
        workspace: { codeLens: { refreshSupport: true } },
      },
    })
    const refreshed = new Promise<void>((resolve) =>
      other.connection.onRequest(CodeLensRefreshRequest.type, () => resolve()),
    )
    try {
      other.open(workspace.schemaFile, large)
      const diagnostics = await other.diagnostics(workspace.schemaFile, (all) =>
        all.some(({ code }) => code === 'column-type'),
      )
      await refreshed
      const index = diagnostics.find(({ code }) => code === 'index-unmapped')!
      assert.match(index.relatedInformation?.[0]?.message ?? '', /^In the database: .* btree \(name\)$/)
      const finding = diagnostics.find(({ code }) => code === 'missing-owner-id')!
      const { range } = finding
      const parameters = { textDocument: { uri }, range, context: { diagnostics: [finding] } }
      const actions = ((await other.connection.sendRequest(CodeActionRequest.type, parameters)) ?? []) as CodeAction[]
      const action = actions.find(({ title }) => title === 'Add ownerId to Lead')!
      assert.equal(action.edit, undefined)
      const resolved = await other.connection.sendRequest(CodeActionResolveRequest.type, action)
      assert.match(applied(resolved), /ownerId +Int\?/)
      // What it solves has moved since the list was shown.
      other.change(workspace.schemaFile, `\n\n\n${large}`)
      const later = await other.connection.sendRequest(CodeActionResolveRequest.type, action)
      const [edit] = later.edit?.changes?.[uri] ?? []
      assert.equal(edit?.range.start.line, resolved.edit!.changes![uri]![0]!.range.start.line + 3)
    } finally {
      await other.stop()
    }
  })
})
