import assert from 'node:assert/strict'
import { ScriptReader } from '../../../server/src/backup/sql/script-reader'
import { insertTarget } from '../../../server/src/backup/sql/row-target'

describe('SQL with COPY in it', () => {
  const SCRIPT = 'SET x;\nCOPY t FROM stdin;\n1\tä\\\\.\n\\\\.\n\\.\nSELECT 1;\nCOPY u FROM stdin;\n\\.\nlast'

  /** Cut everywhere, since pieces end where they like. */
  it('is cut into lines and rows wherever its pieces end', async () => {
    const whole = Buffer.from(SCRIPT)
    for (let size = 1; size <= whole.length; size++) {
      const seen: string[] = []
      let rows: Buffer[] = []
      const reader = new ScriptReader('a.sql', {
        line: (text) => {
          seen.push(text)
          return text.startsWith('COPY')
        },
        rows: (piece) => void rows.push(piece),
        endRows: () => {
          seen.push(`rows ${Buffer.concat(rows).toString()}`)
          rows = []
        },
      })
      for (let start = 0; start < whole.length; start += size) await reader.take(whole.subarray(start, start + size))
      assert.equal(await reader.end(), false)
      assert.deepEqual(seen, [
        ...['SET x;', 'COPY t FROM stdin;', 'rows 1\tä\\\\.\n\\\\.\n'],
        ...['SELECT 1;', 'COPY u FROM stdin;', 'rows ', 'last'],
      ])
    }
    const cut = new ScriptReader('a.sql', { line: () => true, rows: () => undefined, endRows: () => undefined })
    await cut.take(Buffer.from('COPY t FROM stdin;\n1\n\\'))
    assert.equal(await cut.end(), true)
  })

  it('becomes INSERTs with the same values', async () => {
    const run: string[] = []
    const insert = async (statement: string, rows: string, size: number) => {
      const target = insertTarget(statement, (sql) => Promise.resolve(void run.push(sql)))
      const bytes = Buffer.from(rows)
      for (let start = 0; start < bytes.length; start += size) await target.rows(bytes.subarray(start, start + size))
      await target.end()
    }
    for (const size of [1, 3, 100])
      await insert('COPY public."T" (id, "a b") FROM stdin', "1\t\\N\n2\tit's \\t\\\\N ü\n", size)
    const sql = `INSERT INTO "public"."T" ("id", "a b") OVERRIDING SYSTEM VALUE VALUES ('1', NULL), ('2',  E'it''s \t\\\\N ü')`
    assert.deepEqual(run.splice(0), [sql, sql, sql])
    await insert('COPY public.empty  FROM stdin', '\n\n', 9)
    assert.deepEqual(run.splice(0), [
      'INSERT INTO "public"."empty" DEFAULT VALUES; INSERT INTO "public"."empty" DEFAULT VALUES',
    ])
    await insert('COPY public.many (id) FROM stdin', '1\n'.repeat(1001), 7)
    assert.equal(run.length, 3)
  })
})
