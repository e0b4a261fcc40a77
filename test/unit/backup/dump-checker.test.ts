import assert from 'node:assert/strict'
import { DumpChecker } from '../../../server/src/backup/sql/dump-checker'

describe('DumpChecker', () => {
  const ENTRY = '-- Name: a; Type: TABLE; Schema: public; Owner: o'

  /** As an archive is read: each comment of an object is announced. */
  function check(...lines: string[]): void {
    const checker = new DumpChecker('a.dump')
    for (const line of lines) {
      if (line === ENTRY) checker.nextObject()
      checker.line(line)
    }
    checker.end()
  }

  it('accepts objects whose bodies look like others', () => {
    check(
      ...['SET statement_timeout = 0;', '--', ENTRY, '--', 'CREATE TABLE a ();', '', '--', ENTRY, '--'],
      ...['CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$', 'BEGIN', '--', ENTRY, '--', 'DELETE FROM a;'],
      ...Array.from({ length: 3000 }, () => ENTRY),
      ...['DROP DATABASE a;', 'END $$;', '--', ENTRY, '--', `COMMENT ON TABLE a IS 'x`, ENTRY, `DO';`, ''],
    )
  })

  it('rejects what is no part of a dump, wherever it stands', () => {
    const isRejected = { why: /a DO statement, which pg_dump does not write/ }
    const block = 'DO $$ BEGIN END $$;'
    assert.throws(() => check(block), isRejected)
    assert.throws(() => check(ENTRY, 'CREATE TABLE a ();', block, ENTRY, 'CREATE TABLE b ();'), isRejected)
    assert.throws(() => check(ENTRY, `COMMENT ON TABLE a IS 'x`, ENTRY, `';`, block), isRejected)
    assert.throws(() => check('CREATE TABLE a ();', block.slice(0, -1)), isRejected)
  })

  it('rejects among the rows what belongs into the structure, and bytes that no SQL has', () => {
    const amongRows = (line: string) => {
      const checker = new DumpChecker('a.dir', 'rows')
      for (const each of ['SET row_security = off;', "SELECT pg_catalog.lo_create('7001');", line]) checker.line(each)
      checker.end()
    }
    amongRows('ALTER LARGE OBJECT 7001 OWNER TO o;')
    amongRows("INSERT INTO public.a VALUES (1, 'DROP TABLE');")
    for (const [line, words] of [
      ['DROP TABLE public.a;', /DROP TABLE among its rows/],
      ['CREATE TRIGGER t;', /CREATE TRIGGER among its rows/],
      ['ALTER TABLE public.a OWNER TO o;', /ALTER TABLE among its rows/],
      ["COMMENT ON TABLE a IS 'x\0y';", /contains a zero byte/],
    ] as const)
      assert.throws(() => amongRows(line), { code: 'backup-unreadable', why: words })
  })

  it('rejects an object that would fill the memory', () => {
    const line = 'x'.repeat(1_000_000)
    assert.throws(() => check(...Array.from({ length: 100 }, () => line)), {
      code: 'backup-unreadable',
      why: /A part of its SQL has more than 100 MB/,
    })
  })
})
