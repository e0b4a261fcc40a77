import assert from 'node:assert/strict'
import { said } from '../../support/said'
import { loadSqlParser, type SqlParser } from '../../../server/src/lint/parse/sql-parser'
import {
  expressionText,
  indexText,
  namesIn,
  sqlFault,
  typeText,
  type SqlText,
} from '../../../server/src/migration/run/recipes/sql-texts'

describe('texts of a journal that become part of SQL', () => {
  let parser: SqlParser
  before(async () => {
    parser = await loadSqlParser()
  })

  function check(
    make: (text: string) => SqlText,
    fault: string,
    good: readonly string[],
    bad: readonly string[],
  ): void {
    for (const text of good) assert.equal(sqlFault(parser, make(text)), null, text)
    for (const text of bad) assert.equal(said(sqlFault(parser, make(text))), fault, text)
  }

  it('are one type', () => {
    check(
      typeText,
      'no type',
      ['integer', 'timestamp(3) without time zone', '"public"."Mood"[]', 'numeric(10,2)', 'citext'],
      [
        ...[
          '',
          'integer, 1',
          'integer FROM t',
          'integer; DROP TABLE t',
          'integer -- ',
          'integer /* ',
          'no type at all',
        ],
        ...[
          'integer AS x, 1',
          'integer COLLATE "C"',
          'integer + 1',
          'integer::text',
          'integer WHERE true',
          '(SELECT 1)',
        ],
        ...[
          'integer AS prisma_audit_end UNION SELECT 1',
          'integer AS prisma_audit_end; SELECT 2',
          'integer AS prisma_audit_end, 2',
          'integer LIMIT 1',
          'integer)',
          'integer INTO t',
        ],
      ],
    )
  })

  it('are one expression, which changes nothing and reaches nowhere', () => {
    check(
      expressionText,
      'no single expression',
      [
        ...['1', 'now()', `'a;b' || "c"`, '(SELECT "id" FROM "public"."User" ORDER BY "id" LIMIT 1)', 'ARRAY[1, 2]'],
        ...[
          `nextval('s'::regclass)`,
          'CASE WHEN a THEN 1 END',
          'gen_random_uuid()',
          '"Lead"."userId"',
          'relname',
          'lower(a)',
        ],
      ],
      [
        ...['', '1, 2', '1 FROM t', '1; DROP TABLE t', '1 -- ', '1 AS a, 2', '1 WHERE true', '1 INTO t', '1 LIMIT 1'],
        ...[
          'DISTINCT 1',
          '1 AS prisma_audit_end, 2',
          'DISTINCT ON (a) 1',
          '1 AS prisma_audit_end; SELECT 2',
          '(SELECT 1 INTO t FROM u)',
        ],
        ...['1 GROUP BY 1', '1 UNION SELECT 2', '1 FOR UPDATE', '* FROM t', '1 ORDER BY 1', '1 HAVING true'],
        ...['(SELECT 1 FROM t FOR UPDATE)', '(WITH a AS (DELETE FROM t RETURNING 1) SELECT 1)'],
        ...[
          '(WITH a AS (INSERT INTO t VALUES (1) RETURNING 1) SELECT 1)',
          '(WITH a AS (UPDATE t SET a = 1 RETURNING 1) SELECT 1)',
        ],
        ...['(WITH a AS (MERGE INTO t USING u ON true WHEN MATCHED THEN DELETE RETURNING 1) SELECT 1)'],
        ...[
          `pg_read_file('x')`,
          `pg_catalog.pg_sleep(1)`,
          `PG_READ_FILE('x')`,
          `U&"pg\\005fread_file"('x')`,
          `lo_import('x')`,
        ],
        ...[`dblink('a', 'b')`, `query_to_xml('DELETE FROM t', true, true, '')`, `set_config('a', 'b', false)`],
        ...[
          `setval('s', 1)`,
          `ts_stat('DELETE FROM t')`,
          `ts_rewrite('a', 'b')`,
          `cursor_to_xml('c', 1, true, true, '')`,
        ],
        ...[
          `table_to_xml('t', true, true, '')`,
          `schema_to_xml('s', true, true, '')`,
          `database_to_xml(true, true, '')`,
        ],
        ...[`lower(pg_read_file('x'))`, `('x'::text).pg_read_file`, `(SELECT pg_read_file('x') FROM t)`],
        ...['(SELECT rolpassword FROM pg_authid)', '(SELECT 1 FROM pg_catalog.pg_authid)', '(SELECT 1 FROM pg_temp.t)'],
        ...['(SELECT 1 FROM information_schema.tables)', '(SELECT 1 FROM (SELECT 1 FROM pg_shadow) AS x)'],
      ],
    )
    // Names that only look alike.
    check(
      expressionText,
      '',
      [
        ...[
          'ts_rewriter(a)',
          'set_configuration(a)',
          'setvalue(a)',
          '(SELECT id FROM users)',
          '(SELECT 1 FROM my_pg_x.t)',
        ],
        'ts_stats(a)',
        'reset_config(a)',
        'my_pg_function(a)',
        '(SELECT 1 FROM information_schema_2.t)',
        '(SELECT 1 FROM app.pg_t)',
      ],
      [],
    )
  })

  it('are one index', () => {
    check(
      indexText,
      'no index',
      ['("a")', 'USING btree (a DESC NULLS LAST, lower(b) text_pattern_ops) WHERE (a > 0)', '(a) INCLUDE (b)'],
      [
        '',
        'a',
        '(a); DROP TABLE t',
        `((pg_read_file('x')))`,
        '(a) WHERE (SELECT 1 FROM pg_authid) = 1',
        '(a',
        '(a)) -- ',
      ],
    )
  })

  it('name what they name, whatever the quotes', () => {
    const names = (text: SqlText) => namesIn(parser, text)
    const read = names(expressionText(`(SELECT "id" FROM "public"."User" ORDER BY "createdAt" LIMIT 1)`))
    assert.deepEqual(
      [read.functions, read.relations, read.onlyColumn],
      [[], [{ schema: 'public', name: 'User' }], 'id'],
    )
    assert.ok(['id', 'public', 'User', 'createdAt'].every((name) => read.all.includes(name)))
    assert.ok(read.all.every((name) => typeof name === 'string'))
    const called = names(expressionText(`COALESCE("a".F(1), (b).g, U&"\\0068"(c), (SELECT 'x' FROM t))`))
    assert.deepEqual([...called.functions].sort(), ['f', 'g', 'h'])
    assert.deepEqual([called.relations, called.onlyColumn], [[{ schema: null, name: 't' }], null])
    assert.ok(called.all.includes('x'))
    assert.deepEqual(names(indexText('(lower(a)) WHERE f(b)')).functions, ['lower', 'f'])
    assert.deepEqual(names(indexText('(a)')).relations, [])
    assert.ok(names(typeText('other."Mood"')).all.includes('Mood'))
    for (const text of [
      ...[
        '(SELECT t.id FROM t)',
        '(SELECT id FROM t, u)',
        '(SELECT id, b FROM t)',
        '(SELECT id FROM t WHERE true)',
        'id',
      ],
      ...[
        '(SELECT f(id) FROM t)',
        '(SELECT id FROM f())',
        '(SELECT id FROM (SELECT 1) AS t)',
        '(SELECT DISTINCT id FROM t)',
      ],
      ...['(SELECT id FROM t GROUP BY id)', '(SELECT id)', '(SELECT id FROM t OFFSET 1)'],
    ]) {
      assert.equal(names(expressionText(text)).onlyColumn, null, text)
    }
    assert.equal(names(expressionText('(SELECT id FROM t LIMIT 1)')).onlyColumn, 'id')
  })
})
