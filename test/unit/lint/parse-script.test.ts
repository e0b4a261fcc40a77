import assert from 'node:assert/strict'
import { splitScript } from '../../../server/src/lint/parse/split-script'
import { PSQL, useLinter } from './support'
import { inProcessorSeconds } from '../../support/processor-time'

describe('lint: a script is split as PostgreSQL would', () => {
  const check = (sql: string, expected: readonly string[]): void => {
    const statements = splitScript(sql).map(({ start, end }) => sql.slice(start, end))
    assert.deepEqual(statements, expected)
  }

  it('at semicolons outside strings, names, comments and dollar quotes', () => {
    check('SELECT 1; SELECT 2', ['SELECT 1', 'SELECT 2'])
    check(`SELECT ';', E'\\';', "a;""b"; SELECT 2;`, [`SELECT ';', E'\\';', "a;""b"`, 'SELECT 2'])
    check('SELECT 1 -- a; b\n; /* c; /* d; */ e; */ SELECT 2;', ['SELECT 1', 'SELECT 2'])
    check('SELECT $$a;b$$; SELECT $x$ $$;$$ $x$; SELECT $1;', ['SELECT $$a;b$$', 'SELECT $x$ $$;$$ $x$', 'SELECT $1'])
    check('SELECT 1;\r\n\r\nSELECT\r\n2;\r\n', ['SELECT 1', 'SELECT\r\n2'])
    check('-- nothing\n;;', [])
  })

  it('not inside the body of an SQL function', () => {
    const body = 'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END'
    check(`${body}; SELECT 3;`, [body, 'SELECT 3'])
    check('BEGIN; SELECT 1; END;', ['BEGIN', 'SELECT 1', 'END'])
  })

  it('with a command of psql above a statement as a statement', () => {
    check('\\set ON_ERROR_STOP on\nSELECT 1;\n\\echo done', ['\\set ON_ERROR_STOP on', 'SELECT 1', '\\echo done'])
  })

  it('with the commands of psql in a statement and the rows of COPY left out', () => {
    check('SELECT 1\n\\gexec\nSELECT 2;', ['SELECT 1', 'SELECT 2'])
    check("COPY t FROM stdin;\n1\tit's; so\n\\.\nSELECT 2;", ['COPY t FROM stdin', 'SELECT 2'])
  })

  it('where a quote is never closed, to its end', () => {
    check("SELECT 1; SELECT 'abc; SELECT 2;", ['SELECT 1', "SELECT 'abc; SELECT 2;"])
    check('SELECT $$abc;', ['SELECT $$abc;'])
    check('SELECT 1; /* abc;', ['SELECT 1'])
  })
})

describe('lint: places', () => {
  const { lint, check, parse } = useLinter()

  it('count UTF-16 code units, though the parser counts bytes', () => {
    const sql = '-- Grüße 😀\r\nALTER TABLE "Größe😀"\r\n  ADD COLUMN "é😀" JSON,\r\n  DROP COLUMN "ü";'
    const found = lint(sql).map(({ code, span }) => [code, sql.slice(span.start, span.end)])
    assert.deepEqual(found, [
      ['json-type', 'JSON'],
      ['drop-column', 'DROP COLUMN "ü"'],
    ])
  })

  it('of each action of an ALTER TABLE, whatever commas it holds', () => {
    const sql = `ALTER TABLE IF EXISTS "public"."a" * ADD COLUMN "x" NUMERIC(10, 2), ADD CONSTRAINT "c" CHECK ("x" IN (1, 2)), DROP COLUMN "z";`
    const found = lint(sql).map(({ span }) => sql.slice(span.start, span.end))
    assert.deepEqual(found, ['ADD CONSTRAINT "c" CHECK ("x" IN (1, 2))', 'DROP COLUMN "z"'])
  })

  it('of a query in a DO block', () => {
    const sql = `DO $$ BEGIN\n  -- 😀\n  IF true THEN\n    ALTER TABLE "Lead" ADD CONSTRAINT "c" CHECK (true), DROP COLUMN "x";\n  END IF;\nEND $$;`
    const found = lint(sql).map(({ code, span, fix }) => [code, sql.slice(span.start, span.end), fix])
    assert.deepEqual(found, [
      ['check-not-valid-missing', 'ADD CONSTRAINT "c" CHECK (true)', null],
      ['drop-column', 'DROP COLUMN "x"', null],
    ])
  })

  it('a DO block is a transaction, unless it commits', () => {
    const body = 'ALTER TABLE "Lead" ADD COLUMN "x" INT; UPDATE "Lead" SET "x" = 1 WHERE "x" IS NULL;'
    check(`DO $$ BEGIN ${body} END $$;`, ['data-change-with-schema-change'], PSQL)
    check(`DO $$ BEGIN ${body.replace('; ', '; COMMIT; ')} END $$;`, [], PSQL)
  })

  it('nothing is thrown, whatever is given', () => {
    for (const sql of ['', ';', '\0', 'a'.repeat(300_000), '$$', "E'\\", 'DO 1', 'CREATE FUNCTION', '😀', '\\', '"'])
      assert.doesNotThrow(() => parse(sql))
  })
})

