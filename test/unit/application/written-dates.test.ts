import assert from 'node:assert/strict'
import { addition, answer, FIND } from './support'

type Files = Readonly<Record<string, string>>

const ROUTE = `export async function GET() { await requireAdmin(); return Response.json(await ${FIND}) }`
const PAGE = 'app/admin/leads/page.tsx'

describe('application: a page that copies the records and writes out their dates', () => {
  const table = (date: string) => `'use client'
type Lead = { id: number; name: string; createdAt: ${date} }
export function Table({ leads }: { leads: Lead[] }) { return <p>{leads[0].createdAt}</p> }`
  const server = (given: string, read = FIND, date = 'string') => ({
    'app/admin/table.tsx': table(date),
    [PAGE]: `import { Table } from '../table'
export default async function Page() { await requireAdmin(); const leads = await ${read}; return <Table leads={${given}} /> }`,
  })
  const written = '...lead, createdAt: lead.createdAt.toISOString()'
  /** What comes selected for an added date. */
  const of = (files: Files, field: 'updatedAt' | 'ownerId' = 'updatedAt') => {
    const [path = '', text = ''] = Object.entries(files)[0] ?? []
    return answer(text, { path, others: files, additions: [addition('Lead', field)] })
      .edits.filter(({ isTicked }) => isTicked)
      .map(({ kind }) => kind)
      .sort()
  }

  for (const copy of [
    written,
    '...lead, createdAt: lead.createdAt?.toISOString() ?? null',
    '...lead, createdAt: formatDate(lead.createdAt)',
  ]) {
    it(`ticks the select alone for { ${copy} }, since the type's new date would be a string`, () => {
      const files = server(`leads.map((lead) => ({ ${copy} }))`)
      assert.deepEqual(of(files), ['select'])
      const offered = answer(files[PAGE], {
        path: PAGE,
        others: files,
        additions: [addition('Lead', 'updatedAt')],
      }).edits
      const type = offered.find(({ kind }) => kind === 'type')
      assert.equal(type?.newText, '; updatedAt?: Date | string', 'all edits together compile')
    })
  }

  for (const [what, files] of [
    ['the rows are handed on', server('leads')],
    ['a copy keeps their dates', server('leads.map((lead) => ({ ...lead, createdAt: lead.createdAt }))')],
    ['a copy writes out something else', server('leads.map((lead) => ({ ...lead, name: lead.name.trim() }))')],
    ['the type has a Date', server(`leads.map((lead) => ({ ${written} }))`, FIND, 'Date')],
  ] as const) {
    it(`ticks both where ${what}`, () => {
      assert.deepEqual(of(files), ['select', 'type'])
    })
  }

  it('ticks both where what is added is no date', () => {
    assert.deepEqual(of(server(`leads.map((lead) => ({ ${written} }))`), 'ownerId'), ['select', 'type'])
  })

  it('ticks both where the copies are sent as JSON, in which all dates are strings', () => {
    const route = ROUTE.replace(FIND, `readLeads()`)
    const made = `const readLeads = async () => (await ${FIND}).map((lead) => ({ ${written} }))`
    const page = `import { Table } from '../table'
export default function Page() { const [leads, setLeads] = useState([])
  useEffect(() => { fetch('/api/admin/leads').then((res) => res.json()).then(setLeads) }, [])
  return <Table leads={leads} /> }`
    const sent = { 'app/admin/table.tsx': table('string'), 'app/api/admin/leads/route.ts': `${made}\n${route}` }
    assert.deepEqual(of({ ...sent, [PAGE]: page }), ['select', 'type'])
  })

  it('ticks the select alone where another page gives the component its own rows, with only the dates of today written out', () => {
    const manager = (given: string) => ({
      'app/api/admin/leads/route.ts': ROUTE,
      'app/admin/manager.tsx': `'use client'
import { Rows } from './rows'
type Lead = { id: number; name: string; createdAt: string }
export function Manager({ initial }: { initial: Lead[] }) { const [leads, setLeads] = useState(initial)
  useEffect(() => { fetch('/api/admin/leads').then((res) => res.json()).then(setLeads) }, [])
  return <Rows rows={leads} /> }`,
      'app/admin/rows.tsx': `type Lead = { id: number; name: string; createdAt: string }
export function Rows({ rows }: { rows: Lead[] }) { return <p>{rows[0].createdAt}</p> }`,
      'app/admin/open/page.tsx': `import { Manager } from '../manager'
export default async function Page() { const leads = await readOpen(); return <Manager initial={${given}} /> }`,
    })
    assert.deepEqual(of(manager('leads')), ['select', 'type', 'type'])
    assert.deepEqual(of(manager('leads.map((lead) => ({ ...lead, createdAt: format(lead.createdAt) }))')), ['select'])
  })

  it('ticks nothing where Next.js would refuse to send the date to the page', () => {
    const props = (copy: string) => ({
      'pages/admin/leads.tsx': `export async function getServerSideProps() { await requireAdmin(); const leads = await ${FIND}
  return { props: { leads: leads.map((lead) => (${copy})) } } }
export default function Page({ leads }) { return <p>{leads[0].createdAt}</p> }`,
    })
    assert.deepEqual(of(props(`{ ${written} }`)), [])
    assert.deepEqual(of(props(`{ ${written} }`), 'ownerId'), ['select'])
    assert.deepEqual(of(props('{ ...lead }')), ['select'])
  })

  it('ticks the select alone where a function of another file makes the copies', () => {
    const made = (copy: string) => ({
      ...server('leads', 'getLeads()'),
      'lib/admin/leads.ts': `export async function getLeads() { const leads = await ${FIND}; return leads.map((lead) => (${copy})) }`,
    })
    const imported = (files: Record<string, string>) => ({
      ...files,
      [PAGE]: `import { getLeads } from '@/lib/admin/leads'\n${files[PAGE] ?? ''}`,
    })
    assert.deepEqual(of(imported(made(`{ ${written} }`))), ['select'])
    assert.deepEqual(of(imported(made('{ ...lead }'))), ['select', 'type'])
  })

  it('gives a component a date of either kind where a page writes out dates of copies, so that all edits together compile', () => {
    const offered = (given: string, path = 'app/list.tsx') =>
      answer('export type Lead = { id: number; name: string; createdAt: string }', {
        path,
        others: { 'app/page.tsx': `const rows = (await readAll()).map((row) => (${given}))` },
        additions: [addition('Lead', 'updatedAt')],
      }).edits.map(({ newText }) => newText)
    const copy = '{ ...row, tags: row.tags as string[], createdAt: row.createdAt.toISOString() }'
    assert.deepEqual(offered(copy), ['; updatedAt?: Date | string'])
    assert.deepEqual(offered(copy, 'app/types.ts'), ['; updatedAt?: string'])
    for (const other of [
      '{ ...row, createdAt: row.createdAt }',
      '{ id: row.id, createdAt: row.createdAt.toISOString() }',
    ])
      assert.deepEqual(offered(other), ['; updatedAt?: string'])
  })
})
