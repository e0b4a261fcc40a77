import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { URI } from 'vscode-uri'
import {
  ConfirmRequest,
  ExecuteRequest,
  OutputNotification,
  PreviewNotification,
  SaveDocumentsRequest,
  StoredDatabaseUrlRequest,
  UnsavedDocumentsRequest,
  type CommandOutcome,
  type ConfirmParameters,
  type ServerCommand,
} from '../../protocol/src/index'
import { startLspClient, type LspClient } from '../support/lsp-client'
import { usePostgres, type TestDatabase } from '../support/postgres'
import { createSampleWorkspace, type SampleWorkspace } from '../support/sample-workspace'

describe('a command in an editor keeps to its target', () => {
  const postgres = usePostgres()
  let workspace: SampleWorkspace
  let other: TestDatabase
  let client: LspClient
  let output = ''
  let previews: { title: string; text: string }[]
  let answer: (question: ConfirmParameters) => Promise<void>

  beforeEach(async () => {
    workspace = await createSampleWorkspace(postgres)
    other = await postgres.createDatabase()
    output = ''
    previews = []
    client = await startLspClient({
      folder: workspace.folder,
      environment: workspace.environment,
      initializationOptions: { client: { trusted: true, prismaExtensionInstalled: false } },
    })
    const { connection } = client
    connection.onRequest(StoredDatabaseUrlRequest, () => null)
    connection.onRequest(SaveDocumentsRequest, () => true)
    connection.onRequest(UnsavedDocumentsRequest, () => [])
    connection.onRequest(ConfirmRequest, async (question) => {
      await answer(question)
      return question.choices[0]!.id
    })
    connection.onNotification(OutputNotification, ({ text }) => void (output += text))
    connection.onNotification(PreviewNotification, (preview) => void previews.push(preview))
    client.open(workspace.schemaFile, fs.readFileSync(workspace.schemaFile, 'utf8'))
    await client.status((state) => state.connection === 'connected')
  })
  afterEach(async () => {
    await client.stop()
    await other.drop()
    await workspace.remove()
  })

  const execute = (command: ServerCommand): Promise<CommandOutcome> =>
    client.connection.sendRequest(ExecuteRequest, { command, documentUri: null, progressToken: command })
  const triggersOf = (database: TestDatabase) =>
    database.query(`SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname`)

  it('where .env changes between the question and the answer, and another command has seen that', async () => {
    const file = path.join(workspace.folder, 'backend', '.env')
    let asked = ''
    answer = async ({ message }) => {
      asked = message
      fs.writeFileSync(file, `DATABASE_URL=${other.url}\n`)
      const changes = [{ uri: URI.file(file).toString(), type: 2 }]
      await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes })
      await client.status(({ databaseLabel, connection }) => {
        return connection === 'connected' && databaseLabel.startsWith(other.name)
      })
      const second = await execute('check')
      assert.match(second.message, /^Run Migration is still running for this project\./)
    }
    const outcome = await execute('migrate')
    assert.equal(outcome.status, 'done', output + outcome.message)
    assert.ok(asked.startsWith(`Migrate ${workspace.database.name} on `), asked)
    assert.notDeepEqual(await triggersOf(workspace.database), [])
    assert.deepEqual(await other.query(`SELECT to_regnamespace('prisma_audit') AS journal`), [{ journal: null }])
  }).timeout(600_000)

  it('of everything that is missing, after a backup, and refuses another command meanwhile', async () => {
    await workspace.database.query(`ALTER TABLE "Lead" DROP COLUMN status`)
    const asked: ConfirmParameters[] = []
    answer = async (question) => {
      asked.push(question)
      assert.equal((await execute('preview')).status, 'cancelled')
    }
    const outcome = await execute('migrateMissing')
    assert.equal(outcome.status, 'done', output + outcome.message)
    const { message = '', detail = '' } = asked.at(-1) ?? {}
    assert.match(message, new RegExp(`^Migrate ${workspace.database.name} on 127\\.0\\.0\\.1`))
    assert.match(
      detail,
      /^Backed up to backups\/.*\n2 models, \d+ steps, \d warnings?\. Plan: audit fields and drift, in schema public\.\nLongest lock: ACCESS EXCLUSIVE on Lead/,
    )
    assert.ok(detail.split('\n').length <= 4, detail)
    assert.equal(previews.length, 1)
    assert.match(previews[0]?.text ?? '', /Add column Lead\.status/)
    assert.equal(previews[0]?.title, `Migration: ${workspace.database.name}`)
    const [found] = await workspace.database.query(
      `SELECT count(*)::int AS count FROM information_schema.columns WHERE table_name = 'Lead' AND column_name = 'status'`,
    )
    assert.deepEqual(found, { count: 1 })
    assert.match((await execute('previewMissing')).message, /^There is nothing to migrate/)
  }).timeout(600_000)
})