describe('lint: what EXECUTE runs in a DO block', () => {
  const { check, lint } = useLinter()

  it('is checked where it is a constant', () => {
    const sql = `DO $$ BEGIN\n  IF true THEN EXECUTE 'ALTER TABLE "é😀" DROP COLUMN "x"'; END IF;\nEND $$;`
    const found = lint(sql).map(({ code, span }) => [code, sql.slice(span.start, span.end)])
    assert.deepEqual(found, [['drop-column', 'DROP COLUMN "x"']])
    check(`DO $$ BEGIN EXECUTE 'DROP TABLE "a"; DELETE FROM ' || '"b"'; END $$;`, [
      'drop-table',
      'delete-without-where',
    ])
    check(`DO $$ BEGIN EXECUTE $x$DROP TABLE "a"$x$::text; END $$;`, ['drop-table'])
    check(`DO $$ BEGIN EXECUTE 'CREATE TABLE "a" ("x" TEXT DEFAULT ''b'')'; DELETE FROM "a"; END $$;`, [])
  })

  it('is underlined as a whole where its quotes are doubled', () => {
    const sql = `DO $$ BEGIN PERFORM 1; EXECUTE 'DELETE FROM "a" WHERE ''t'''; END $$;`
    const found = lint(sql).map(({ code, span }) => [code, sql.slice(span.start, span.end)])
    assert.deepEqual(found, [['delete-without-where', `'DELETE FROM "a" WHERE ''t'''`]])
  })

  it('has a note where only the running block knows it', () => {
    const loop = (run: string) => `DO $$ DECLARE t text; BEGIN FOR t IN SELECT 'a' LOOP ${run} END LOOP; END $$;`
    const drop = `format('DROP TABLE %I', t)`
    const sql = loop(`EXECUTE ${drop};`)
    const found = lint(sql).map(({ code, span, severity }) => [code, sql.slice(span.start, span.end), severity])
    assert.deepEqual(found, [['dynamic-sql', drop, 'information']])
    check(loop('EXECUTE t USING 1;'), ['dynamic-sql'])
    check(loop(`EXECUTE 'DROP TABLE ' || t;`), ['dynamic-sql'])
    check(loop(`EXECUTE 'no statement';`), ['dynamic-sql'])
    check(`DO $$ DECLARE r record; BEGIN FOR r IN EXECUTE current_query() LOOP NULL; END LOOP; END $$;`, [
      'dynamic-sql',
    ])
    check(`-- prisma-audit-ignore dynamic-sql: reviewed\n${sql}`, [])
    check(`CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE current_query(); END $$;`, [])
  })
})

describe('lint: a statement as long as any', () => {
  const { lint, parse } = useLinter()

  it(
    'of a thousand defaults, each of which is found in it',
    inProcessorSeconds(30, () => {
      const columns = Array.from({ length: 1500 }, (_, index) => `"c${index}" timestamp DEFAULT now()`)
      const found = lint(`CREATE TABLE "a" (\n${columns.join(',\n')}\n);`)
      assert.equal(found.filter(({ code }) => code === 'local-time-default').length, 1500)
    }),
  )

  it(
    'of thousands of commands of psql, and of a list of ninety thousand values',
    inProcessorSeconds(30, () => {
      const commands = `SELECT ${'\n\\a'.repeat(120_000)}\n1`
      assert.equal(parse(commands).statements[0]?.source, `SELECT ${'\n  '.repeat(120_000)}\n1`)
      assert.deepEqual(lint(`SELECT ${'1,'.repeat(90_000)}1;`), [])
    }),
  )
})

