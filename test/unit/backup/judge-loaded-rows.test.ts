import assert from 'node:assert/strict'
import { judgeLoadedRows } from '../../../server/src/backup/proof/judge-loaded-rows'

describe('what a loaded backup proves', () => {
  type Counts = Readonly<Record<string, number>>
  const judge = (expected: Counts, loaded: Counts, notLoaded: readonly string[] = []) =>
    judgeLoadedRows({
      path: 'app.sql',
      expected: new Map(Object.entries(expected)),
      loaded: new Map(Object.entries(loaded)),
      notLoaded: notLoaded.map((statement) => ({ statement, reason: 'no such type' })),
    })
  const table = (name: string, schema = 'public') =>
    `--\n-- Name: ${name}; Type: TABLE; Schema: ${schema}; Owner: -\n--\n\nCREATE TABLE x ()`
  const failed = (expected: Counts, loaded: Counts, why: RegExp, notLoaded: readonly string[] = []) => {
    assert.throws(() => judge(expected, loaded, notLoaded), { code: 'backup-proof-failed', why })
  }

  it('the rows of each table, where they are as many', () => {
    assert.equal(
      judge(
        { 'public.a': 2, 'public."B"': 3, 'public.c': 0 },
        { 'public."B"': 3, 'public.a': 2, 'public.c': 0, more: 1 },
      ),
      "loaded into an embedded PostgreSQL: 3 tables with 5 rows, equal to the database's",
    )
  })

  it('no rows where the database has no tables', () => {
    assert.match(judge({}, {}), /the database has no tables, so there are no rows to compare$/)
  })

  it('nothing where a table has fewer, more or none', () => {
    failed({ 'public.a': 2 }, { 'public.a': 1 }, /public\.a has 2 rows in the database and 1 in the backup/)
    failed({ 'public.a': 2 }, { 'public.a': 3 }, /public\.a has 2 rows in the database and 3 in the backup/)
    failed({ 'public.a': 2 }, {}, /public\.a has 2 rows in the database and 0 in the backup/)
    failed({ 'public.a': 0 }, {}, /public\.a has 0 rows/)
    // Another statement's refusal is no excuse, nor is one for a table that is there.
    failed({ 'public.a': 2 }, {}, /public\.a/, [table('b'), table('a', 'other'), 'CREATE TABLE public.a ()'])
    failed({ 'public.a': 2 }, { 'public.a': 1 }, /public\.a/, [table('a')])
    const inText = `${table('b')} DEFAULT '-- Name: a; Type: TABLE; Schema: public; Owner: -'`
    failed({ 'public.a': 2 }, {}, /public\.a/, [inText])
    failed({ 'public.a': 2 }, {}, /public\.a/, [
      '--\n-- Name: a; Type: VIEW; Schema: public; Owner: -\n--\n\nCREATE VIEW',
    ])
  })

  it('less where the embedded server could not make a table, which is said', () => {
    const words = judge({ 'public.a': 2, 'public."B c"': 3 }, { 'public.a': 2 }, [table('B c')])
    assert.equal(
      words,
      "loaded into an embedded PostgreSQL: 1 of 2 tables with 2 rows, equal to the database's; NOT proven, since the embedded " +
        'server does not know them: TABLE B c (no such type)',
    )
    assert.match(
      judge({ '"S 1".a': 2 }, {}, [table('a', 'S 1')]),
      /^none of the 1 tables could be loaded .* nothing is proven/,
    )
    const several = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `\n-- x\nCREATE TYPE ${name}`)
    assert.match(
      judge({ a: 1 }, { a: 1 }, several),
      /1 tables with 1 rows.*: CREATE TYPE a \(no such type\), .*CREATE TYPE e \(no such type\) and 2 more$/,
    )
    assert.doesNotMatch(judge({ a: 1 }, { a: 1 }, several.slice(0, 5)), / more$/)
    const data = '--\n-- Data for Name: t; Type: TABLE DATA; Schema: public; Owner: -\n--\n\nINSERT'
    assert.match(judge({ a: 1 }, { a: 1 }, [data]), /: TABLE DATA t \(no such type\)$/)
    assert.match(judge({ a: 1 }, { a: 1 }, ['-- only']), /: -- only \(no such type\)$/)
    assert.match(judge({ a: 1 }, { a: 1 }, ['x'.repeat(90)]), /: x{80} \(no such type\)$/)
  })
})
