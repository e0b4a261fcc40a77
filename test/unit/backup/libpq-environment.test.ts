import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { withLibpqEnvironment } from '../../../server/src/backup/native/libpq-environment'

describe('the environment of pg_dump and pg_restore', () => {
  const check = (parameters: string, expected: Readonly<Record<string, string | undefined>>) =>
    withLibpqEnvironment(
      `postgres://u:p@h:1/d?${parameters}`,
      { PGSSLMODE: 'verify-ca', PGPASSWORD: 'other' },
      (given) => {
        const { PGSSLMODE, PGSSLROOTCERT, PGSSLCERT, PGSSLKEY } = given
        const none = { PGSSLROOTCERT: undefined, PGSSLCERT: undefined, PGSSLKEY: undefined }
        assert.deepEqual({ PGSSLMODE, PGSSLROOTCERT, PGSSLCERT, PGSSLKEY }, { ...none, ...expected })
        return Promise.resolve()
      },
    )

  it("has the TLS options of the URL, in Prisma's meaning and in libpq's", async () => {
    await check('', { PGSSLMODE: 'verify-ca' })
    await check('sslmode=disable', { PGSSLMODE: 'disable' })
    await check('sslmode=no-verify', { PGSSLMODE: 'require' })
    await check('sslmode=require&sslaccept=strict', { PGSSLMODE: 'verify-full' })
    const [ca = '', key = ''] = ['server.crt', 'server.key'].map((name) =>
      path.join(__REPOSITORY__, 'test/fixtures/tls', name),
    )
    await check(`sslmode=verify-full&sslrootcert=${ca}`, { PGSSLMODE: 'verify-full', PGSSLROOTCERT: ca })
    await check(`sslmode=require&sslcert=${ca}`, { PGSSLMODE: 'require', PGSSLROOTCERT: ca })
    await check(`sslmode=verify-ca&sslrootcert=${ca}&sslcert=${ca}&sslkey=${key}`, {
      ...{ PGSSLMODE: 'verify-ca', PGSSLROOTCERT: ca, PGSSLCERT: ca, PGSSLKEY: key },
    })
    await check('sslmode=verify-full&sslrootcert=system', { PGSSLMODE: 'verify-full', PGSSLROOTCERT: 'system' })
  })

  it('has the password in a file that only this user can read, and that is deleted', async () => {
    const url = `postgres://u:${encodeURIComponent('a:b\\c')}@h:1/d`
    const file = await withLibpqEnvironment(url, { PGPASSWORD: 'other' }, (given) => {
      const { PGPASSFILE = '' } = given
      assert.equal(fs.readFileSync(PGPASSFILE, 'utf8'), '*:*:*:*:a\\:b\\\\c\n')
      if (process.platform !== 'win32') assert.equal(fs.statSync(PGPASSFILE).mode & 0o777, 0o600)
      assert.ok(!Object.values(given).some((value) => value === 'other' || value?.includes('b\\c') === true))
      return Promise.resolve(PGPASSFILE)
    })
    assert.ok(!fs.existsSync(path.dirname(file)))
  })
})
