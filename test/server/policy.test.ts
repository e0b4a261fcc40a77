import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {
  CodeActionRequest,
  CodeLensRefreshRequest,
  CodeLensRequest,
  ExecuteCommandRequest,
  ShowMessageRequest,
  type CodeAction,
} from 'vscode-languageserver-protocol'
import { URI } from 'vscode-uri'
import { ExecuteRequest, PolicyAdviceRequest, StoredDatabaseUrlRequest } from '../../protocol/src/index'
import { startLspClient, type LspClient } from '../support/lsp-client'

describe('a policy is created', () => {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-policy-')))
  const schemaFile = path.join(folder, 'schema.prisma')
  const policyFile = path.join(folder, 'prisma-audit.json')
  const uri = URI.file(schemaFile).toString()
  const shown: string[] = []
  const told: string[] = []
  let client: LspClient
  let refreshed: () => void = () => undefined

  before(async () => {
    fs.writeFileSync(schemaFile, SCHEMA)
    client = await startLspClient({
      folder,
      environment: { DATABASE_URL: '' },
      initializationOptions: { client: { trusted: true, prismaExtensionInstalled: false } },
      capabilities: { workspace: { codeLens: { refreshSupport: true } } },
    })
    client.connection.onRequest(StoredDatabaseUrlRequest, () => null)
    client.connection.onRequest(CodeLensRefreshRequest.type, () => refreshed())
    client.connection.onRequest('window/showDocument', ({ uri: document }: { uri: string }) => {
      shown.push(URI.parse(document).fsPath)
      return { success: true }
    })
    client.connection.onRequest(ShowMessageRequest.type, ({ message }) => {
      told.push(message)
      return null
    })
    client.open(schemaFile, SCHEMA)
  })
  after(async () => {
    await client.stop()
    fs.rmSync(folder, { recursive: true })
  })

  const create = (choice?: object) =>
    client.connection.sendRequest(ExecuteCommandRequest.type, {
      command: 'prismaAudit.server.createPolicy',
      arguments: [uri, ...(choice === undefined ? [] : [choice])],
    })

  it('from what a person chose, with as many warnings as he was told; one that is there stays as it is', async () => {
    const choice = { userModel: 'User', fields: { updatedAt: ['User', 'Note'], ownerId: ['Note'] } }
    const advice = await client.connection.sendRequest(PolicyAdviceRequest, { documentUri: uri, choice })
    assert.deepEqual(
      advice.models.map(({ name, looksLike, suggested }) => [name, looksLike, suggested]),
      [
        ['User', 'the users', ['updatedAt', 'updatedBy']],
        ['Note', 'references a user', ['updatedAt', 'updatedBy']],
      ],
    )
    assert.deepEqual([advice.existing, advice.warnings], [null, 3])
    const lenses = async () =>
      ((await client.connection.sendRequest(CodeLensRequest.type, { textDocument: { uri } })) ?? []).map(
        ({ command }) => command?.title,
      )
    assert.deepEqual(await lenses(), ['No audit policy: create'])
    // The editor need not say that the file is there.
    const lensesAfterRefresh = new Promise<void>((resolve) => (refreshed = resolve)).then(lenses)
    await create(choice)
    assert.deepEqual(await lensesAfterRefresh, ['Missing updatedAt: add', 'Missing updatedAt, ownerId: add'])
    const text = fs.readFileSync(policyFile, 'utf8')
    assert.deepEqual(shown, [policyFile])
    await client.status(({ policy, findings }) => policy === 'valid' && findings.warning === 3)

    await create()
    assert.equal(fs.readFileSync(policyFile, 'utf8'), text)
    const later = await client.connection.sendRequest(PolicyAdviceRequest, { documentUri: uri, choice: null })
    assert.equal(later.existing, URI.file(policyFile).toString())
    assert.match(told.at(-1) ?? '', /prisma-audit\.json already exists\./)
  })

  it('by a quick fix, whose edit fails where one appeared that the editor has not heard of', async () => {
    const toldOf = (type: 2 | 3) =>
      client.connection.sendNotification('workspace/didChangeWatchedFiles', {
        changes: [{ uri: URI.file(policyFile).toString(), type }],
      })
    const wanted = { command: 'actor', documentUri: uri, progressToken: 'actor' } as const
    fs.writeFileSync(policyFile, '{ "rule": [] }')
    await toldOf(2)
    const invalid = await client.connection.sendRequest(ExecuteRequest, wanted)
    assert.deepEqual(invalid.next, [{ command: 'showProblems', label: 'Show Problems' }], invalid.message)
    fs.rmSync(policyFile)
    await toldOf(3)
    await client.status(({ policy }) => policy === 'none')
    const { status, message, next } = await client.connection.sendRequest(ExecuteRequest, wanted)
    assert.deepEqual(
      [status, message, next],
      ['failed', 'No audit policy found.', [{ command: 'createPolicy', label: 'Create Audit Policy' }]],
    )
    const range = { start: { line: 4, character: 7 }, end: { line: 4, character: 7 } }
    const given = { textDocument: { uri }, range, context: { diagnostics: [] } }
    const actions = (await client.connection.sendRequest(CodeActionRequest.type, given)) as CodeAction[]
    const { edit } = actions.find(({ title }) => title.startsWith('Create prisma-audit.json'))!
    assert.deepEqual(edit?.documentChanges?.[0], {
      kind: 'create',
      uri: URI.file(policyFile).toString(),
      options: { overwrite: false, ignoreIfExists: false },
    })
  })
})

const SCHEMA = `datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}
model User {
  id    Int    @id
  email String
  notes Note[]
}
model Note {
  id     Int  @id
  userId Int
  user   User @relation(fields: [userId], references: [id])
}
`
