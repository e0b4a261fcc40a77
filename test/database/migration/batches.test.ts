import assert from 'node:assert/strict'
import { withClient, type DatabaseClient } from '../../../server/src/database/connect'
import { readCatalog } from '../../../server/src/database/read-catalog'
import {
  blockBatches,
  keyBatches,
  wholeFill,
  type Batches,
  type Walk,
} from '../../../server/src/migration/plan/batches'
import { usePostgres } from '../../support/postgres'

/** What a batch of the walk's own answers. */
interface Answer {
  readonly filled: number
  readonly value?: string | null
  readonly cursor: string[] | null
}

describe('batches of a fill', () => {
  const server = usePostgres()
  const ROWS = 3000
  const WALK: Walk = {
    ...{ table: '"public"."a ""T"""', alias: '"a ""T"""', isAliased: false },
    ...{ column: '"own,er"', columnName: 'own,er', type: 'integer', value: '(7)', isOneValue: true },
  }

  /**
   * Two columns of the key, and one that has a value where `i` is a multiple of five. Statements that write are noted.
   */
  async function withTable(primaryKey: boolean, work: (client: DatabaseClient, walk: Walk) => Promise<void>) {
    const { table } = WALK
    const database = await server.createDatabase(`
      CREATE TABLE ${table} (i integer, "b B" varchar(9), "own,er" integer, filler text);
      INSERT INTO ${table} SELECT g / 3, 'k' || g, CASE WHEN g % 5 = 1 THEN 1 END, repeat('x', 1000)
      FROM generate_series(1, ${ROWS}) AS g ORDER BY g % 100;
      ${primaryKey ? `ALTER TABLE ${table} ADD PRIMARY KEY (i, "b B")` : ''};
      CREATE TABLE noted (keep text, row_security text, xid text, rows bigint);
      CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO public.noted VALUES (current_setting('prisma_audit.keep_updated_at', true),
          current_setting('row_security'), pg_current_xact_id()::text, (SELECT count(*) FROM changed));
        RETURN NULL; END $$;
      CREATE TRIGGER note AFTER UPDATE ON ${table} REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note()`)
    await withClient(database.url, {}, async (client) => {
      await client.query('SET row_security = on')
      await work(client, WALK)
    })
  }

  async function batchesOf(client: DatabaseClient, walk: Walk): Promise<Batches> {
    const { tables } = await readCatalog(client, { schemas: ['public'] })
    const found = tables.find(({ name }) => name === 'a "T"')
    const key = found?.primaryKey?.columns.flatMap((name) => found.columns.find((column) => column.name === name) ?? [])
    return key === undefined ? blockBatches(walk) : keyBatches(walk, key)
  }

  const owners = async (client: DatabaseClient) =>
    (
      await client.query<{ owner: number | null; count: number }>(
        `SELECT "own,er" AS owner, count(*)::int FROM ${WALK.table} GROUP BY 1 ORDER BY 1`,
      )
    ).rows.map(({ owner, count }) => [owner, count])
  /** The most rows that one statement changed. */
  const largest = async (client: DatabaseClient) =>
    (await client.query<{ rows: number }>('SELECT max(rows)::int AS rows FROM public.noted')).rows[0]?.rows ?? 0
  const noted = async (client: DatabaseClient) =>
    (
      await client.query<{ keep: string; row_security: string; statements: number; transactions: number }>(
        'SELECT keep, row_security, count(*)::int AS statements, count(DISTINCT xid)::int AS transactions FROM public.noted GROUP BY 1, 2',
      )
    ).rows.map(({ keep, row_security, statements, transactions }) => [keep, row_security, statements, transactions])

  /** Walks as a run does, in batches of `size`. */
  async function walkThrough(client: DatabaseClient, { batch }: Batches, size: number): Promise<Answer[]> {
    const answers: Answer[] = []
    let cursor = (await client.query<{ cursor: string[] | null }>(batch.start)).rows[0]?.cursor ?? null
    while (cursor !== null) {
      assert.ok(answers.length < 1000, 'it does not end')
      const { rows } = await client.query<Omit<Answer, 'filled'> & { filled: string }>(batch.next, [cursor, size])
      const [answer] = rows
      assert.ok(answer !== undefined)
      answers.push({ ...answer, filled: Number(answer.filled) })
      cursor = answer.cursor
    }
    return answers
  }
  const all = [
    [1, ROWS / 5],
    [7, (ROWS * 4) / 5],
  ]
  const filled = (answers: readonly Answer[]) => answers.reduce((sum, answer) => sum + answer.filled, 0)

  it('by the key fill each row once, whatever falls on their bounds', async () => {
    await withTable(true, async (client, walk) => {
      const batches = await batchesOf(client, walk)
      assert.deepEqual(batches.batch.keyColumns, ['"i"', '"b B"'])
      // The first takes 1,000 rows, each further one 999 more, since it begins with the last of the one before.
      const answers = await walkThrough(client, batches, 1000)
      assert.deepEqual([answers.length, filled(answers)], [4, (ROWS * 4) / 5])
      assert.ok(answers.every(({ value }) => value === '7'))
      assert.deepEqual(await owners(client), all)
      assert.deepEqual((await client.query(batches.batch.start)).rows, [{ cursor: null }])
      for (const size of [ROWS, 37]) {
        await client.query(`UPDATE ${walk.table} SET "own,er" = NULL WHERE "own,er" = 7 AND i % 40 < 2`)
        const { rowCount } = await client.query(`SELECT FROM ${walk.table} WHERE "own,er" IS NULL`)
        assert.equal(filled(await walkThrough(client, batches, size)), rowCount, String(size))
        assert.deepEqual(await owners(client), all, String(size))
      }
    })
  })

  it('by the key in a script, each in a transaction of its own', async () => {
    await withTable(true, async (client, walk) => {
      await client.query((await batchesOf(client, walk)).script)
      assert.deepEqual(await owners(client), all)
      // One of 2,000 rows, and one of the rest.
      assert.deepEqual(await noted(client), [['on', 'off', 2, 2]])
      assert.equal(await largest(client), 2000)
    })
  })

  it('by blocks, where there is no key', async () => {
    await withTable(false, async (client, walk) => {
      const batches = await batchesOf(client, walk)
      assert.deepEqual(batches.batch.keyColumns, [])
      const answers = await walkThrough(client, batches, 32)
      assert.equal(filled(answers), (ROWS * 4) / 5)
      assert.ok(
        answers.length > 10 && answers.every(({ value, filled: count }) => value === (count === 0 ? null : '7')),
      )
      assert.deepEqual(await owners(client), all)
    })
    await withTable(false, async (client, walk) => {
      await client.query((await batchesOf(client, walk)).script)
      assert.deepEqual(await owners(client), all)
      const [[keep, rowSecurity, statements, transactions] = []] = await noted(client)
      assert.deepEqual([keep, rowSecurity], ['on', 'off'])
      assert.ok(Number(statements) > 10 && statements === transactions)
      // 32 blocks of seven rows.
      assert.ok((await largest(client)) <= 224)
    })
  })

  it('that depend on the row, of a table that the expression calls by another name', async () => {
    for (const primaryKey of [true, false]) {
      await withTable(primaryKey, async (client, walk) => {
        const named = {
          ...walk,
          alias: '"R"',
          isAliased: true,
          isOneValue: false,
          value: '(CASE WHEN "R".i >= 0\nTHEN 7 END)',
        }
        const batches = await batchesOf(client, named)
        assert.ok((await walkThrough(client, batches, 500)).every((answer) => !('value' in answer)))
        assert.deepEqual(await owners(client), all)
        for (const script of [batches.script, wholeFill(named)]) {
          await client.query(`UPDATE ${walk.table} SET "own,er" = NULL WHERE "own,er" = 7`)
          await client.query(script)
          assert.deepEqual(await owners(client), all)
        }
      })
    }
  })

  it('are one where the rows are few, which leaves nothing set behind it', async () => {
    await withTable(true, async (client, walk) => {
      await client.query('BEGIN')
      await client.query(wholeFill(walk))
      const { rows } = await client.query(`SELECT current_setting('prisma_audit.keep_updated_at') AS keep`)
      await client.query('COMMIT')
      assert.deepEqual(rows, [{ keep: '' }])
      assert.deepEqual(await owners(client), all)
      assert.deepEqual(await noted(client), [['on', 'off', 1, 1]])
    })
  })
})
