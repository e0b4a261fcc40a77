import assert from 'node:assert/strict'
import { said } from '../../support/said'
import { withClient } from '../../../server/src/database/connect'
import {
  DROP_DATA,
  dropColumnWhenEmpty,
  dropTableWhenEmpty,
} from '../../../server/src/migration/plan/steps/drop-when-empty'
import { usePostgres, type TestDatabase } from '../../support/postgres'

describe('what drops a table or a column with what people wrote', () => {
  const server = usePostgres()
  const place = { schema: 'public', table: 'a "b"', column: 'c' }
  const NAME = '"public"."a ""b"""'
  let database: TestDatabase
  before(async () => {
    database = await server.createDatabase({
      sql: `CREATE TYPE "Shade" AS ENUM ('light', 'dark');
        CREATE FUNCTION never("Shade") RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE 'the cast of the owner of the type'; END $$;
        CREATE CAST ("Shade" AS text) WITH FUNCTION never("Shade")`,
    })
  })
  const tableWith = (type: string, ...values: string[]) =>
    database.query(`DROP TABLE IF EXISTS ${NAME}; CREATE TABLE ${NAME} (id integer, c ${type});
      ${values.map((value) => `INSERT INTO ${NAME} VALUES (1, ${value})`).join(';')}`)
  const columns = async () =>
    (
      await database.query(
        `SELECT attname FROM pg_attribute WHERE attrelid = to_regclass('${NAME}') AND attnum > 0 AND NOT attisdropped`,
      )
    ).map(({ attname }) => attname)

  type Guarded = ReturnType<typeof dropTableWhenEmpty>
  const counted = async ({ held }: Guarded) => Number((await database.query(held.count))[0]?.found)
  const drop = ({ down }: Guarded, setting = 'off') =>
    withClient(database.url, { settings: { [DROP_DATA]: setting } }, (client) => client.query(down))
  const refused = (message: string) => ({
    message,
    hint: /rollback --drop-data or SET prisma_audit\.drop_data = 'on'\.$/,
  })

  it('refuses while a table has rows, unless they may be dropped; can be run twice', async () => {
    await tableWith('integer', 'NULL', '2')
    const guarded = dropTableWhenEmpty(place)
    assert.equal(said(guarded.held.what), `rows in ${NAME}`)
    assert.equal(await counted(guarded), 2)
    await assert.rejects(drop(guarded), refused(`${NAME} has rows, which would be lost.`))
    assert.deepEqual(await columns(), ['id', 'c'])
    await drop(guarded, 'on')
    assert.deepEqual(await columns(), [])
    await drop(guarded)
    await tableWith('integer')
    await drop(guarded)
    assert.deepEqual(await columns(), [])
  })

  it('refuses while a column has values beside those that the plan gave its rows', async () => {
    const check = async (type: string, filled: string | null, values: readonly string[], held: number) => {
      await tableWith(type, ...values)
      const guarded = dropColumnWhenEmpty(place, filled === null ? null : { value: filled, type })
      assert.equal(await counted(guarded), held, `${type} ${values.join()}`)
      if (held === 0) return drop(guarded)
      await assert.rejects(drop(guarded), refused(`"c" of ${NAME} has values, which would be lost.`))
      assert.deepEqual(await columns(), ['id', 'c'])
      return drop(guarded, 'on')
    }
    for (const [type, filled, values, held] of [
      ['integer', null, ['NULL', 'NULL'], 0],
      ['integer', null, ['NULL', '0'], 1],
      ['integer', '7', ['7', '7'], 0],
      // NULL where the default was given is something that somebody wrote.
      ['integer', '7', ['7', 'NULL', '8'], 2],
      ['numeric(4,2)', '1.5', ['1.50'], 0],
      ['json', `'{}'`, [`'{}'`, `'{"a": 1}'`], 1],
      ['point', `'(1,2)'`, [`'(1,2)'`], 0],
      ['"public"."Shade"', `'light'`, [`'light'`, `'dark'`, 'NULL'], 2],
    ] as const) {
      await check(type, filled, values, held)
      assert.deepEqual(await columns(), ['id'])
    }
    await drop(dropColumnWhenEmpty(place, null))
    await database.query(`DROP TABLE ${NAME}`)
    await drop(dropColumnWhenEmpty(place, { value: '7', type: 'integer' }))
  })

  it('refuses a role from which rows are hidden', async () => {
    const role = await server.createRole()
    await tableWith('integer', '2')
    await database.query(`ALTER TABLE ${NAME} OWNER TO "${role.name}"; ALTER TABLE ${NAME} ENABLE ROW LEVEL SECURITY;
      ALTER TABLE ${NAME} FORCE ROW LEVEL SECURITY; GRANT CREATE ON SCHEMA public TO "${role.name}"`)
    for (const { down } of [dropTableWhenEmpty(place), dropColumnWhenEmpty(place, null)]) {
      const settings = { settings: { row_security: 'on' } }
      const dropping = withClient(role.urlFor(database), settings, (client) => client.query(down))
      await assert.rejects(dropping, { why: /row-level security/ })
    }
    assert.deepEqual(await columns(), ['id', 'c'])
  })
})
