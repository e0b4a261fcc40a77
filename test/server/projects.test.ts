import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { CodeLensRefreshRequest, CodeLensRequest, type Diagnostic } from 'vscode-languageserver-protocol'
import { URI } from 'vscode-uri'
import {
  ExecuteRequest,
  PolicyAdviceRequest,
  PreviewNotification,
  ProjectsNotification,
  StoredDatabaseUrlRequest,
} from '../../protocol/src/index'
import { startLspClient, type LspClient } from '../support/lsp-client'
import { usePostgres, type TestDatabase } from '../support/postgres'

const codes = (diagnostics: readonly Diagnostic[]): unknown[] => diagnostics.map(({ code }) => code).sort()

const POLICY = JSON.stringify({ userModel: 'User', rules: [{ models: ['Post'], require: ['ownerId'] }] })
const DATASOURCE = 'datasource db {\n  provider = "postgresql"\n  url      = env("PROJECT_URL")\n}\n'
const USER = 'model User {\n  id Int @id\n}\n'
const POST = 'model Post {\n  id Int @id\n}\n'

describe('the language server keeps projects apart', () => {
  const postgres = usePostgres()
  let database: TestDatabase
  let root: string
  let client: LspClient

  beforeEach(async () => {
    database = await postgres.createDatabase({
      sql: 'CREATE TABLE "User" (id int PRIMARY KEY); CREATE TABLE "Post" (id int PRIMARY KEY)',
    })
    root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-projects-')))
  })
  afterEach(async () => {
    await client.stop()
    await database.drop()
    fs.rmSync(root, { recursive: true, force: true })
  })

  function write(file: string, text: string): string {
    const full = path.join(root, file)
    fs.mkdirSync(path.dirname(full), { recursive: true })
    fs.writeFileSync(full, text)
    return full
  }

  it('reads a schema in a folder of nested files as one, and publishes each file’s own findings', async () => {
    write('prisma-audit.json', POLICY)
    write('.env', `PROJECT_URL=${database.url}\n`)
    const base = write('prisma/schema/base.prisma', DATASOURCE + USER)
    const post = write('prisma/schema/models/post.prisma', POST)
    client = await startLspClient({ folder: root })
    client.open(post, POST)
    assert.deepEqual(codes(await client.diagnostics(post, (all) => all.length === 1)), ['missing-owner-id'])
    assert.deepEqual(codes(await client.diagnostics(base, () => true)), [])
    // The open buffer wins over the disk: the other file's finding comes and goes with it.
    client.open(base, DATASOURCE + USER.replace('id Int @id', 'id Int @id\n  name String'))
    assert.deepEqual(codes(await client.diagnostics(base, (all) => all.length === 1)), ['column-missing'])
    client.change(base, DATASOURCE + USER)
    await client.diagnostics(base, (all) => all.length === 0)
  })

  it('reads the settings of each folder, also of one that is added later, and forgets one that is removed', async () => {
    const one = write('one/prisma/schema.prisma', DATASOURCE + USER)
    const two = write('two/db/other.prisma', DATASOURCE + USER)
    write('two/prisma/schema.prisma', DATASOURCE + POST)
    client = await startLspClient({
      folder: path.join(root, 'one'),
      initializationOptions: { client: { trusted: true, prismaExtensionInstalled: false } },
      capabilities: { workspace: { workspaceFolders: true } },
      settings: (scope) => (scope?.endsWith('/two') === true ? { schema: 'db/other.prisma' } : {}),
    })
    client.connection.onRequest(StoredDatabaseUrlRequest, () => null)
    let expected: readonly string[] = [one]
    let reached: () => void = () => undefined
    client.connection.onNotification(ProjectsNotification, ({ schemaUris }) => {
      if (schemaUris.map((uri) => URI.parse(uri).fsPath).join() === expected.join()) reached()
    })
    const folder = { uri: URI.file(path.join(root, 'two')).toString(), name: 'two' }
    const change = async (added: object[], removed: object[], schemas: readonly string[]) => {
      expected = schemas
      const settled = new Promise<void>((resolve) => (reached = resolve))
      await client.connection.sendNotification('workspace/didChangeWorkspaceFolders', { event: { added, removed } })
      await settled
    }
    await change([folder], [], [one, two])
    await change([], [folder], [one])
  })

  it('answers a request that follows a change of the settings at once for the project that they name now', async () => {
    const user = write('one/schema.prisma', DATASOURCE + USER)
    const post = write('two/schema.prisma', DATASOURCE + POST)
    const settings = { schema: user }
    client = await startLspClient({
      folder: root,
      initializationOptions: { client: { trusted: true, prismaExtensionInstalled: false } },
      settings: () => settings,
    })
    const { connection } = client
    connection.onRequest(StoredDatabaseUrlRequest, () => null)
    const models = async () =>
      (await connection.sendRequest(PolicyAdviceRequest, { documentUri: null, choice: null })).models.map(
        ({ name }) => name,
      )
    assert.deepEqual(await models(), ['User'])
    settings.schema = post
    void connection.sendNotification('workspace/didChangeConfiguration', { settings: null })
    assert.deepEqual(await models(), ['Post'])
  })

  it('shows nothing more of a project that was closed while it read its database', async () => {
    const schema = write('prisma/schema.prisma', DATASOURCE + USER + POST)
    write('.env', `PROJECT_URL=${database.url}\n`)
    write('prisma-audit.json', POLICY)
    write('second.json', JSON.stringify({ rules: [{ models: ['Post'], require: ['updatedAt'] }] }))
    const settings = { policyFile: 'second.json' }
    client = await startLspClient({
      folder: root,
      initializationOptions: { client: { trusted: true, prismaExtensionInstalled: false } },
      settings: () => settings,
    })
    client.connection.onRequest(StoredDatabaseUrlRequest, () => null)
    client.open(schema, DATASOURCE + USER + POST)
    for (const policyFile of ['', 'second.json', '', 'second.json', '']) {
      settings.policyFile = policyFile
      await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: null })
      const expected = policyFile === '' ? 'missing-owner-id' : 'missing-updated-at'
      // The policy alone finds it, before the database has answered.
      await client.diagnostics(schema, (all) => codes(all).includes(expected))
    }
    await client.status(({ connection, catalogReadAt }) => connection === 'connected' && catalogReadAt !== null)
    client.change(schema, DATASOURCE + USER + POST.replace('Post {', 'Post {\n  name String'))
    await client.diagnostics(schema, (all) => codes(all).join() === 'column-missing,missing-owner-id')
  })

  it('has the lenses asked for again when another file of the schema, or a policy that a setting names, changes', async () => {
    write('package.json', JSON.stringify({ prisma: { schema: 'prisma' } }))
    write('.env', `PROJECT_URL=${database.url}\n`)
    const user = USER.replace('}', '  kind Kind\n}')
    const users = write('prisma/user.prisma', DATASOURCE + user)
    const posts = write('prisma/post.prisma', POST)
    const policyOf = (field: string) => JSON.stringify({ rules: [{ models: ['User'], require: [field] }] })
    const policy = write('audit/policy [1].json', policyOf('createdAt'))
    const watched: string[] = []
    let refreshed: () => void = () => undefined
    client = await startLspClient({
      folder: root,
      initializationOptions: { client: { trusted: true, prismaExtensionInstalled: true } },
      capabilities: {
        workspace: { codeLens: { refreshSupport: true }, didChangeWatchedFiles: { dynamicRegistration: true } },
      },
      settings: () => ({ policyFile: 'audit/policy [1].json' }),
      watched,
    })
    const { connection } = client
    connection.onRequest(StoredDatabaseUrlRequest, () => null)
    connection.onRequest(CodeLensRefreshRequest.type, () => refreshed())
    const textDocument = { uri: URI.file(users).toString() }
    const titles = async () =>
      ((await connection.sendRequest(CodeLensRequest.type, { textDocument })) ?? []).map(
        ({ command }) => command?.title,
      )
    const titlesAfter = async (change: () => void) => {
      const again = new Promise<void>((resolve) => (refreshed = resolve))
      change()
      await again
      return await titles()
    }
    client.open(users, DATASOURCE + user)
    client.open(posts, POST)
    await client.status(({ catalogReadAt }) => catalogReadAt !== null)
    assert.deepEqual(await titles(), ['Missing createdAt: add'])

    const withEnum = titlesAfter(() => client.change(posts, `${POST}enum Kind {\n  A\n}\n`))
    assert.deepEqual(await withEnum, ['Missing createdAt, 1 difference: add'])

    assert.ok(watched.includes('**/policy ?1?.json'), watched.join())
    const withOtherPolicy = titlesAfter(() => {
      write('audit/policy [1].json', policyOf('updatedAt'))
      const changes = [{ uri: URI.file(policy).toString(), type: 2 }]
      void connection.sendNotification('workspace/didChangeWatchedFiles', { changes })
    })
    assert.deepEqual(await withOtherPolicy, ['Missing updatedAt, 1 difference: add'])
  })

  it('reads a policy that two projects share for both, and shows what each finds in it', async () => {
    const policy = write('prisma-audit.json', '{}')
    const one = write('one/schema.prisma', DATASOURCE + USER + POST)
    const two = write('two/schema.prisma', DATASOURCE + USER)
    for (const folder of ['one', 'two']) write(`${folder}/package.json`, '{}')
    client = await startLspClient({ folder: root, initializationOptions: { policyFile: 'prisma-audit.json' } })
    for (const file of [one, two]) client.open(file, fs.readFileSync(file, 'utf8'))
    const rules = [{ models: ['Post', 'User'], require: ['updatedAt'] }]
    client.open(policy, JSON.stringify({ userModel: 'User', rules }))
    assert.deepEqual(
      codes(await client.diagnostics(one, (all) => all.length === 2)),
      Array(2).fill('missing-updated-at'),
    )
    assert.deepEqual(codes(await client.diagnostics(two, (all) => all.length === 1)), ['missing-updated-at'])
    // Only the second schema lacks the model Post; what the first one finds in the policy does not take that back.
    await client.diagnostics(policy, (all) => all.length === 1 && JSON.stringify(all[0]).includes('Post'))
    client.change(policy, JSON.stringify({ userModel: 'User', rules: [{ models: ['User'], require: ['updatedAt'] }] }))
    await client.diagnostics(one, (all) => all.length === 1)
    await client.diagnostics(policy, (all) => all.length === 0)
    client.change(policy, '{')
    await client.diagnostics(policy, (all) => all.length === 1 && all[0]!.severity === 1)
    for (const file of [one, two]) await client.diagnostics(file, (all) => all.length === 0)
  })

  it('shows the plans of two projects on one database in two tabs, and the newer plan of one in its own', async () => {
    write('prisma-audit.json', POLICY)
    write('.env', `PROJECT_URL=${database.url}\n`)
    const schemas = ['one', 'two'].map((folder) => {
      write(`${folder}/package.json`, '{}')
      write(`${folder}/.env`, `PROJECT_URL=${database.url}\n`)
      write(`${folder}/prisma-audit.json`, POLICY)
      return write(`${folder}/prisma/schema.prisma`, DATASOURCE + USER + POST)
    })
    client = await startLspClient({
      folder: root,
      initializationOptions: { client: { trusted: true, prismaExtensionInstalled: false } },
    })
    const shown: { title: string; subject: string }[] = []
    client.connection.onRequest(StoredDatabaseUrlRequest, () => null)
    client.connection.onNotification(PreviewNotification, (preview) => void shown.push(preview))
    for (const file of schemas) client.open(file, DATASOURCE + USER + POST)
    for (const file of [...schemas, ...schemas]) {
      const documentUri = URI.file(file).toString()
      const preview = { command: 'preview', documentUri, progressToken: 'preview' } as const
      const { status, message } = await client.connection.sendRequest(ExecuteRequest, preview)
      assert.equal(status, 'done', message)
    }
    const [one, two, oneAgain, twoAgain] = shown.map(({ subject }) => subject)
    assert.notEqual(one, two)
    assert.deepEqual([oneAgain, twoAgain], [one, two])
    assert.deepEqual(new Set(shown.map(({ title }) => title)), new Set([`Migration: ${database.name}`]))
  })

  it('holds two projects of one workspace against their own databases and policies', async () => {
    const other = await postgres.createDatabase({ sql: 'CREATE TABLE "User" (id int PRIMARY KEY)' })
    try {
      write('one/package.json', '{}')
      write('one/prisma-audit.json', POLICY)
      write('one/.env', `PROJECT_URL=${database.url}\n`)
      write('two/package.json', '{}')
      write('two/.env', `PROJECT_URL=${other.url}\n`)
      const one = write('one/prisma/schema.prisma', DATASOURCE + USER + POST)
      const two = write('two/prisma/schema.prisma', DATASOURCE + USER + POST)
      client = await startLspClient({ folder: root })
      for (const file of [one, two]) client.open(file, fs.readFileSync(file, 'utf8'))
      assert.deepEqual(codes(await client.diagnostics(one, (all) => all.length === 1)), ['missing-owner-id'])
      const ofTwo = await client.diagnostics(two, (all) => all.some(({ code }) => code === 'table-missing'))
      // Without a policy the project gets one hint, and nothing in the list of problems.
      assert.deepEqual(
        ofTwo.filter(({ code }) => code !== 'table-missing').map(({ severity }) => severity),
        [4],
      )
    } finally {
      await client.stop()
      client = await startLspClient({ folder: root })
      await other.drop()
    }
  })
})