describe('lint: what only psql can run', () => {
  const { check, lint } = useLinter()

  it('is an error in a migration of Prisma', () => {
    const sql = '\\connect app\nSELECT 1;\n  \\i more.sql\n'
    const found = lint(sql).map(({ code, severity, span, message }) => [
      code,
      severity,
      sql.slice(span.start, span.end),
      message.split(' ')[0],
    ])
    assert.deepEqual(found, [
      ['psql-command', 'error', '\\connect app', '\\connect'],
      ['psql-command', 'error', '\\i more.sql', '\\i'],
    ])
    check('SELECT 1 \\gexec', ['psql-command'])
    check('\\restrict aBc', ['psql-command'])
    check('COPY "a" FROM stdin;\n1\n\\.\nSELECT 1;', ['psql-command'])
    check('-- prisma-audit-ignore psql-command: only we run it\n\\set x 1\nSELECT 1;', [])
  })

  it('is none in a script of psql, a string or a comment', () => {
    check('\\connect app\nCOPY "a" FROM stdin;\n1\n\\.\n', [], PSQL)
    check("SELECT '\n\\connect app';", [])
    check('-- \\connect app\nSELECT $$\n\\i x$$;', [])
    check(`COPY "a" FROM '/tmp/rows'; COPY "a" TO STDOUT;`, [])
  })
})

describe('lint: SQL that was made to do harm', () => {
  const { check, lint } = useLinter()

  it('is as deep as the parser takes it, and hides nothing behind it', () => {
    check(`DELETE FROM "a" WHERE ${'NOT '.repeat(2000)} "x"; DROP TABLE "b";`, ['drop-table'])
    check(`SELECT ${'ARRAY['.repeat(1000)}1${']'.repeat(1000)}; DROP TABLE "b";`, ['drop-table'])
  })

  it(
    'has any number of tables with row security, and of commands',
    inProcessorSeconds(60, () => {
      const tables = Array.from(
        { length: 3000 },
        (_, index) => `ALTER TABLE t${String(index)} ENABLE ROW LEVEL SECURITY;`,
      )
      check(tables.join('\n'), Array(3000).fill('row-security-without-policy'))
      check('\\echo x\n'.repeat(3000), Array(3000).fill('psql-command'))
    }),
  )

  it('has any number of statements that others need', function () {
    this.timeout(600_000)
    const many = (statement: (index: string) => string): string =>
      Array.from({ length: 3000 }, (_, index) => statement(String(index))).join('\n')
    const made = [
      many((i) => `CREATE TRIGGER t${i} BEFORE UPDATE OF c${i} ON "a" FOR EACH ROW EXECUTE FUNCTION f();`),
      'CREATE TRIGGER whole BEFORE UPDATE ON "a" FOR EACH ROW EXECUTE FUNCTION f();',
      many((i) => `ALTER TYPE e ADD VALUE 'v${i}';`),
      `ALTER TYPE other ADD VALUE 'v7';`,
    ]
    const found = lint([...made, `UPDATE "a" SET c9 = 'v7', c3 = 1 WHERE y = 1;`].join('\n')).map(
      ({ code, message }) => `${code}: ${message}`,
    )
    assert.match(found[0] ?? '', /^enum-value-in-same-transaction: The value 'v7' is added to the enum e in/)
    assert.match(found[1] ?? '', /^enum-value-in-same-transaction: The value 'v7' is added to the enum other in/)
    assert.match(found[2] ?? '', /^backfill-after-trigger: The trigger t3, created above/)
    assert.equal(found.length, 3)
    check(
      many((i) => `ALTER TABLE "a" DROP CONSTRAINT c${i};`),
      Array(3000).fill('drop-constraint'),
    )
    check(
      many((i) => `ALTER TYPE e${i} RENAME TO f${i};`),
      Array(3000).fill('rename-type'),
    )
    check(
      many(() => 'BEGIN;'),
      Array(3000).fill('transaction-not-ended'),
    )
  })
})

describe('lint: half-typed SQL', () => {
  const { lint, check } = useLinter()

  it('has one mild finding where the parser stopped, and hides none of the others', () => {
    const sql = 'DROP TABLE "a";\nALTER TABLE "é😀" ADD COLUM "x" INT;\nDROP TABLE "b";'
    const found = lint(sql).map(({ code, severity, span }) => [code, severity, sql.slice(span.start, span.end)])
    assert.deepEqual(found, [
      ['drop-table', 'warning', 'DROP TABLE "a"'],
      ['sql-syntax', 'information', 'INT'],
      ['drop-table', 'warning', 'DROP TABLE "b"'],
    ])
  })

  it('at the end of the text too', () => {
    check('CREATE', ['sql-syntax'])
    check("SELECT 'abc", ['sql-syntax'])
  })
})

