import assert from 'node:assert/strict'
import { sampleRows } from '../../../server/src/backup/sample-rows'
import { resolveScope } from '../../../server/src/backup/scope/resolve-scope'
import { surveyDatabase } from '../../../server/src/backup/survey'
import { withClient } from '../../../server/src/database/connect'
import { usePostgres } from '../../support/postgres'

describe('the estimate of a backup', () => {
  const server = usePostgres()

  const connect = { environment: process.env }
  const survey = (url: string) => surveyDatabase(url, connect)

  it('goes by the real size of tables that were never analyzed, and waits for no lock', async () => {
    const database = await server.createDatabase(
      `CREATE TABLE t AS SELECT repeat(md5(i::text), 32) FROM generate_series(1, 30000) i; CREATE TABLE small AS SELECT 1 AS id`,
    )
    const scope = { kind: 'tables', tables: [{ schema: 'public', table: 't' }] } as const
    const bytesOf = async () => {
      const whole = await survey(database.url)
      const { tableBytes } = await resolveScope(scope, whole, database.url, connect)
      return [whole.tableBytes, tableBytes]
    }
    const [{ bytes }] = (await database.query(`SELECT pg_table_size('t')::int AS bytes`)) as [{ bytes: number }]
    const [all = 0, one] = await bytesOf()
    assert.ok(bytes > 30_000_000 && all > bytes && all < bytes + 100_000)
    assert.equal(one, bytes)
    const locked = await withClient(database.url, {}, async (client) => {
      await client.query('BEGIN; LOCK TABLE public.t')
      return await bytesOf()
    })
    assert.equal(locked[1], 0)
  })

  it('goes by how a sample of the rows compresses', async () => {
    const database = await server.createDatabase(
      `CREATE TABLE alike AS SELECT i AS id, repeat('the same text again and again, ', 20) FROM generate_series(1, 60000) i;
       CREATE TABLE unlike AS SELECT encode(sha512(i::text::bytea), 'base64') || encode(sha512((-i)::text::bytea), 'base64') FROM generate_series(1, 100000) i;
       CREATE TABLE large AS SELECT i AS id, (SELECT string_agg(encode(sha512((i * 1000 + j)::text::bytea), 'base64'), '') FROM generate_series(1, 100) j) FROM generate_series(1, 1500) i`,
    )
    const whole = await survey(database.url)
    const shareOf = async (table: string) => {
      const scope = { kind: 'tables', tables: [{ schema: 'public', table }] } as const
      const resolved = await resolveScope(scope, whole, database.url, connect)
      return (await sampleRows(database.url, resolved, connect))?.compressed ?? NaN
    }
    const [alike, unlike, large] = [await shareOf('alike'), await shareOf('unlike'), await shareOf('large')]
    assert.ok(alike < 0.05, `${alike}`)
    assert.ok(unlike > 0.5 && unlike < 1, `${unlike}`)
    assert.ok(large > 0.5 && large < 1.1, `${large}`)
    const all = await sampleRows(database.url, { kind: 'database', names: [], tableBytes: whole.tableBytes }, connect)
    assert.ok(all !== null && all.compressed > alike && all.compressed < large, JSON.stringify(all))
  })
})
