import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { ConfirmRequest, ExecuteRequest, ReviewRequest, type ServerCommand } from '../../protocol/src/index'
import {
  SaveDocumentsRequest,
  StoredDatabaseUrlRequest,
  UnsavedDocumentsRequest,
  type CommandOutcome,
} from '../../protocol/src/index'
import { URI } from 'vscode-uri'
import { startLspClient, type LspClient } from '../support/lsp-client'

describe('the sandbox of an editor', () => {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-sandbox-')))
  const asked: string[] = []
  let client: LspClient

  before(async () => {
    fs.writeFileSync(path.join(folder, 'schema.prisma'), SCHEMA)
    fs.mkdirSync(path.join(folder, 'migrations'))
    fs.writeFileSync(path.join(folder, 'prisma-audit.json'), POLICY)
    client = await startLspClient({
      folder,
      environment: { DATABASE_URL: '', XDG_CONFIG_HOME: folder },
      initializationOptions: { client: { trusted: true, prismaExtensionInstalled: false } },
    })
    client.connection.onRequest(StoredDatabaseUrlRequest, () => null)
    client.connection.onRequest(SaveDocumentsRequest, () => true)
    client.connection.onRequest(UnsavedDocumentsRequest, () => [])
    client.connection.onRequest(ReviewRequest, () => true)
    client.connection.onRequest(ConfirmRequest, ({ message, choices }) => {
      asked.push(message)
      return choices[0]!.id
    })
  })
  after(async () => {
    await client.stop()
    fs.rmSync(folder, { recursive: true })
  })

  const execute = (command: ServerCommand): Promise<CommandOutcome> =>
    client.connection.sendRequest(ExecuteRequest, { command, documentUri: null, progressToken: command })

  it('has the tables of the schema with rows, is the project’s database until it is stopped, and leaves no files', async () => {
    await client.status(({ connection }) => connection === 'none')
    const started = await execute('startSandbox')
    assert.deepEqual(started, {
      status: 'done',
      message:
        'The sandbox database is running: 2 tables, 40 generated rows. Its data is deleted when it stops or the editor closes.',
      next: [{ command: 'showCoverage', label: 'Show Coverage' }],
    })
    const { findings } = await client.status(
      ({ environment, catalogReadAt }) => environment === 'sandbox' && catalogReadAt !== null,
    )
    assert.deepEqual(findings, { error: 0, warning: 1, information: 0, hint: 0 })

    assert.equal((await execute('migrate')).message, 'Migrated: 5 steps.')
    assert.match(asked.at(-1) ?? '', /^Migrate postgres on 127\.0\.0\.1:\d+ \(sandbox\)\?$/)
    assert.equal((await execute('verify')).status, 'done')
    assert.deepEqual(fs.readdirSync(path.join(folder, 'migrations')), [])

    fs.rmSync(path.join(folder, 'prisma-audit.json'))
    const changes = [{ uri: URI.file(path.join(folder, 'prisma-audit.json')).toString(), type: 3 }]
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes })
    await client.status(({ policy }) => policy === 'none')
    assert.deepEqual(await execute('startSandbox'), {
      status: 'done',
      message: 'The sandbox database is already running.',
      next: [{ command: 'createPolicy', label: 'Create Audit Policy' }],
    })

    assert.equal((await execute('stopSandbox')).status, 'done')
    await client.status(({ connection, environment }) => connection === 'none' && environment === null)
  }).timeout(600_000)
})

const SCHEMA = `datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}

model User {
  id        Int      @id @default(autoincrement())
  email     String   @unique
  updatedAt DateTime @updatedAt
  leads     Lead[]
}

model Lead {
  id     Int  @id @default(autoincrement())
  userId Int
  user   User @relation(fields: [userId], references: [id])
}
`

const POLICY = JSON.stringify({ rules: [{ models: ['Lead'], require: ['updatedAt'] }] })
