import assert from 'node:assert/strict'
import { judgePartialLoad } from '../../../server/src/backup/proof/judge-partial-load'
import { inPlainEnglish } from '../../../server/src/text/phrase'

describe('what a backup proves of which an embedded server refused something', () => {
  type Counts = Readonly<Record<string, number>>
  const tablesOf = (counts: Counts) => Object.entries(counts).map(([name, rows]) => ({ name, rows, hash: 'same' }))
  const inEnglish = (...given: Parameters<typeof judgePartialLoad>) => {
    const { outcome, detail } = judgePartialLoad(...given)
    return { outcome, detail: inPlainEnglish(detail) }
  }
  const judge = (expected: Counts, loaded: Counts, refused: readonly string[]) =>
    inEnglish({
      expected: tablesOf(expected),
      loaded: tablesOf(loaded),
      refused: refused.map((statement) => ({ statement, reason: 'no such type' })),
    })
  const words = (...given: Parameters<typeof judge>) => {
    const { outcome, detail } = judge(...given)
    assert.equal(outcome, 'not proven')
    return detail
  }
  const table = (name: string, schema = 'public') =>
    `--\n-- Name: ${name}; Type: TABLE; Schema: ${schema}; Owner: -\n--\n\nCREATE TABLE x ()`
  const failed = (expected: Counts, loaded: Counts, why: RegExp, refused: readonly string[]) => {
    const { outcome, detail } = judge(expected, loaded, refused)
    assert.deepEqual([outcome, why.test(detail)], ['failed', true], detail)
  }

  it('the rows of each table that could be made, and what not', () => {
    assert.equal(
      words({ 'public.a': 2, 'public."B c"': 3 }, { 'public.a': 2, more: 1 }, [table('B c')]),
      'loaded into an embedded PostgreSQL: 1 of 2 tables with 2 rows, equal to the database when it was backed up; it refused TABLE B c (no such type)',
    )
    assert.match(words({ '"S 1".a': 2 }, {}, [table('a', 'S 1')]), /^no table could be loaded/)
    assert.match(words({}, {}, ['CREATE TYPE x']), /^the database has no tables.*; it refused CREATE TYPE x/)
    const data = '-- Data for Name: t; Type: TABLE DATA; Schema: public; Owner: -\nINSERT'
    assert.match(words({ 'public.t': 2 }, { 'public.t': 1 }, [data]), /it refused TABLE DATA t \(no such type\)$/)
    assert.match(words({ a: 1 }, { a: 1 }, ['-- only']), /refused -- only \(no such type\)$/)
    assert.match(words({ a: 1 }, { a: 1 }, ['x'.repeat(90)]), /refused x{80} \(no such type\)$/)
    const several = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'a'].map((name) => `\n-- x\nCREATE TYPE ${name}`)
    assert.match(words({ a: 1 }, { a: 1 }, several), /CREATE TYPE e \(no such type\) and 2 more$/)
  })

  it("nothing where the database's tables are not on record", () => {
    const { detail } = inEnglish({ expected: null, loaded: [], refused: [{ statement: 'x', reason: 'y' }] })
    assert.match(detail, /the original contents were not recorded; it refused x \(y\)$/)
  })

  it('that it differs, where a table has other rows and no refusal of its own is the reason', () => {
    failed({ 'public.a': 2 }, { 'public.a': 1 }, /public\.a has 1 row in the backup, but had 2/, [table('b')])
    failed({ 'public.a': 2 }, {}, /public\.a has 0 rows/, [table('b'), table('a', 'other'), 'CREATE TABLE public.a ()'])
    failed({ 'public.a': 0 }, {}, /public\.a has 0 rows/, ['CREATE EXTENSION nowhere'])
    const inText = `${table('b')} DEFAULT '-- Name: a; Type: TABLE; Schema: public; Owner: -'`
    failed({ 'public.a': 2 }, {}, /public\.a/, [inText])
    failed({ 'public.a': 2 }, {}, /public\.a/, ['-- Name: a; Type: VIEW; Schema: public; Owner: -\nCREATE VIEW'])
    const differs = inEnglish({
      expected: [{ name: 'public.a', rows: 2, hash: 'x' }],
      loaded: [{ name: 'public.a', rows: 2, hash: 'y' }],
      refused: [{ statement: 'CREATE TYPE t', reason: '' }],
    })
    assert.deepEqual(differs, { outcome: 'failed', detail: 'public.a: the values of its 2 rows differ' })
  })
})
