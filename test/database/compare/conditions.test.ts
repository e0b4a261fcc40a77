import assert from 'node:assert/strict'
import { withClient } from '../../../server/src/database/connect'
import { readCatalog } from '../../../server/src/database/read-catalog'
import { compareConditions } from '../../../server/src/audit/matching/indexes'
import type { ExpectedIndex } from '../../../server/src/expected/model'
import { compareExpressions } from '../../../server/src/audit/values/expressions/compare-expressions'
import { prismaDiffScript } from '../../support/oracle'
import { usePostgres } from '../../support/postgres'
import { drift } from './compare-support'

/** Each line is one condition, and the ways in which it may be written. No two lines mean the same. */
const CONDITIONS: readonly (readonly string[])[] = [
  [`v IN ('a', 'b')`, `v in ('b','a')`, `v = ANY (ARRAY['a', 'b'])`, `((v)) IN (('a'), 'b')`, `"T".v IN ('a', 'b')`],
  [`v IN ('a', 'b', 'c')`],
  [`v NOT IN ('a', 'b')`, `v <> ALL (ARRAY['a', 'b'])`],
  [`NOT v IN ('a', 'b')`],
  [`v = 'a'`, `v IN ('a')`, `v::text = 'a'`, `CAST(v AS text) = 'a'`, `v = 'a'::text`],
  [`v <> 'a'`, `v != 'a'`, `v NOT IN ('a')`],
  [`v = 'A'`],
  [`v = ' a'`],
  [`v = 'it''s'`],
  [`"V" = 'a'`],
  [`v = "V"`],
  [`lower(v) = 'a'`, `LOWER(v) = 'a'`, `pg_catalog.lower(v) = 'a'`],
  [`upper(v) = 'a'`],
  [`length(v) = 1`],
  [`t IN ('a', 'b')`],
  [`t NOT IN ('a', 'b')`],
  [`t LIKE 'a%'`, `t ~~ 'a%'`],
  [`t NOT LIKE 'a%'`, `t !~~ 'a%'`],
  [`NOT t LIKE 'a%'`, `NOT (t LIKE 'a%')`],
  [`t ILIKE 'a%'`, `t ~~* 'a%'`],
  [`t NOT ILIKE 'a%'`, `t !~~* 'a%'`],
  [`t ~ 'a%'`],
  [`t ~* 'a%'`],
  [`t = ''`],
  [`t <> ''`, `t != ''`],
  [`t > '10'`],
  [`t COLLATE "C" > '10'`],
  [`n BETWEEN 1 AND 5`, `n >= 1 AND n <= 5`, `(n >= 1) AND (n <= 5)`],
  [`n NOT BETWEEN 1 AND 5`, `n < 1 OR n > 5`],
  [`n > 1 AND n < 5`],
  [`n >= 1 OR n <= 5`],
  [`n = -1`, `n = - 1`],
  [`n = 1`],
  [`-n = 1`],
  [`n > 1.5`, `n::numeric > 1.5`],
  [`n / 2 > 1.5`],
  [`n::numeric / 2 > 1.5`],
  [`n - 1 - 1 > 0`, `(n - 1) - 1 > 0`],
  [`n - (1 - 1) > 0`],
  [`n + 2 * 3 > 0`, `n + (2 * 3) > 0`],
  [`(n + 2) * 3 > 0`],
  [`n::text > '10'`, `(n)::text > '10'`],
  [`n::text > '9'`],
  [`n > 10`],
  [`n IN (1, 2)`, `n = ANY (ARRAY[2, 1])`],
  [`n <> ALL (ARRAY[1, 2])`, `n NOT IN (1, 2)`],
  [`n = ALL (ARRAY[1, 2])`],
  [`n <> ANY (ARRAY[1, 2])`],
  [`n IS DISTINCT FROM 1`],
  [`n IS NOT DISTINCT FROM 1`],
  [`b`, `(b)`],
  [`NOT b`, `not b`],
  [`b IS TRUE`],
  [`b IS NOT TRUE`],
  [`b IS FALSE`],
  [`b IS NULL`, `b ISNULL`],
  [`d IS NULL`, `"d" IS NULL`, `d is null`],
  [`d IS NOT NULL`, `d NOTNULL`],
  [`d IS NULL AND b`, `(d IS NULL) AND (b)`],
  [`d IS NULL OR b`],
  [`(b OR n > 1) AND d IS NULL`],
  [`b OR n > 1 AND d IS NULL`, `b OR (n > 1 AND d IS NULL)`],
  [`NOT b AND d IS NULL`, `(NOT b) AND d IS NULL`],
  [`NOT (b AND d IS NULL)`],
  [`b AND n > 1 AND d IS NULL`, `b AND (n > 1 AND d IS NULL)`, `(b AND n > 1) AND d IS NULL`],
  [`d > '2020-01-01'`, `d > '2020-01-01 00:00'`, `d > timestamp '2020-01-01'`, `d > '2020-01-01'::timestamp`],
  [`d > '2020-01-02'`],
  [`d::date > '2020-01-01'`, `CAST(d AS date) > date '2020-01-01'`],
  [`s = 'A'`, `s = 'A'::"S"`, `s = 'A'::public."S"`],
  [`s = 'a b'`],
  [`s IN ('A', 'a b')`],
  [`s <> 'A'`],
  [`p > 0`, `p > 0::numeric`],
  [`p >= 0`],
  [`p > 10`],
  [`j ->> 'a' = 'x'`, `(j ->> 'a') = 'x'`],
  [`j -> 'a' = '"x"'`],
  [`(j ->> 'a')::int > 1`, `CAST(j ->> 'a' AS integer) > 1`],
  [`(j ->> 'a')::numeric > 1`],
  [`j ? 'a'`],
  [`j @> '{"a":1}'`, `j @> '{"a": 1}'`, `j @> '{"a":1}'::jsonb`],
  [`j @> '{"a":2}'`],
  [`j -> 1 = '1'`],
  [`j -> '1' = '1'`],
  [`coalesce(v, t) = 'a'`, `COALESCE(v, t) = 'a'`],
  [`v || t = 'ab'`, `(v || t) = 'ab'`],
  [`t || v = 'ab'`],
  [`v = t`],
  [`CASE WHEN b THEN n > 1 END`, `CASE WHEN b THEN (n > 1) ELSE NULL END`],
  [`CASE WHEN b THEN n > 1 ELSE false END`],
  [`CASE n WHEN 1 THEN b ELSE d IS NULL END`],
  [`CASE n WHEN 1 THEN b WHEN 2 THEN NOT b ELSE d IS NULL END`],
]

