import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { withClient } from '../../../server/src/database/connect'
import { startPostgres, type TestServer } from '../../support/postgres'

const FIXTURES = path.join(__REPOSITORY__, 'test', 'fixtures', 'tls')
const ROOT = `sslrootcert=${path.join(FIXTURES, 'server.crt')}`

describe('TLS', () => {
  let server: TestServer
  before(async () => {
    const read = (name: string) => fs.readFileSync(path.join(FIXTURES, name), 'utf8')
    server = await startPostgres({
      settings: { ssl: 'on', ssl_cert_file: '../server.crt', ssl_key_file: '../server.key', hba_file: 'hba' },
      files: {
        'server.crt': read('server.crt'),
        'server.key': read('server.key'),
        hba: 'hostssl only_tls all 127.0.0.1/32 scram-sha-256\nhost postgres all 127.0.0.1/32 scram-sha-256\n',
      },
    })
  })
  after(() => server.stop())

  const isEncrypted = (url: string) =>
    withClient(url, {}, async (client) => {
      const { rows } = await client.query<{ ssl: boolean }>('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')
      return rows[0]?.ssl
    })

  it('encrypts and proves as much as sslmode and sslaccept ask', async () => {
    const byName = server.url.replace('127.0.0.1', 'localhost')
    const check = async (url: string, expected: boolean | 'refused') => {
      if (expected === 'refused') await assert.rejects(isEncrypted(url), { code: 'tls-failed' }, url)
      else assert.equal(await isEncrypted(url), expected, url)
    }
    await check(server.url, false)
    await check(`${server.url}?sslmode=disable`, false)
    await check(`${server.url}?sslmode=prefer`, true)
    await check(`${server.url}?sslmode=require`, true)
    await check(`${server.url}?sslmode=require&sslaccept=strict`, 'refused')
    await check(`${server.url}?sslmode=verify-full`, 'refused')
    await check(`${server.url}?sslmode=verify-ca&${ROOT}`, true)
    await check(`${server.url}?sslmode=verify-full&${ROOT}`, 'refused')
    await check(`${byName}?sslmode=verify-full&${ROOT}`, true)
    // Prisma's name for the server's certificate.
    await check(`${byName}?sslmode=require&sslaccept=strict&sslcert=${path.join(FIXTURES, 'server.crt')}`, true)
  })

  it('turns to TLS where the server lets nobody in without, and still tries a password once', async () => {
    await withClient(server.url, {}, (client) => client.query('CREATE DATABASE only_tls'))
    const onlyTls = server.url.replace(/\/[^/]*$/, '/only_tls')
    assert.equal(await isEncrypted(onlyTls), true)
    await assert.rejects(isEncrypted(onlyTls.replace(/:[^:@]*@/, ':wrong@')), { code: 'wrong-password' })
    assert.equal(server.log().split('password authentication failed').length - 1, 1)
  })

  it('cancels through TLS', async () => {
    const controller = new AbortController()
    const running = withClient(`${server.url}?sslmode=require`, { signal: controller.signal }, async (client) => {
      client.once('notice', () => {
        controller.abort(new Error('stop'))
      })
      await client.query(`DO $$ BEGIN RAISE NOTICE 'begun'; PERFORM pg_sleep(60); END $$`)
    })
    await assert.rejects(running, /stop/)
    assert.match(server.log(), /canceling statement due to user request/)
  })
})
