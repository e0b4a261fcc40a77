import assert from 'node:assert/strict'
import { connectionSettings } from '../../../server/src/database/connection-settings'
import { describeUrl } from '../../../server/src/database/describe-url'

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
    refused('postgresql://u:s3cret#x@h/db', /percent-encoded|port/)
    refused('prisma+postgres://accelerate.prisma-data.net/?api_key=s3cret', /Accelerate/)
    refused('mysql://u:s3cret@h/db', /PostgreSQL only/)
  })
})