const TABLE = `CREATE TYPE "S" AS ENUM ('A', 'a b');
  CREATE TABLE "T" (id int, v varchar(20), "V" varchar(20), t text, n int, b boolean, d timestamp(3), s "S", p numeric(65,30), j jsonb)`

describe('compare: conditions of indexes', () => {
  const server = usePostgres()

  it('are equal to what PostgreSQL makes of them, however they are written, and to nothing else', async () => {
    const written = CONDITIONS.flatMap((spellings, line) => spellings.map((text) => ({ text, line })))
    const database = await server.createDatabase(
      [TABLE, ...written.map(({ text }, place) => `CREATE INDEX i${String(place)} ON "T" (id) WHERE ${text}`)].join(
        ';\n',
      ),
    )
    const { tables } = await withClient(database.url, {}, (client) => readCatalog(client, { schemas: ['public'] }))
    const { columns, indexes } = tables[0] ?? { columns: [], indexes: [] }
    const faults: string[] = []
    for (const [place, { text, line }] of written.entries()) {
      for (const [other, { line: otherLine }] of written.entries()) {
        const actual = indexes.find(({ name }) => name === `i${String(other)}`)
        assert.ok(actual)
        const found = compareConditions(indexWhere(text), actual, columns)
        const wanted = line === otherLine ? 'none' : 'different'
        if (found !== wanted) faults.push(`${text} against ${actual.predicate ?? ''}: ${found} (${String(place)})`)
      }
    }
    assert.deepEqual(faults, [])
  })

  it('that are not read, or whose text alone does not tell, are unknown', () => {
    const unknown = ['', 'n >', `n = E'\\n'`, 'n = $1', 'CASE WHEN b THEN true', 'n = (SELECT 1)', 'n = 1 -- one']
    for (const text of [
      ...unknown,
      '(n = 1',
      `v = 'a`,
      `substring(v similar 'a' escape 'b') = 'x'`,
      'n = 1e5',
      '🦜 = 1',
      'a[1] = 1',
      `v LIKE 'a' ESCAPE 'b'`,
    ]) {
      assert.equal(compareExpressions(text, 'n = 1'), 'unknown', text)
      assert.equal(compareExpressions('n = 1', text), 'unknown', text)
      assert.equal(compareExpressions(text, text), 'none', text)
    }
  })

  it('that Prisma takes for others by their spelling are information, and exactly those', async () => {
    const texts = CONDITIONS.flat().filter((text) => !text.includes('"T"'))
    const schema = `datasource db {
  provider = "postgresql"
}
generator client {
  provider        = "prisma-client-js"
  previewFeatures = ["partialIndexes"]
}
enum S {
  A
  a_b @map("a b")
}
model T {
  id Int @unique
  v  String?   @db.VarChar(20)
  V  String?   @db.VarChar(20)
  t  String?
  n  Int?
  b  Boolean?
  d  DateTime?
  s  S?
  p  Decimal?
  j  Json?
${texts.map((text, place) => `  k${String(place)} Int?\n  @@index([k${String(place)}], map: "i${String(place)}", where: raw(${JSON.stringify(text)}))`).join('\n')}
}
`
    const database = await server.createDatabase(
      [
        // A column for each, so that Prisma's engine takes none for another one.
        TABLE.replace('id int', `id int NOT NULL, ${texts.map((_, place) => `k${String(place)} int`).join(', ')}`),
        'CREATE UNIQUE INDEX "T_id_key" ON "T" (id)',
        ...texts.map((text, place) => `CREATE INDEX i${String(place)} ON "T" (k${String(place)}) WHERE ${text}`),
      ].join(';\n'),
    )
    const script = await prismaDiffScript(schema, database.url)
    const toPrisma = new Set([...script.matchAll(/DROP INDEX "i(\d+)"/g)].map(([, place]) => texts[Number(place)]))
    const found = await drift(schema, database.url)
    const ours = new Set(found.map(({ object }) => texts[Number(object?.slice(1))]))
    assert.deepEqual(
      found.filter(({ code, severity }) => code !== 'index-definition' || severity !== 'information'),
      [],
    )
    assert.deepEqual(
      [...ours].filter((text) => !toPrisma.has(text)),
      [],
      'not to Prisma',
    )
    assert.deepEqual(
      [...toPrisma].filter((text) => !ours.has(text)),
      [],
      'to Prisma only',
    )
  })

  it('whose names are not quoted are read as Prisma reads them', async () => {
    const pairs = [
      ['deletedAt IS NULL', '"deletedAt" IS NULL'],
      ['n > 5 AND deletedAt is null', 'n > 5 AND "deletedAt" IS NULL'],
      ['"deletedAt" IS NULL', '"deletedAt" IS NULL'],
      ["t = 'deletedAt'", "t = 'deletedAt'"],
      ['DELETEDAT IS NULL', '"deletedAt" IS NULL'],
      ['deletedat IS NULL', '"deletedAt" IS NULL'],
      ['deletedAt IS NOT NULL', '"deletedAt" IS NULL'],
    ] as const
    const schema = `datasource db {
  provider = "postgresql"
}
generator client {
  provider        = "prisma-client-js"
  previewFeatures = ["partialIndexes"]
}
model T {
  id        Int       @id
  deletedAt DateTime?
  n         Int?
  t         String?
${pairs.map(([text], place) => `  k${place} Int?\n  @@index([k${place}], map: "i${place}", where: raw(${JSON.stringify(text)}))`).join('\n')}
}
`
    const columns = pairs.map((_, place) => `k${place} int`).join(', ')
    const database = await server.createDatabase(
      [
        `CREATE TABLE "T" (id int CONSTRAINT "T_pkey" PRIMARY KEY, "deletedAt" timestamp(3), n int, t text, ${columns})`,
        ...pairs.map(([, text], place) => `CREATE INDEX i${place} ON "T" (k${place}) WHERE ${text}`),
      ].join(';\n'),
    )
    const script = await prismaDiffScript(schema, database.url)
    const toPrisma = [...script.matchAll(/DROP INDEX "(i\d+)"/g)].map(([, name]) => name).sort()
    const found = (await drift(schema, database.url)).map(({ object }) => object).sort()
    assert.deepEqual(found, toPrisma)
    assert.deepEqual(found, ['i4', 'i5', 'i6'])
  })

  function indexWhere(predicate: string): ExpectedIndex {
    return {
      name: '',
      unique: false,
      method: 'btree',
      columns: [],
      isPartial: true,
      predicate,
      field: null,
      range: RANGE,
    }
  }
})

const RANGE = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }
