import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import {
  ApplyWorkspaceEditRequest,
  CancellationTokenSource,
  HoverRequest,
  LogMessageNotification,
  MessageType,
  type ApplyWorkspaceEditParams,
  type LogMessageParams,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver-protocol'
import { TextDocument } from 'vscode-languageserver-textdocument'
import { URI } from 'vscode-uri'
import {
  ChecklistNotification,
  CheckProgress,
  ChecksRequest,
  ConfirmRequest,
  ConnectRequest,
  ExecuteRequest,
  OutputNotification,
  PreviewNotification,
  RunChecksRequest,
  SaveDocumentsRequest,
  StoredDatabaseUrlRequest,
  UnfinishedRunRequest,
  UnsavedDocumentsRequest,
  type Checklist,
  type CheckProgressValue,
  type CommandOutcome,
  type ConfirmParameters,
  type PreviewParameters,
  type ServerCommand,
} from '../../protocol/src/index'
import { startLspClient, type LspClient } from '../support/lsp-client'
import { usePostgres } from '../support/postgres'
import { createSampleWorkspace, type SampleWorkspace } from '../support/sample-workspace'

describe('the language server carries out the commands', () => {
  const postgres = usePostgres()
  let workspace: SampleWorkspace
  let client: LspClient
  let output: string
  let questions: ConfirmParameters[]
  let log: LogMessageParams[]
  let traced: string[]
  /** Called with the number of times that the server has asked for unsaved documents. */
  let onUnsavedAsked: (times: number) => void
  /** Called before a question is answered. */
  let onQuestion: () => Promise<void>

  async function start(
    options: { trusted?: boolean; storedUrl?: string; settings?: () => object } = {},
  ): Promise<void> {
    output = ''
    questions = []
    log = []
    traced = []
    let timesAsked = 0
    onUnsavedAsked = () => undefined
    onQuestion = () => Promise.resolve()
    client = await startLspClient({
      folder: workspace.folder,
      environment: workspace.environment,
      ...(options.settings === undefined ? {} : { settings: options.settings }),
      initializationOptions: { client: { trusted: options.trusted ?? true, prismaExtensionInstalled: false } },
    })
    const { connection } = client
    connection.onRequest(StoredDatabaseUrlRequest, () => options.storedUrl ?? null)
    connection.onRequest(SaveDocumentsRequest, () => true)
    connection.onRequest(UnsavedDocumentsRequest, () => {
      onUnsavedAsked(++timesAsked)
      return []
    })
    connection.onRequest(ConfirmRequest, async (question) => {
      questions.push(question)
      await onQuestion()
      return question.choices[0]!.id
    })
    connection.onRequest(ApplyWorkspaceEditRequest.type, ({ edit }: ApplyWorkspaceEditParams) => {
      applyOnDisk(edit)
      return { applied: true }
    })
    connection.onNotification(OutputNotification, ({ text }) => void (output += text))
    connection.onNotification(LogMessageNotification.type, (message) => void log.push(message))
    connection.onNotification('$/logTrace', ({ message }: { message: string }) => void traced.push(message))
    client.open(workspace.schemaFile, fs.readFileSync(workspace.schemaFile, 'utf8'))
  }

  /** As an editor does it, with its open document following. */
  function applyOnDisk(edit: WorkspaceEdit): void {
    const edits: Record<string, TextEdit[]> = { ...edit.changes }
    for (const change of edit.documentChanges ?? []) {
      if ('edits' in change) edits[change.textDocument.uri] = change.edits as TextEdit[]
    }
    for (const [uri, list] of Object.entries(edits)) {
      const file = URI.parse(uri).fsPath
      const text = fs.readFileSync(file, 'utf8')
      fs.writeFileSync(file, TextDocument.applyEdits(TextDocument.create(uri, 'x', 1, text), list))
      if (file === workspace.schemaFile) client.change(file, fs.readFileSync(file, 'utf8'))
    }
  }

  const execute = (command: ServerCommand): Promise<CommandOutcome> =>
    client.connection.sendRequest(ExecuteRequest, { command, documentUri: null, progressToken: command })

  beforeEach(async () => {
    workspace = await createSampleWorkspace(postgres)
  })
  afterEach(async () => {
    await client.stop()
    await workspace.remove()
  })

  it('the guided run, from the findings to the proof, and back', async () => {
    await start()
    const readCode = (file: string) => fs.readFileSync(path.join(workspace.folder, file), 'utf8')
    const codeBefore = new Map(CODE.map((file) => [file, readCode(file)]))
    // For the schema's edit, for the search, and before its edits are applied: that is when somebody saves a file.
    onUnsavedAsked = (times) => {
      if (times !== 3) return
      const file = CODE[0]!
      const text = `// Typed meanwhile\n${readCode(file)}`
      codeBefore.set(file, text)
      fs.writeFileSync(path.join(workspace.folder, file), text)
    }
    const guided = await execute('guided')
    assert.equal(guided.status, 'done', output)
    assert.match(
      output,
      /Application: nothing was written\. .* was not edited\.[^]*Application: the edits are applied\./,
    )
    assert.match(output, /18 passed, 0 failed/)
    assert.equal(questions.length, 2)
    assert.match(questions[1]!.message, /^Where should the module that fills/)
    // The sample's checks want a password of the environment.
    assert.match(guided.message, /Skipped: test the application \(variables are not set\)\./)
    assert.match(readCode(ACTOR), /^ {2}User: \{/m)
    assert.ok(questions[0]!.message.includes(`${workspace.database.name} on 127.0.0.1:${postgres.port}`))
    assert.match(questions[0]!.detail, /Backed up to backups\//)
    await client.diagnostics(workspace.schemaFile, (all) => all.length === 0)
    assert.match(fs.readFileSync(`${workspace.folder}/backend/src/routes/admin.ts`, 'utf8'), /updatedBy: \{ select/)
    assert.match(guided.message, /^Done: .*\bgenerate\b/)
    assert.equal(guided.report?.title, `Verification: ${workspace.database.name}`)
    assert.match(guided.report.text, /^18 passed, 0 failed\.$[^]*\| PASS \| 1 \| /m)
    await runsChecksByThemselves(guided.report)
    await offersWhatTheFirstTryDid()
    assert.deepEqual(
      CODE.filter((file) => readCode(file) === codeBefore.get(file)),
      [],
    )
    const rollback = await execute('rollback')
    assert.equal(rollback.status, 'done', output)
    // The application's code is as it was, too.
    for (const file of CODE) assert.equal(readCode(file), codeBefore.get(file), file)
    assert.match(readCode(ACTOR), /const MODELS\b.* = \{\}/, 'nothing is filled that is gone')
    assert.deepEqual(rollback.next, [{ command: 'generate', label: 'Generate Prisma Client' }])
    assert.ok(questions.every(({ detail }) => detail.split('\n').length <= 4))
    // It looks before it asks, and there is nothing that could have failed.
    assert.match((await execute('rollback')).message, /^There is nothing to roll back/)
    assert.equal(questions.length, 3)
    assert.match(
      (await execute('verify')).message,
      / is not migrated yet, so there is nothing to verify\. Missing: User\.updatedAt, /,
    )
    await client.diagnostics(workspace.schemaFile, (all) => all.length === 3)
  })

  /** A run that continues after the migration, and fails again. */
  async function offersWhatTheFirstTryDid(): Promise<void> {
    const config = path.join(workspace.folder, 'backend/prisma.config.ts')
    const text = fs.readFileSync(config, 'utf8')
    fs.writeFileSync(config, `${text}\nif (process.argv.includes('generate')) throw new Error('no such tenant')\n`)
    const { status, message, next } = await execute('guided')
    fs.writeFileSync(config, text)
    assert.equal(status, 'failed')
    assert.match(message, /^Prisma Client was not generated.* The database is migrated\. Run it again to continue/)
    assert.deepEqual(next, [
      { command: 'guided', label: 'Continue' },
      { command: 'rollback', label: 'Roll Back' },
    ])
  }

  /** As the Test Explorer does: listed with their places, each run by its id, told as it begins and ends. */
  async function runsChecksByThemselves(report: PreviewParameters): Promise<void> {
    const documentUri = URI.file(workspace.schemaFile).toString()
    const { checks, problem } = await client.connection.sendRequest(ChecksRequest, { documentUri })
    assert.equal(problem, null)
    const { checks: inJson } = JSON.parse(report.json ?? '') as { checks: { id: string | null }[] }
    const ofDatabase = checks.filter(({ model }) => model !== 'Application')
    const ids = ofDatabase.map(({ id }) => id)
    assert.equal(new Set(ids).size, ids.length)
    assert.deepEqual(
      ids.filter((id) => !inJson.some((check) => check.id === id)),
      [],
    )
    const lines = fs.readFileSync(workspace.schemaFile, 'utf8').split('\n')
    const [trigger] = checks.filter(({ id }) => id === 'User.updatedAt/trigger')
    assert.match(lines[trigger!.line]!, /^ {2}updatedAt /)

    const told: CheckProgressValue[] = []
    client.connection.onProgress(CheckProgress, 'checks', (value) => void told.push(value))
    const run = (some: string[] | null) =>
      client.connection.sendRequest(RunChecksRequest, { documentUri, ids: some, progressToken: 'checks' })
    await workspace.database.query('ALTER TABLE "User" DISABLE TRIGGER ALL')
    await run([trigger!.id])
    assert.deepEqual(
      told.map((value) => [value.id, value.state, value.state === 'fail' ? value.found : '']),
      [
        [trigger!.id, 'started', ''],
        [trigger!.id, 'fail', 'disabled'],
      ],
    )
    await workspace.database.query('ALTER TABLE "User" ENABLE TRIGGER ALL')
    told.length = 0
    await run(null)
    assert.deepEqual(
      told.filter(({ state }) => state !== 'started').map(({ id, state }) => `${id} ${state}`),
      // The sample's requests want a password of the environment.
      checks.map(({ id, model }) => `${id} ${model === 'Application' ? 'skipped' : 'pass'}`),
    )
  }

  it('a run that is cancelled stays a list; none goes on with a schema that is half typed meanwhile', async () => {
    await start()
    const schema = fs.readFileSync(workspace.schemaFile, 'utf8')
    /** Unsaved; each request is answered after the changes before it. */
    const type = async (text: string) => {
      client.change(workspace.schemaFile, text)
      const textDocument = { uri: URI.file(workspace.schemaFile).toString() }
      await client.connection.sendRequest(HoverRequest.type, { textDocument, position: { line: 0, character: 0 } })
    }
    const typeHalf = () => type(schema.replace('model User {', 'model User {\n  nick Strin'))
    const columns = `SELECT FROM information_schema.columns WHERE column_name = 'updatedAt'`
    onQuestion = typeHalf
    const refused = await execute('migrate')
    assert.equal(refused.message, 'Prisma rejects the schema, so the database is not changed.', output)
    assert.match(output, /schema\.prisma:11 Type "Strin" is neither/)
    assert.equal(questions.length, 1)
    assert.deepEqual(await workspace.database.query(columns), [])
    onQuestion = () => Promise.resolve()
    await type(schema)

    const documentUri = URI.file(workspace.schemaFile).toString()
    const told: (Checklist & { isNew: boolean })[] = []
    const listOf = ({ stages, steps }: Checklist) =>
      [...stages, ...steps].map((each) => `${'name' in each ? each.name : each.title}: ${each.state}`)
    const blocker = new pg.Client({ connectionString: workspace.database.url })
    // The database is dropped with force where the test fails.
    blocker.on('error', () => undefined)
    await blocker.connect()
    await blocker.query('BEGIN; LOCK TABLE "Lead" IN ROW EXCLUSIVE MODE')
    const cancellation = new CancellationTokenSource()
    let onWait = () => cancellation.cancel()
    client.connection.onNotification(ChecklistNotification, (list) => {
      told.push(list)
      if (list.stages.some(({ detail }) => detail.includes('waiting'))) onWait()
    })
    const stopped = await client.connection.sendRequest(
      ExecuteRequest,
      { command: 'guided', documentUri, progressToken: 'guided' },
      cancellation.token,
    )
    assert.equal(stopped.status, 'cancelled', output)
    assert.deepEqual([told[0]!.isNew, told.slice(1).some(({ isNew }) => isNew)], [true, false])
    const last = told.at(-1)!
    assert.deepEqual(last.end?.next, stopped.next)
    assert.deepEqual(
      last.stages.map(({ name, state }) => `${name}: ${state}`),
      [
        ...['check: done', 'backup: done', 'confirm: done', 'migrate: stopped'],
        ...['schema: waiting', 'generate: waiting', 'actor: waiting', 'application: waiting', 'smoke: waiting'],
        'verify: waiting',
      ],
    )

    const journal = await client.connection.sendRequest(UnfinishedRunRequest, { documentUri })
    assert.equal(journal?.command, 'guided')
    assert.deepEqual(journal.end?.next, stopped.next)
    assert.deepEqual(listOf(journal).slice(0, 2), ['migrate: stopped', 'schema: waiting'])
    const shown = new Map(told.flatMap(({ steps }) => steps.map((step) => [step.index, step] as const)))
    assert.deepEqual(
      journal.steps.map(({ title }) => title),
      [...shown.values()].map(({ title }) => title),
    )
    onWait = () => {
      onWait = () => undefined
      void typeHalf().then(() => blocker.end())
    }
    const stoppedAgain = await execute('guided')
    assert.match(stoppedAgain.message, /^Prisma rejects the schema, so it is not edited\. The database is migrated\./)
    assert.deepEqual(
      stoppedAgain.next?.map(({ label }) => label),
      ['Continue', 'Roll Back'],
    )
    assert.match(output, /Stopped during: Write the schema\./)
    assert.equal(fs.readFileSync(workspace.schemaFile, 'utf8'), schema)
    await type(schema)
    assert.equal((await execute('guided')).status, 'done', output)
    assert.match(fs.readFileSync(workspace.schemaFile, 'utf8'), /@updatedAt/)
    assert.equal(await client.connection.sendRequest(UnfinishedRunRequest, { documentUri }), null)
    assert.ok(told.at(-1)!.stages.every(({ state }) => state === 'done' || state === 'skipped'))
  })

  it('a rehearsal, shown as a preview', async () => {
    await start()
    const previews: PreviewParameters[] = []
    client.connection.onNotification(PreviewNotification, (preview) => void previews.push(preview))
    const outcome = await execute('rehearse')
    assert.equal(outcome.status, 'done', output)
    assert.match(output, /Rehearsal: passed/)
    assert.deepEqual(questions, [])
    assert.match(previews[0]?.text ?? '', /## Rehearsal: passed/)
    await client.diagnostics(workspace.schemaFile, (all) => all.length === 3)
  })

  it('nothing in a workspace that is not trusted', async () => {
    const connections = (): number => postgres.log().split(`database=${workspace.database.name}`).length
    const before = connections()
    await start({ trusted: false })
    const status = await client.status((state) => state.connection === 'untrusted')
    assert.equal(status.databaseLabel, '')
    for (const command of ['guided', 'rehearse'] as const) await assert.rejects(execute(command), /not trusted/)
    assert.equal(connections(), before)
  })

  it('with the URL that the user stored before all others, and a refused password is tried once', async () => {
    const url = new URL(workspace.database.url)
    url.password = 'wr0ng-pass'
    const refused = (): number => postgres.log().split('password authentication failed').length
    const before = refused()
    await start({ storedUrl: url.href })
    await client.status((state) => state.connection === 'refused')
    client.change(workspace.schemaFile, '// an edit\n' + fs.readFileSync(workspace.schemaFile, 'utf8'))
    await client.diagnostics(workspace.schemaFile, (all) => all.some(({ range }) => range.start.line === 10))
    assert.equal(refused() - before, 1)
    // Whoever asks for it has it tried again.
    const checked = await execute('check')
    assert.deepEqual(
      [checked.status, checked.next],
      [
        'failed',
        [
          { command: 'connect', label: 'Connect to Database…' },
          { command: 'check', label: 'Retry' },
        ],
      ],
    )
    const refusals = refused()
    assert.match(logged(MessageType.Warning), /: refused, /)
    assert.match(logged(MessageType.Info), /^Check Schema Against Database for \S+: started$/m)
    assert.match(logged(MessageType.Error), /: failed after \d+\.\d s\nFailed \[[a-z-]+\]:\n[^]*\n {4}at /)
    assert.ok(!log.some(({ message }) => message.includes(url.password)))
    assert.equal(traced.length, 0)
    await client.connection.sendNotification('$/setTrace', { value: 'messages' })
    const answer = await client.connection.sendRequest(ConnectRequest, {
      documentUri: null,
      url: workspace.database.url,
    })
    assert.equal(answer.connected, true, answer.message)
    await client.status((state) => state.connection === 'connected')
    assert.equal(refused(), refusals)
    assert.match(logged(MessageType.Info), /: connected, /)
    assert.match(traced.join('\n'), /^(?:SQL in \d+\.\d ms: \S.*(?:\n|$))+$/)
  })

  function logged(type: MessageType): string {
    const messages = log.filter((each) => each.type === type).map(({ message }) => message)
    return messages.join('\n')
  }

  it('a backup goes where the setting says, and to backups/ once that is emptied; restored, it can be connected to', async () => {
    const settings = { backupDirectory: 'elsewhere' }
    await start({ settings: () => settings })
    const folderOf = async (): Promise<string> => {
      output = ''
      assert.equal((await execute('backup')).status, 'done', output)
      return path.relative(workspace.folder, path.dirname(/^ {2}file +(.+)$/m.exec(output)?.[1] ?? ''))
    }
    assert.equal(await folderOf(), 'elsewhere')
    settings.backupDirectory = ''
    await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: null })
    assert.equal(await folderOf(), 'backups')
    const restored = await execute('restore')
    const name = /^Restored into the new database (\w+)\.$/.exec(restored.message)?.[1]
    assert.ok(name !== undefined, restored.message)
    await workspace.database.query(`DROP DATABASE ${name}`)
    assert.deepEqual(restored.next, [{ command: 'connect', label: 'Connect to Database…' }])
  })

  it('a URL that does not connect is told and not used', async () => {
    await start()
    const answer = await client.connection.sendRequest(ConnectRequest, {
      documentUri: null,
      url: 'postgresql://a:secret@127.0.0.1:1/b',
    })
    assert.equal(answer.connected, false)
    assert.ok(!answer.message.includes('secret'))
    await client.status((state) => state.connection === 'connected')
  })
})

/** What the guided run edits of the sample's code. */
const ACTOR = 'backend/src/audit-actor.ts'
const CODE = ['backend/src/routes/admin.ts', 'frontend/src/types/models.ts']