describe('lint: what cannot be parsed', () => {
  const { lint, check } = useLinter()
  const NESTED = 'This statement nests too deeply to be parsed, so it was not checked.'

  /** Each nests the grammar deeper than its stack. */
  const deep: Readonly<Record<string, string>> = {
    operators: `SELECT 1${' + 1'.repeat(15_000)}`,
    'names that are keywords': `SELECT 1${' + t.and'.repeat(15_000)}`,
    casts: `SELECT 1${'::int'.repeat(15_000)}`,
    collations: `SELECT a${' COLLATE b'.repeat(15_000)}`,
    sets: `SELECT 1, 2${' UNION SELECT 1, 2'.repeat(10_000)}`,
    joins: `SELECT FROM a${' JOIN a ON b AND c'.repeat(10_000)}`,
    between: `SELECT a${' BETWEEN 1 AND 1 IS NULL'.repeat(6_000)}`,
    cases: `SELECT 1${' + CASE WHEN a THEN b ELSE c END'.repeat(5_000)}`,
    'an action among others': `ALTER TABLE x DROP COLUMN a, ADD CHECK (1${' + 1'.repeat(15_000)} > 0)`,
  }
  for (const [name, sql] of Object.entries(deep)) {
    it(`says so where it nests too deeply: ${name}`, () => {
      assert.deepEqual(
        lint(sql).map(({ severity, message }) => [severity, message]),
        [['warning', NESTED]],
      )
    })
  }

  it('and reads what follows, although the grammar would reject everything once its stack has overflowed 26 times', () => {
    const found = lint(`${`${String(deep.operators)};\n`.repeat(27)}DROP TABLE "a";`)
    assert.deepEqual(
      found.map(({ code }) => code),
      [...Array<string>(27).fill('sql-syntax'), 'drop-table'],
    )
  })

  it('reads what is only long', () => {
    const terms = (n: number, term: string, by: string) => Array(n).fill(term).join(by)
    for (const sql of [
      `DROP TABLE "a", ${terms(9_000, 'b', ', ')}`,
      `DELETE FROM "a" USING b WHERE ${terms(5_000, '(a = 1 AND b = 2)', ' OR ')}`,
      `DELETE FROM "a" WHERE id IN (${terms(20_000, '1', ', ')})`,
      `DELETE FROM "a" WHERE b = CASE ${terms(5_000, 'WHEN a = 1 THEN 2', ' ')} END`,
    ]) {
      assert.deepEqual(
        lint(sql).filter(({ code }) => code === 'sql-syntax'),
        [],
        sql.slice(0, 50),
      )
    }
  })

  it('says that a statement was too long, unless it is rows', () => {
    const padding = 'x'.repeat(200_000)
    check(`ALTER TABLE "a" DROP COLUMN "b" /* ${padding} */;`, ['drop-column'])
    const long = `ALTER TABLE "a" DROP COLUMN /* ${padding} */ "b";`
    assert.deepEqual(
      lint(long).map(({ severity, message }) => [severity, message]),
      [['warning', 'This statement is longer than 200,000 characters, so it was not checked.']],
    )
    check(`INSERT INTO "a" VALUES ('${padding}');`, [])
    check(`WITH gone AS (DELETE FROM "b" RETURNING *) INSERT INTO "a" SELECT *, '${padding}' FROM gone;`, [
      'sql-syntax',
    ])
  })
})

describe('lint: a comment silences', () => {
  const { check } = useLinter()

  it('the codes that it names, in the statement below it', () => {
    check('-- prisma-audit-ignore drop-table: moved to the archive\nDROP TABLE "a";\nDROP TABLE "b";', ['drop-table'])
    check('/* prisma-audit-ignore drop-column, drop-cascade */ ALTER TABLE "a" DROP COLUMN "b" CASCADE;', [])
    check('-- prisma-audit-ignore drop-column\nDROP TABLE "a";', ['drop-table'])
    check('-- prisma-audit-ignore\nDROP TABLE "a" CASCADE;', [])
    check('-- prisma-audit-ignore: they are gone for good\nDROP TABLE "a" CASCADE;', [])
    check('DROP TABLE "a"; -- prisma-audit-ignore drop-table', ['drop-table'])
  })

  it('also the queries of a DO block below it', () => {
    check('-- prisma-audit-ignore drop-table\nDO $$ BEGIN DROP TABLE "a"; END $$;', [])
  })
})
