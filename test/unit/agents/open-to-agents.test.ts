import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Secrets } from '../../../server/src/database/secrets'
import type { SaidEnvironment } from '../../../server/src/database/environments'
import { readableTarget, requireOpenToAgents, type AgentLimits } from '../../../server/src/agents/open-to-agents'
import { DeclaredDatabases } from '../../../server/src/project/declared-databases'
import { openProject } from '../../../server/src/project/open-project'
import { writeKnownDatabase } from '../../../server/src/project/known-databases'

const SERVER = { systemIdentifier: '7', databaseOid: '16384', address: '10.0.0.5', port: 5432 }
const REMOTE = 'postgresql://u:p@db.example.com/app'
const LOCAL = 'postgresql://u:p@localhost/app'

describe('what agents may write to', () => {
  let folder: string

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-open-'))
    fs.writeFileSync(path.join(folder, 'schema.prisma'), 'datasource db {\n  provider = "postgresql"\n}\n')
  })
  afterEach(() => {
    fs.rmSync(folder, { recursive: true, force: true })
  })

  interface Given {
    readonly url: string
    /** By the policy of the repository. */
    readonly declared?: object
    /** By the policy when the server started. */
    readonly declaredBefore?: object
    /** Of the server; default: of one that has just started. */
    readonly limits?: AgentLimits
    /** By a person on this machine. */
    readonly said?: SaidEnvironment
    readonly readOnly?: boolean
  }

  /** Why the database is closed; null if it is open. */
  function whyClosed({ url, declared, declaredBefore, limits: given, said, readOnly = false }: Given): string | null {
    const environment = { XDG_CONFIG_HOME: folder }
    const project = (databases: object | undefined) => {
      const policy = JSON.stringify({ databases: databases === undefined ? [] : [databases] })
      fs.writeFileSync(path.join(folder, 'prisma-audit.json'), policy)
      const ofPaths = { folder, schemaPath: null, policyPath: null }
      return openProject({ ...ofPaths, url, environment, secrets: new Secrets() })
    }
    if (said !== undefined)
      writeKnownDatabase({ url, server: SERVER }, { environment: said, readOnly: false }, environment)
    const limits = given ?? { readOnly, declared: new DeclaredDatabases() }
    limits.declared.add(project(declaredBefore).policy)
    const opened = project(declared)
    const standing = opened.standings.of(url, { server: SERVER, writesRefused: null })
    const target = { url, label: 'app', schemas: ['public'], defaultSchema: 'public', server: SERVER, standing }
    const isReadOnly = readableTarget(opened, target, limits).standing.readOnly !== null
    try {
      requireOpenToAgents(opened, target, limits)
      assert.equal(isReadOnly, false)
      return null
    } catch (error) {
      assert.equal(isReadOnly, true)
      return String((error as { why?: unknown }).why)
    }
  }

  it('is a local database, and a remote one whose environment a person has set', () => {
    assert.equal(whyClosed({ url: LOCAL }), null)
    assert.equal(whyClosed({ url: REMOTE, said: 'development' }), null)
    assert.equal(whyClosed({ url: REMOTE, said: 'staging', declared: { environment: 'development' } }), null)
  })

  it('is never production, nor a remote one that nobody has spoken of, nor anything with --read-only', () => {
    assert.match(whyClosed({ url: REMOTE }) ?? '', /remote database without an environment/)
    assert.match(
      whyClosed({ url: REMOTE, said: 'production', declared: { environment: 'development' } }) ?? '',
      /never/,
    )
    assert.match(whyClosed({ url: LOCAL, declared: { environment: 'production' } }) ?? '', /never/)
    assert.match(whyClosed({ url: LOCAL, declared: { readOnly: true } }) ?? '', /never/)
    assert.match(whyClosed({ url: LOCAL, readOnly: true }) ?? '', /--read-only/)
  })

  it('is opened by no edit of the policy', () => {
    assert.match(whyClosed({ url: REMOTE, declared: { environment: 'development' } }) ?? '', /only the policy/)
    for (const declaredBefore of [{ environment: 'production' }, { host: 'localhost', readOnly: true }]) {
      assert.match(whyClosed({ url: LOCAL, declaredBefore }) ?? '', /protected earlier/)
      const declared = { environment: 'development' }
      assert.match(whyClosed({ url: LOCAL, declaredBefore, declared }) ?? '', /protected earlier/)
    }
  })

  it('is opened by no edit of the URL: the same database by another name stays closed', () => {
    for (const url of ['postgresql://u:p@127.0.0.1/app', 'postgresql://u:p@[::1]/app', 'postgresql://u:p@%2Frun/app'])
      assert.match(whyClosed({ url, declared: { host: 'localhost', environment: 'production' } }) ?? '', /never/)
    const limits = { readOnly: false, declared: new DeclaredDatabases() }
    const staging = { said: 'staging', limits } as const
    assert.equal(whyClosed({ url: REMOTE, ...staging }), null)
    assert.match(whyClosed({ url: LOCAL, ...staging, declared: { host: 'localhost', readOnly: true } }) ?? '', /never/)
    assert.match(whyClosed({ url: REMOTE, ...staging }) ?? '', /protected earlier/)
  })
})
