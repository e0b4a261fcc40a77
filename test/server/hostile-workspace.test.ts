import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {
  CodeLensRequest,
  CompletionRequest,
  ShowMessageRequest,
  type CompletionItem,
} from 'vscode-languageserver-protocol'
import { URI } from 'vscode-uri'
import { startLspClient, type LspClient } from '../support/lsp-client'

const SCHEMA =
  'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\nmodel Thing {\n  id Int @id\n}\n'

describe('the language server in a workspace that is not trusted', () => {
  let root: string
  let schema: string
  let policy: string
  let client: LspClient

  beforeEach(async () => {
    root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-untrusted-')))
    schema = write('schema.prisma', SCHEMA)
    policy = path.join(root, 'prisma-audit.json')
    client = await startLspClient({
      folder: root,
      initializationOptions: { client: { trusted: false, prismaExtensionInstalled: false } },
    })
  })
  afterEach(async () => {
    await client.stop()
    fs.rmSync(root, { recursive: true, force: true })
  })

  function write(name: string, text: string): string {
    const file = path.join(root, name)
    fs.writeFileSync(file, text)
    return file
  }

  /** A request is answered after the changes before it; diagnostics may be those of before. */
  async function untilTaken(): Promise<void> {
    await client.connection.sendRequest(CodeLensRequest.type, { textDocument: { uri: URI.file(schema).toString() } })
  }

  it('runs no configuration, whatever it holds', async () => {
    const mark = path.join(root, 'was-run')
    write(
      'prisma.config.mjs',
      `import fs from 'node:fs'\nfs.writeFileSync(${JSON.stringify(mark)}, '')\nexport default {}`,
    )
    client.open(schema, SCHEMA)
    await client.diagnostics(schema, () => true)
    await client.status((state) => state.connection === 'untrusted')
    client.change(schema, SCHEMA.replace('id Int', 'id  Int'))
    await untilTaken()
    assert.equal(fs.existsSync(mark), false)
  })

  it('says on the policy itself what is wrong with it, open or not, and nothing as if there were none', async () => {
    write('prisma-audit.json', '{ "rulez": [] }')
    client.open(schema, SCHEMA)
    const [fault, ...others] = await client.diagnostics(policy, (all) => all.length > 0)
    assert.deepEqual(
      [fault?.code, fault?.severity, fault?.range.start, others],
      ['policy-invalid', 1, { line: 0, character: 2 }, []],
    )
    assert.deepEqual(await client.diagnostics(schema, () => true), [])
    client.open(policy, '{ "rules": [{ "models": ["*a*a*a*a*a*a*a*a*a*ac", "Thng"], "require": ["updatedAt"] }] }')
    const [misspelled] = await client.diagnostics(policy, (all) => all[0]?.code === 'policy-model')
    assert.match(JSON.stringify(misspelled?.message), /Did you mean \\"Thing\\"\?/)
    client.change(policy, '{ "rules": [{ "models": ["Thing"], "require": ["updatedAt"] }] }')
    await client.diagnostics(policy, (all) => all.length === 0)
    await client.diagnostics(schema, (all) => all.some(({ code }) => code === 'missing-updated-at'))
  })

  it('completes the names of models in the policy', async () => {
    client.open(schema, SCHEMA)
    const text = '{ "userModel": "", "rules": [{ "models": ["Th"], "require": ["updatedAt"] }] }'
    client.open(policy, text)
    const at = (after: string) =>
      client.connection.sendRequest(CompletionRequest.type, {
        textDocument: { uri: URI.file(policy).toString() },
        position: { line: 0, character: text.indexOf(after) + after.length },
      }) as Promise<CompletionItem[]>
    const [thing] = await at('"models": ["Th')
    const start = { line: 0, character: text.indexOf('"Th"') }
    const range = { start, end: { line: 0, character: start.character + 4 } }
    assert.deepEqual([thing?.label, thing?.textEdit], ['Thing', { range, newText: '"Thing"' }])
    assert.deepEqual(
      (await at('"userModel": "')).map(({ label }) => label),
      ['Thing'],
    )
    assert.deepEqual(await at('{ "rul'), [])
  })

  it('reads a policy that is opened alone', async () => {
    write('prisma-audit.json', '{')
    client.open(policy, '{ "rulez": [] }')
    await client.diagnostics(policy, (all) => all[0]?.code === 'policy-invalid')
  })

  it('is not held by a link to an endless device or a pipe', async () => {
    fs.symlinkSync('/dev/zero', policy)
    for (const name of ['.env', 'prisma.config.ts', 'package.json']) execFileSync('mkfifo', [path.join(root, name)])
    client.open(schema, SCHEMA)
    const [fault] = await client.diagnostics(policy, (all) => all.length > 0)
    assert.match(JSON.stringify(fault?.message), /Cannot read .*prisma-audit\.json\. It is not a regular file/)
  })

  const UNREADABLE: Readonly<Record<string, (file: string) => void>> = {
    'a pipe': (file) => execFileSync('mkfifo', [file]),
    'a link to itself': (file) => fs.symlinkSync(path.basename(file), file),
    'too large': (file) => fs.writeFileSync(file, ' '.repeat(4_000_001)),
  }

  for (const [kind, make] of Object.entries(UNREADABLE)) {
    it(`is not ended by a schema that is ${kind}, and reads what takes its place`, async () => {
      await client.stop()
      fs.rmSync(schema)
      make(schema)
      const script = write('migration.sql', 'SELECT 1;\n')
      client = await startLspClient({
        folder: root,
        initializationOptions: { client: { trusted: false, prismaExtensionInstalled: false } },
      })
      client.open(script, 'SELECT 1;\n')
      fs.rmSync(schema)
      write('schema.prisma', SCHEMA)
      client.open(schema, SCHEMA)
      await client.diagnostics(schema, () => true)
      await client.status((state) => state.connection === 'untrusted')
    })
  }

  it('says once that a schema can no longer be read, and again if that happens again', async () => {
    await client.status((state) => state.connection === 'untrusted')
    const told: string[] = []
    let hear: () => void = () => undefined
    client.connection.onRequest(ShowMessageRequest.type, ({ message }) => {
      told.push(message)
      hear()
      return null
    })
    const changed = () =>
      client.connection.sendNotification('workspace/didChangeWatchedFiles', {
        changes: [{ uri: URI.file(schema).toString(), type: 2 }],
      })
    const hide = async () => {
      const heard = new Promise<void>((resolve) => (hear = resolve))
      fs.rmSync(schema)
      fs.symlinkSync(path.basename(schema), schema)
      await changed()
      await changed()
      await heard
    }
    await hide()
    fs.rmSync(schema)
    write('schema.prisma', SCHEMA)
    client.open(schema, SCHEMA)
    await untilTaken()
    const closed = { textDocument: { uri: URI.file(schema).toString() } }
    await client.connection.sendNotification('textDocument/didClose', closed)
    await hide()
    assert.deepEqual(told.length, 2, told.join())
    assert.match(told[0] ?? '', /schema\.prisma cannot be read\.$/)
  })

  it('says one hint of a contract of Prisma 8, and nothing else', async () => {
    const contract = write('contract.prisma', `// use prisma-8\n${SCHEMA}`)
    client.open(contract, `// use prisma-8\n${SCHEMA}`)
    const found = await client.diagnostics(contract, (all) => all.length > 0)
    assert.deepEqual(
      found.map(({ code, severity }) => [code, severity]),
      [['prisma-8', 4]],
    )
  })
})
