import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { urlOfDatabase } from '../../../server/src/backup/create-database'
import { completeUrl, connectionSettings } from '../../../server/src/database/connection-settings'
import { describeUrl } from '../../../server/src/database/describe-url'
import { isLocalUrl } from '../../../server/src/database/is-local-url'

describe('connectionSettings', () => {
  function check(
    url: string,
    expected: { host: string; port?: number; database: string; schema?: string | null },
  ): void {
    const { host, port, database, schema } = connectionSettings(url, {})
    assert.deepEqual({ host, port, database, schema }, { port: 5432, schema: null, ...expected })
    assert.equal(describeUrl(url).database, expected.database)
  }

  it('reads a URL as Prisma does', () => {
    check('postgresql://u:p@h/db#x', { host: 'h', database: 'db' })
    check('postgresql://u:p@h/db?schema=s#x', { host: 'h', database: 'db', schema: 's' })
    check('postgresql://u:p@h/db#x?schema=s', { host: 'h', database: 'db' })
    check('postgresql://u:p%23@h:5433/db', { host: 'h', port: 5433, database: 'db' })
    check('postgres:///db?host=/var/run/postgresql', { host: '/var/run/postgresql', database: 'db' })
    check(' postgresql://u@h/db?schema=s ', { host: 'h', database: 'db', schema: 's' })
    check('postgresql://h?user=me', { host: 'h', database: 'me' })
    check('postgresql://u@h/?dbname=given&port=65535', { host: 'h', port: 65_535, database: 'given' })
    check('postgresql://u@h:1/a%2Fb%C3%BC', { host: 'h', port: 1, database: 'a/bü' })
  })

  it('names another database of the same server, as for a copy that is restored', async () => {
    for (const url of [
      'postgresql://u:p@h:1/db?schema=s#x',
      'postgresql://u:p@/db?host=/run/pg',
      'postgresql://u@/db',
      'postgres:///db?host=/run/pg',
      'postgresql://h?user=me',
      'postgresql://u:p@[::1]:7/?dbname=given',
      ' postgresql://u@h/db ',
    ]) {
      const read = async (of: string) => {
        const { host, port, user, schema, password } = connectionSettings(of, { PGHOST: 'pghost' })
        return [host, port, user, schema, await password()]
      }
      const other = urlOfDatabase(url, 'a/b ü') ?? ''
      assert.equal(connectionSettings(other, {}).database, 'a/b ü', other)
      assert.deepEqual(await read(other), await read(url))
    }
  })

  it('takes what the URL says, then the environment, then what libpq does', async () => {
    const environment = {
      ...{ PGUSER: 'pguser', PGPASSWORD: 'pgpassword', PGHOST: 'pghost', PGPORT: '7777', PGDATABASE: 'pgdatabase' },
      ...{ PGAPPNAME: 'pgapp', PGOPTIONS: '-c pg=1', PGCONNECT_TIMEOUT: '7', PGSSLMODE: 'require', USER: 'account' },
    }
    const read = async (url: string, given: Readonly<Record<string, string>>) => {
      const { password, tls, ...settings } = connectionSettings(url, given)
      const { user, host, port, database, applicationName, startupOptions, connectTimeout } = settings
      return [
        ...[user, await password(), host, port, database, applicationName, startupOptions, connectTimeout],
        tls.map(({ ssl }) => ssl !== false),
      ]
    }
    const everything =
      'user=u&password=p&host=h&port=1234&dbname=d&application_name=app&options=-c%20a%3D1&connect_timeout=3&sslmode=disable'
    const fromUrl = ['u', 'p', 'h', 1234, 'd', 'app', '-c a=1', 3000, [false]]
    assert.deepEqual(await read(`postgresql://?${everything}`, environment), fromUrl)
    const [user, host] = ['pguser', 'pghost']
    const fromEnvironment = [user, 'pgpassword', host, 7777, 'pgdatabase', 'pgapp', '-c pg=1', 7000, [true]]
    assert.deepEqual(await read('postgresql://', environment), fromEnvironment)
    assert.deepEqual(
      await read('postgresql://?user=&host=&port=&dbname=&connect_timeout=', environment),
      fromEnvironment,
    )
    const nothing = { USER: 'account', PGPASSWORD: 'x' }
    const fromNowhere = ['account', 'x', 'localhost', 5432, 'account', null, null, null, [false, true]]
    assert.deepEqual(await read('postgresql://', nothing), fromNowhere)
    assert.deepEqual(await read('postgresql://?connect_timeout=0', nothing), fromNowhere)
    assert.equal(connectionSettings('postgresql://h/db', {}).user, os.userInfo().username)
  })

  it('looks for the password in the password file last', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-pgpass-'))
    const file = path.join(folder, 'pgpass')
    fs.writeFileSync(file, 'h:5432:db:u:from the file\n', { mode: 0o600 })
    const before = process.env.PGPASSFILE
    process.env.PGPASSFILE = file
    try {
      assert.equal(await connectionSettings('postgresql://u@h/db', {}).password(), 'from the file')
      assert.equal(await connectionSettings('postgresql://other@h/db', {}).password(), null)
      assert.equal(await connectionSettings('postgresql://u:p@h/db', {}).password(), 'p')
    } finally {
      if (before === undefined) delete process.env.PGPASSFILE
      else process.env.PGPASSFILE = before
      fs.rmSync(folder, { recursive: true })
    }
  })

  it('knows a pooler by its looks, and channel binding by its words', () => {
    const read = (url: string) => {
      const { isTransactionPooler, channelBinding } = connectionSettings(url, {})
      return [isTransactionPooler, channelBinding]
    }
    assert.deepEqual(read('postgresql://u@h/db'), [false, false])
    assert.deepEqual(read('postgresql://u@h:6543/db'), [true, false])
    assert.deepEqual(read('postgresql://u@h/db?pgbouncer=true&channel_binding=prefer'), [true, true])
    assert.deepEqual(read('postgresql://u@h/db?pgbouncer=false&channel_binding=require'), [false, true])
    assert.deepEqual(read('postgresql://u@h/db?channel_binding=disable'), [false, false])
  })

  it('says what is wrong with one, without a word of it', () => {
    const refused = (url: string, said: RegExp) =>
      assert.throws(
        () => connectionSettings(url, {}),
        (error: Error & { why: string }) =>
          said.test(`${error.message} ${error.why}`) &&
          !error.message.includes('s3cret') &&
          !error.why.includes('s3cret'),
      )
    refused('postgresql://u:s3cret@h1:5432,h2:5432/db', /several hosts/)
    refused('postgresql://u:s3cret@h1,h2/db?target_session_attrs=primary', /several hosts/)
    refused('postgresql://u:s3cret@h/db?host=a,b', /several hosts/)
    refused('postgresql:///?service=production', /names a service instead of a host/)
    refused('postgresql://u:s3cret#x@h/db', /percent-encoded|port/)
    refused('prisma+postgres://accelerate.prisma-data.net/?api_key=s3cret', /Accelerate/)
    refused('prisma://accelerate.prisma-data.net/?api_key=s3cret', /Accelerate/)
    refused('mysql://u:s3cret@h/db', /supports only PostgreSQL/)
    refused('s3cret@h/db', /does not begin with "postgresql:/)
    refused('/mysql://u:s3cret@h/db', /does not begin with "postgresql:/)
    for (const port of ['0', '65536', '5432.5', 'x']) {
      refused(`postgresql://u:s3cret@h/db?port=${port}`, /The port is not a number up to 65535/)
    }
    // One parser leaves out line breaks and tabs, and would show this machine for a server elsewhere.
    for (const hidden of ['ho\nst=localhost&host=elsewhere', 'ho\tst=localhost&host=elsewhere', 'db\rname=a&dbname=b'])
      refused(`postgresql://u:s3cret@h/db?${hidden}`, /control character/)
    refused('postgresql://u:s3cret@lo\ncalhost/db', /control character/)
    refused('postgresql://u:s3cret@h/a/../b', /database can be read in two ways/)
    refused('postgresql://localhost#@elsewhere/db', /database can be read in two ways/)
    refused('postgresql://a b@%6cocalhost/db', /host can be read in two ways/)
    // A comma in a password is no second host.
    check('postgresql://u:a,b@h/db', { host: 'h', database: 'db' })
  })

  it('is shown where it leads, with what the environment adds to the URL', () => {
    const environment = { PGHOST: 'production.example.com', PGPORT: '7777', PGDATABASE: 'pgdatabase', USER: 'me' }
    const shown = (url: string, given: Readonly<Record<string, string>> = environment) => {
      const complete = completeUrl(url, given)
      return `${describeUrl(complete).label}${isLocalUrl(complete) ? ' (this machine)' : ''}`
    }
    assert.equal(shown('postgresql:///app'), 'app on production.example.com:7777')
    assert.equal(shown('postgresql://me@/app?host=&schema=s'), 'app on production.example.com:7777')
    assert.equal(shown('postgresql://'), 'pgdatabase on production.example.com:7777')
    assert.equal(shown('postgresql:///app', { PGHOST: '/tmp' }), 'app on /tmp (this machine)')
    assert.equal(shown('postgresql:///app', {}), 'app on localhost:5432 (this machine)')
    assert.equal(shown('postgresql://h', { USER: 'me' }), 'me on h:5432')
    const url = 'postgresql://me@/app?host=&schema=s&options=-c%20a%3D1'
    const { host, schema, startupOptions } = connectionSettings(completeUrl(url, environment), {})
    assert.deepEqual([host, schema, startupOptions], ['production.example.com', 's', '-c a=1'])
    // What says all, or cannot be used, stays as it is.
    for (const whole of ['postgresql://u@h:1/db?schema=s', 'mysql://u@/db', 'postgresql://u@h1,h2/db'])
      assert.equal(completeUrl(whole, environment), whole)
  })
})
