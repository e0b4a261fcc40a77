import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import {
  ApplyWorkspaceEditRequest,
  DidSaveTextDocumentNotification,
  ExecuteCommandRequest,
  ShowDocumentRequest,
  ShowMessageNotification,
  ShowMessageRequest,
  WorkDoneProgress,
  WorkDoneProgressCreateRequest,
  type ClientCapabilities,
  type ShowMessageRequestParams,
  type TextEdit,
  type WorkDoneProgressBegin,
} from 'vscode-languageserver-protocol'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { URI } from 'vscode-uri'
import { startLspClient, type LspClient } from '../support/lsp-client'
import { usePostgres } from '../support/postgres'
import { createSampleWorkspace, type SampleWorkspace } from '../support/sample-workspace'

describe('the language server in an editor without our client', () => {
  const postgres = usePostgres()
  let workspace: SampleWorkspace
  let client: LspClient
  let messages: string[]
  let listeners: (() => void)[]

  before(async () => {
    workspace = await createSampleWorkspace(postgres)
  })
  after(() => workspace.remove())

  beforeEach(() => {
    messages = []
    listeners = []
  })
  afterEach(() => client.stop())

  async function start(window: object, workspaceCapabilities: ClientCapabilities['workspace'] = {}): Promise<void> {
    const capabilities = { window, workspace: workspaceCapabilities }
    client = await startLspClient({ folder: workspace.folder, transport: 'stdio', capabilities })
    client.connection.onNotification(ShowMessageNotification.type, ({ message }) => {
      messages.push(message)
      for (const look of listeners) look()
    })
    client.open(workspace.schemaFile, fs.readFileSync(workspace.schemaFile, 'utf8'))
  }

  /** The message that matches, now or later. */
  function message(pattern: RegExp): Promise<string> {
    return new Promise((resolve) => {
      const look = () => {
        const found = messages.find((each) => pattern.test(each))
        if (found !== undefined) resolve(found)
      }
      listeners.push(look)
      look()
    })
  }

  async function run(command: string, given: unknown[] = [URI.file(workspace.schemaFile).toString()]): Promise<void> {
    const answer = (await client.connection.sendRequest(ExecuteCommandRequest.type, {
      command: `prismaAudit.${command}`,
      arguments: given,
    })) as unknown
    assert.equal(answer, null)
  }

  it('changes nothing where the editor cannot ask', async () => {
    await start({})
    const { commands } = client.capabilities.executeCommandProvider!
    assert.ok(commands.includes('prismaAudit.guided') && commands.includes('prismaAudit.cancel'))
    // Without a document: the only project.
    await run('migrate', [])
    assert.match(await message(/cannot show a question/), /nothing was changed[^]*prisma-audit run/)
    const columns = await workspace.database.query(
      `SELECT 1 FROM information_schema.columns WHERE column_name = 'ownerId'`,
    )
    assert.equal(columns.length, 0)
  })

  it('opens the plan as a document, which goes with the server', async () => {
    await start({ showDocument: { support: true } })
    const shown = new Promise<string>((resolve) => {
      client.connection.onRequest(ShowDocumentRequest.type, ({ uri }) => {
        resolve(URI.parse(uri).fsPath)
        return { success: true }
      })
    })
    await run('preview')
    const file = await shown
    assert.match(path.basename(file), /^Migration-.*\.md$/)
    assert.match(fs.readFileSync(file, 'utf8'), /ALTER TABLE [^]*"ownerId"/)
    assert.equal(fs.statSync(file).mode & 0o777, 0o600)
    await client.connection.sendRequest('shutdown')
    assert.equal(fs.existsSync(file), false)
  })

  it('shows progress, and cancels a question with it', async () => {
    await start({ workDoneProgress: true })
    const { connection } = client
    const asked = new Promise<ShowMessageRequestParams>((resolve) => {
      // Nobody answers.
      connection.onRequest(ShowMessageRequest.type, (question) => {
        resolve(question)
        return new Promise(() => undefined)
      })
    })
    const begun = new Promise<WorkDoneProgressBegin>((resolve) => {
      connection.onRequest(WorkDoneProgressCreateRequest.type, ({ token }) => {
        connection.onProgress(WorkDoneProgress.type, token, (value) => {
          if (value.kind === 'begin') resolve(value)
        })
        void asked.then(() => connection.sendNotification('window/workDoneProgress/cancel', { token }))
      })
    })
    await run('backup')
    await message(/^Backed up/)
    await run('migrate')
    assert.deepEqual(await begun.then(({ title, cancellable }) => ({ title, cancellable })), {
      title: 'Prisma Audit: Back Up Database',
      cancellable: true,
    })
    const { message: question, actions = [] } = await asked
    assert.match(question, new RegExp(`^Migrate ${workspace.database.name} on`))
    assert.deepEqual(
      actions.map(({ title }) => title),
      ['Migrate', 'Cancel'],
    )
    await message(/^Cancelled/)
  })

  it('writes to production only with the name of the database typed as an argument', async () => {
    const policyFile = path.join(workspace.folder, 'prisma-audit.json')
    const policy = JSON.parse(fs.readFileSync(policyFile, 'utf8')) as object
    fs.writeFileSync(policyFile, JSON.stringify({ ...policy, databases: [{ environment: 'production' }] }))
    await start({})
    client.connection.onRequest(ShowMessageRequest.type, ({ actions }) => actions?.[0] ?? null)
    const uri = URI.file(workspace.schemaFile).toString()
    await run('migrate', [uri])
    await message(/^The name of the production database .* was not typed/)
    await run('migrate', [uri, workspace.database.name])
    await message(/^Migrated/)
  })

  it('has the editor edit the open files of the application, as they are unsaved, and waits until they are saved', async () => {
    await start({}, { applyEdit: true, workspaceEdit: { documentChanges: true } })
    // With no Prisma installed the step `generate` is left out, which would take most of the time.
    fs.rmSync(path.join(path.dirname(workspace.folder), 'node_modules'))
    const code = path.join(workspace.folder, 'backend/src/routes/admin.ts')
    const saved = fs.readFileSync(code, 'utf8')
    const unsaved = `// unsaved\n${saved}`
    client.open(code, saved)
    client.change(code, unsaved)
    const { connection } = client
    let version = 0
    connection.onRequest(ShowMessageRequest.type, ({ actions }) => actions?.[0] ?? null)
    const edited = new Promise<string>((resolve) => {
      connection.onRequest(ApplyWorkspaceEditRequest.type, ({ edit }) => {
        for (const each of edit.documentChanges ?? []) {
          assert.ok('textDocument' in each)
          const { uri } = each.textDocument
          const file = URI.parse(uri).fsPath
          const text = file === code ? unsaved : fs.readFileSync(file, 'utf8')
          const next = TextDocument.applyEdits(TextDocument.create(uri, '', 0, text), each.edits as TextEdit[])
          client.change(file, next)
          if (file === code) {
            version = each.textDocument.version ?? 0
            resolve(next)
          } else save(file, next)
        }
        return { applied: true }
      })
    })
    await run('guided', [URI.file(workspace.schemaFile).toString(), workspace.database.name])
    const text = await edited
    assert.equal(version, 2)
    assert.match(text, /^\/\/ unsaved\n[^]*updatedAt: true[^]*ownerId: true/)
    await message(/^Save .*admin\.ts to continue\.$/)
    assert.equal(fs.readFileSync(code, 'utf8'), saved)
    save(code, text)
    await message(/^Done/)
    assert.equal(fs.readFileSync(code, 'utf8'), text)

    function save(file: string, content: string): void {
      fs.writeFileSync(file, content)
      void connection.sendNotification(DidSaveTextDocumentNotification.type, {
        textDocument: { uri: URI.file(file).toString() },
      })
    }
  })
})
