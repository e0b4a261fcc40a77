import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { CodeLensRequest, type Diagnostic } from 'vscode-languageserver-protocol'
import {
  ConfirmRequest,
  ExecuteRequest,
  PolicyAdviceRequest,
  ProjectsNotification,
  SaveDocumentsRequest,
  StoredDatabaseUrlRequest,
  TypeNameRequest,
  UnsavedDocumentsRequest,
  WindowFocusedNotification,
  type ConfirmParameters,
  type PolicyChoiceValue,
  type ProjectStatus,
  type ServerCommand,
} from '../../protocol/src/index'
import { startLspClient, type LspClient } from '../support/lsp-client'
import { usePostgres } from '../support/postgres'
import { createSampleWorkspace, type SampleWorkspace } from '../support/sample-workspace'

describe('the language server tells how a project stands', () => {
  const postgres = usePostgres()
  let workspace: SampleWorkspace
  let client: LspClient
  let answer = ({ choices }: ConfirmParameters): string | null => choices[0]!.id
  const typed: string[] = []

  before(async () => {
    workspace = await createSampleWorkspace(postgres)
    client = await startLspClient({
      folder: workspace.folder,
      environment: { ...workspace.environment, XDG_CONFIG_HOME: path.join(workspace.folder, 'config') },
      initializationOptions: { client: { trusted: true, prismaExtensionInstalled: false } },
    })
    client.connection.onRequest(StoredDatabaseUrlRequest, () => null)
    client.connection.onRequest(SaveDocumentsRequest, () => true)
    client.connection.onRequest(UnsavedDocumentsRequest, () => [])
    client.connection.onRequest(ConfirmRequest, (question) => answer(question))
    client.connection.onRequest(TypeNameRequest, ({ name }) => {
      typed.push(name)
      return false
    })
  })
  after(async () => {
    await client.stop()
    await workspace.remove()
  })

  it('from its start, with no document open, and counts what it publishes', async () => {
    const status = await client.status(({ catalogReadAt }) => catalogReadAt !== null)
    assert.deepEqual(
      { name: status.name, policy: status.policy, findings: status.findings, open: status.hasUnfinishedMigration },
      { name: 'sample', policy: 'valid', findings: { error: 0, warning: 3, information: 0, hint: 0 }, open: false },
    )
    assert.ok(status.documentUri.endsWith('/backend/prisma/schema.prisma'))
    const listed = ({ severity }: Diagnostic) => severity !== undefined && severity < 4
    await client.diagnostics(workspace.schemaFile, (all) => all.filter(listed).length === 3)
  })

  it('that a migration broke off, until it is finished', async () => {
    const migrate = { command: 'migrate', documentUri: null, progressToken: 'migrate' } as const
    assert.equal((await client.connection.sendRequest(ExecuteRequest, migrate)).status, 'done')
    await client.status(({ hasUnfinishedMigration }) => !hasUnfinishedMigration)
    const setState = (state: string) => workspace.database.query(`UPDATE prisma_audit.run SET state = '${state}'`)
    for (const [state, expected] of [
      ['running', true],
      ['completed', false],
      ['rolling back', true],
    ] as const) {
      const before = await client.status(({ hasUnfinishedMigration }) => hasUnfinishedMigration !== expected)
      await setState(state)
      await client.connection.sendNotification(WindowFocusedNotification)
      const status = await client.status(({ hasUnfinishedMigration }) => hasUnfinishedMigration === expected)
      // The end is told before the catalog is read again, which may take seconds.
      if (!expected) assert.equal(status.catalogReadAt, before.catalogReadAt)
    }
  })

  it('and a failure that nobody foresaw in a sentence, not in the words of the library', async () => {
    const unforeseen = 'Unexpected error in Prisma Audit. Try again; the details are in the log.'
    const answered = answer
    answer = () => {
      throw new Error('no dialog')
    }
    const rollback = { command: 'rollback', documentUri: null, progressToken: 'rollback' } as const
    const { status, message, storyIn } = await client.connection.sendRequest(ExecuteRequest, rollback)
    assert.deepEqual([status, message, storyIn], ['failed', unforeseen, 'log'])
    answer = answered
    const choice = { userModel: null, fields: { updatedAt: 1 } } as unknown as PolicyChoiceValue
    await assert.rejects(client.connection.sendRequest(PolicyAdviceRequest, { documentUri: null, choice }), {
      message: unforeseen,
    })
  })

  it('what its database is; production is not written to without its name, nor anything that is marked', async () => {
    const questions: string[] = []
    const choose = (id: string) => {
      answer = ({ message, choices }) => {
        questions.push(message)
        return (choices.find((choice) => choice.id === id) ?? choices[0]!).id
      }
    }
    const execute = (command: ServerCommand) =>
      client.connection.sendRequest(ExecuteRequest, { command, documentUri: null, progressToken: command })
    await client.status(({ environment, isReadOnly }) => environment === 'local' && !isReadOnly)
    choose('production')
    assert.equal((await execute('setEnvironment')).status, 'done')
    await client.status(({ environment }) => environment === 'production')
    assert.equal((await execute('rollback')).status, 'cancelled')
    assert.deepEqual(typed.splice(0), [workspace.database.name])
    assert.match(questions.at(-1) ?? '', /^Roll the migration back on \S+ on 127\.0\.0\.1:\d+ \(production\)\?$/)

    choose('read-only')
    assert.equal((await execute('setEnvironment')).status, 'done')
    await client.status(({ isReadOnly }) => isReadOnly)
    const refused = await execute('rollback')
    assert.deepEqual([refused.status, refused.message.endsWith(' is read-only.')], ['failed', true], refused.message)
    // The mark is lifted by a question of its own, for which the name of a production database is typed.
    choose('allow-writes')
    assert.equal((await execute('setEnvironment')).status, 'cancelled')
    assert.deepEqual(typed.splice(0), [workspace.database.name])
    fs.rmSync(path.join(workspace.folder, 'config'), { recursive: true })
    answer = ({ choices }) => choices[0]!.id
  })

  it('that its policy is invalid, and that it is gone', async () => {
    const policy = path.join(workspace.folder, 'prisma-audit.json')
    const file = fs.existsSync(policy) ? policy : path.join(workspace.folder, 'backend', 'prisma-audit.json')
    const text = fs.readFileSync(file, 'utf8')
    const change = async (status: ProjectStatus['policy']) => {
      await client.connection.sendNotification('workspace/didChangeWatchedFiles', {
        changes: [{ uri: `file://${file}`, type: 2 }],
      })
      await client.status((now) => now.policy === status)
    }
    const textDocument = { uri: `file://${workspace.schemaFile}` }
    const lenses = () => client.connection.sendRequest(CodeLensRequest.type, { textDocument })
    await client.status(({ catalogReadAt }) => catalogReadAt !== null)
    assert.equal((await lenses())?.length, 2)
    fs.writeFileSync(file, '{')
    await change('invalid')
    // Without what it requires, no model is said to be in sync.
    assert.deepEqual(await lenses(), [])
    fs.rmSync(file)
    await change('none')
    // A rule for a name that is no model requires nothing.
    fs.writeFileSync(file, text.replace('"Lead"', '"Laed"'))
    await change('invalid')
    fs.writeFileSync(file, text)
    await change('valid')
  })

  it('that its schema is for another database, which is then neither compared nor migrated', async () => {
    const text = fs.readFileSync(workspace.schemaFile, 'utf8')
    const policy = path.join(workspace.folder, 'prisma-audit.json')
    const write = async (content: string) => {
      fs.writeFileSync(workspace.schemaFile, content)
      // The stored URL may belong to another schema of the same folder.
      await client.connection.sendNotification('workspace/didChangeWatchedFiles', {
        changes: [
          { uri: `file://${workspace.schemaFile}`, type: 2 },
          { uri: `file://${path.join(workspace.folder, 'backend', '.env')}`, type: 2 },
          { uri: `file://${policy}`, type: 2 },
        ],
      })
    }
    await write(text.replace('provider = "postgresql"', 'provider = "mysql"'))
    const { detail, isPostgresql } = await client.status(({ connection }) => connection === 'none')
    assert.equal(isPostgresql, false)
    assert.match(detail, /^The schema is for mysql, which Prisma Audit does not support\./)
    assert.ok(!detail.includes('--'), detail)
    // No policy is asked for, neither by a hint nor by a command.
    await client.diagnostics(workspace.schemaFile, (all) => all.length === 0)
    fs.renameSync(policy, `${policy}.away`)
    const refused = await client.connection.sendRequest(ExecuteRequest, {
      command: 'guided',
      documentUri: null,
      progressToken: 'other provider',
    })
    assert.match(refused.message, /^The schema is for mysql, which Prisma Audit does not support\./)
    fs.renameSync(`${policy}.away`, policy)
    await write(text)
    assert.equal((await client.status(({ connection }) => connection === 'connected')).isPostgresql, true)
  })

  it('what to do in words of the editor: no option of the terminal', async () => {
    const env = path.join(workspace.folder, 'backend', '.env')
    fs.rmSync(env)
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [{ uri: `file://${env}`, type: 3 }],
    })
    const { detail } = await client.status(({ connection }) => connection === 'none')
    assert.match(detail, /^No database connection URL found\./)
    assert.ok(!detail.includes('--'), detail)
  })

  it('that it is gone, when its schema is', async () => {
    const gone = new Promise<void>((resolve) => {
      client.connection.onNotification(ProjectsNotification, ({ schemaUris }) => {
        if (schemaUris.length === 0) resolve()
      })
    })
    fs.rmSync(workspace.schemaFile)
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [{ uri: `file://${workspace.schemaFile}`, type: 3 }],
    })
    await gone
    await client.diagnostics(workspace.schemaFile, (all) => all.length === 0)
  })
})
