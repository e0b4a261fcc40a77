import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parsePolicy } from '../../../server/src/audit-fields/parse-policy'
import { DEFAULT_POLICY } from '../../../server/src/audit-fields/policy'
import { isLocalUrl } from '../../../server/src/database/is-local-url'
import { databaseStanding, standingWords, type StandingFacts } from '../../../server/src/project/database-standing'
import {
  knownDatabasesFile,
  readKnownDatabases,
  writeKnownDatabase,
  type KnownDatabase,
} from '../../../server/src/project/known-databases'

const SERVER = { systemIdentifier: '7', databaseOid: '16384', address: '10.0.0.5', port: 5432 }
const REMOTE = 'postgresql://u:p@db.example.com/app'

describe('what a database is', () => {
  const known = (change: Partial<KnownDatabase>): KnownDatabase => ({
    ...{ host: 'db.example.com', port: '5432', database: 'app', systemIdentifier: '7', databaseOid: '16384' },
    ...{ environment: 'development', readOnly: false },
    ...change,
  })
  const words = (change: Partial<StandingFacts>) =>
    standingWords(
      databaseStanding({
        ...{
          url: REMOTE,
          server: SERVER,
          writesRefused: null,
          policy: null,
          known: [],
          chosen: null,
          isSandbox: false,
        },
        ...change,
      }),
    )
  const policyOf = (...databases: object[]) => {
    const { policy, problems } = parsePolicy(JSON.stringify({ databases }))
    assert.deepEqual(problems, [])
    return policy
  }

  it('is local by a socket or a loopback address, and by no other name', () => {
    const hosts = [
      'localhost',
      'LOCALHOST.',
      'app.localhost',
      '127.0.0.1',
      '127.9.9.9',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '',
    ]
    for (const host of hosts) assert.equal(isLocalUrl(`postgresql://u@${host}/app`), true, host)
    assert.ok(isLocalUrl('postgresql://u@/app?host=/var/run/postgresql'))
    assert.ok(!isLocalUrl('postgresql://u@localhost/app?host=db.example.com'), 'the parameter wins')
    for (const host of ['db', '10.0.0.1', '[fe80::1]', 'localhost.example.com', '127.0.0.1.example.com', '0.0.0.0'])
      assert.equal(isLocalUrl(`postgresql://u@${host}/app`), false, host)
  })

  it('is what was said of it; the strictest word counts', () => {
    assert.equal(words({}), 'remote')
    assert.equal(words({ known: [known({})] }), 'development')
    assert.equal(words({ known: [known({})], chosen: 'staging' }), 'staging')
    assert.equal(words({ known: [known({ environment: 'production' })], chosen: 'development' }), 'production')
    assert.equal(
      words({ known: [known({})], policy: policyOf({ host: '*.example.com', environment: 'production' }) }),
      'production',
    )
    assert.equal(words({ policy: policyOf({ database: 'other', environment: 'production' }) }), 'remote')
    assert.equal(words({ policy: policyOf({ port: 5433, environment: 'production' }) }), 'remote')
    assert.equal(words({ isSandbox: true, known: [known({ environment: 'production' })] }), 'sandbox')
  })

  it('through a tunnel is still what it is', () => {
    const url = 'postgresql://u:p@localhost:6543/app'
    assert.equal(words({ url }), 'local')
    assert.equal(words({ url, known: [known({ environment: 'production', readOnly: true })] }), 'production, read-only')
    // Also where something else was said of that end of the tunnel before.
    const before = known({ host: 'localhost', port: '6543', systemIdentifier: '9' })
    assert.equal(words({ url, known: [before, known({ environment: 'production' })] }), 'production')
    assert.equal(
      words({ url, server: { ...SERVER, systemIdentifier: '8' }, known: [known({ environment: 'production' })] }),
      'local',
    )
  })

  it('is asked again where the name leads to another server, unless it was production', () => {
    const server = { ...SERVER, systemIdentifier: '8' }
    assert.equal(words({ server, known: [known({})] }), 'remote')
    assert.equal(words({ server, known: [known({ environment: 'production' })] }), 'production')
    assert.equal(words({ server: { ...SERVER, systemIdentifier: null }, known: [known({})] }), 'development')
  })

  it('stays read-only whoever marked it, or where the server refuses writes', () => {
    const policy = policyOf({ environment: 'staging', readOnly: true })
    assert.equal(words({ policy, known: [known({ readOnly: false })] }), 'staging, read-only')
    assert.equal(words({ policy: DEFAULT_POLICY, known: [known({ readOnly: true })] }), 'development, read-only')
    const copy = known({ host: 'copy.example.com', environment: 'production', readOnly: true })
    assert.equal(words({ known: [copy] }), 'remote, read-only')
    assert.equal(words({ known: [copy, known({})] }), 'development')
    assert.equal(words({ writesRefused: 'replica' }), 'remote, read-only')
    assert.equal(words({ url: 'postgresql://localhost/app', writesRefused: 'session' }), 'local, read-only')
  })

  it('is kept for the user alone; a file that cannot be read never counts as none', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-known-'))
    const environment = { XDG_CONFIG_HOME: folder, APPDATA: folder, HOME: folder }
    const file = knownDatabasesFile(environment)
    const say = (said: Pick<KnownDatabase, 'environment' | 'readOnly'>, url = REMOTE) =>
      writeKnownDatabase({ url, server: SERVER }, said, environment)
    try {
      assert.deepEqual(readKnownDatabases(environment), [])
      say({ environment: 'staging', readOnly: false })
      const hosts = () => readKnownDatabases(environment).map((each) => [each.host, each.environment, each.readOnly])
      // Another remote name of the same identifier may be a copy; a tunnel leads to the database itself.
      say({ environment: 'production', readOnly: true }, 'postgresql://u:secret@other/app')
      assert.deepEqual(hosts(), [
        ['db.example.com', 'staging', false],
        ['other', 'production', true],
      ])
      say({ environment: 'production', readOnly: false }, 'postgresql://u:secret@localhost:6543/app')
      assert.deepEqual(hosts(), [
        ['db.example.com', 'production', false],
        ['other', 'production', false],
        ['localhost', 'production', false],
      ])
      assert.ok(!fs.readFileSync(file, 'utf8').includes('secret'))
      if (process.platform !== 'win32') assert.equal(fs.statSync(file).mode & 0o777, 0o600)
      for (const text of ['{', '{}', '{ "formatVersion": 1, "databases": [{}] }']) {
        fs.writeFileSync(file, text)
        assert.throws(() => readKnownDatabases(environment), { code: 'known-databases-invalid' })
      }
      fs.writeFileSync(file, '{ "formatVersion": 1, "databases": [] }')
      say({ environment: null, readOnly: true })
      say({ environment: null, readOnly: false })
      assert.deepEqual(hosts(), [])
    } finally {
      fs.rmSync(folder, { recursive: true })
    }
  })
})
