import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { CodeLensRequest } from 'vscode-languageserver-protocol'
import { URI } from 'vscode-uri'
import {
  ExecuteRequest,
  SaveDocumentsRequest,
  StoredDatabaseUrlRequest,
  UnsavedDocumentsRequest,
} from '../../protocol/src/index'
import { startLspClient, type LspClient } from '../support/lsp-client'
import { usePostgres, type TestDatabase } from '../support/postgres'
import { until } from '../support/until'

const SCHEMA = `datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}

model User {
  id Int @id
}
`

describe('a command while .env is saved', () => {
  const postgres = usePostgres()
  let folder: string
  let database: TestDatabase
  let holder: pg.Client
  let writer: pg.Client
  let client: LspClient

  beforeEach(async () => {
    database = await postgres.createDatabase('CREATE TABLE "User" (id integer PRIMARY KEY)')
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-'))
    fs.writeFileSync(path.join(folder, 'schema.prisma'), SCHEMA)
    fs.writeFileSync(path.join(folder, '.env'), `DATABASE_URL=${database.url}\n`)
    holder = new pg.Client(database.url)
    writer = new pg.Client(database.url)
    await Promise.all([holder.connect(), writer.connect()])
    client = await startLspClient({
      folder,
      initializationOptions: { client: { trusted: true, prismaExtensionInstalled: false } },
    })
  })
  afterEach(async () => {
    await client.stop()
    await Promise.all([holder.end(), writer.end()])
    await database.drop()
    fs.rmSync(folder, { recursive: true, force: true })
  })

  it('goes on where the session that it waits for is closed, because .env may name another database', async () => {
    const { connection } = client
    const schemaFile = path.join(folder, 'schema.prisma')
    const textDocument = { uri: URI.file(schemaFile).toString() }
    const roundTrip = () => connection.sendRequest(CodeLensRequest.type, { textDocument })
    connection.onRequest(SaveDocumentsRequest, () => true)
    connection.onRequest(UnsavedDocumentsRequest, () => [])
    connection.onRequest(StoredDatabaseUrlRequest, () => null)
    client.open(schemaFile, SCHEMA)
    await client.status((state) => state.connection === 'connected')

    // A look at the catalog, so that the command has to wait for the session. Locked first: otherwise the server, which
    // may still be reading, sees the new table before that, and then does not look again.
    await holder.query('BEGIN; LOCK TABLE pg_catalog.pg_enum IN ACCESS EXCLUSIVE MODE')
    await writer.query('CREATE TABLE other (id integer PRIMARY KEY)')
    await connection.sendNotification('textDocument/didSave', { textDocument })
    const waiting = 'SELECT FROM pg_locks WHERE NOT granted AND pg_blocking_pids(pid) @> ARRAY[pg_backend_pid()]'
    await until(async () => (await holder.query(waiting)).rowCount !== 0)

    const asked = Date.now()
    const outcome = connection.sendRequest(ExecuteRequest, {
      ...{ command: 'check', documentUri: null, progressToken: 'check' },
    })
    // Each lets the server go on with the command, up to where it waits.
    for (let turn = 0; turn < 20; turn++) await roundTrip()
    const file = path.join(folder, '.env')
    fs.writeFileSync(file, `# corrected\nDATABASE_URL=${database.url}\n`)
    const changes = [{ uri: URI.file(file).toString(), type: 2 }]
    await connection.sendNotification('workspace/didChangeWatchedFiles', { changes })
    await roundTrip()
    await holder.query('ROLLBACK')

    const { status, message } = await outcome
    assert.equal(status, 'findings', message)
    await client.status(
      ({ catalogReadAt, databaseLabel }) => databaseLabel.startsWith(`${database.name} `) && catalogReadAt! >= asked,
    )
  })
})
