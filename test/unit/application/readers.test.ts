import assert from 'node:assert/strict'
import { answer, FIND, SCHEMA, SELECT } from './support'

type Files = Readonly<Record<string, string>>

/** Whether the first select of the first file comes selected. */
function ticked(files: Files): boolean | undefined {
  const [path = '', text = ''] = Object.entries(files)[0] ?? []
  return answer(text, { path, schema: WITH_COMPANY, others: files }).edits.find(({ file }) => file === path)?.isTicked
}

/** The kinds of edits of the first file that come selected. */
function tickedIn(files: Files): string[] {
  const [path = '', text = ''] = Object.entries(files)[0] ?? []
  return answer(text, { path, others: files }).edits.flatMap(({ isTicked, kind }) => (isTicked ? [kind] : []))
}

const WITH_COMPANY = `${SCHEMA.replace(
  'status ',
  'companyId Int\n  company Company @relation(fields: [companyId], references: [id])\n  status ',
)}
model Company {
  id Int @id
  leads Lead[]
}
`

const ROUTE = {
  'app/api/admin/leads/route.ts': `export async function GET() { await requireAdmin(); return Response.json(await ${FIND}) }`,
}
const PAGE = 'app/admin/leads/page.tsx'

/** A page that requests leads, and shows them somehow. */
const page = (shown: string, request = `fetch('/api/admin/leads')`) => `export default function Page() {
  const [leads, setLeads] = useState([])
  useEffect(() => { ${request}.then((res) => res.json()).then((d) => setLeads(d)) }, [])
  return <main>${shown}</main>
}`
const DATE = '{leads.map((each) => <p>{format(each.createdAt)}</p>)}'

describe('application: who reads an answer', () => {
  for (const shown of [
    DATE,
    '{leads.filter(Boolean).map(({ createdAt }: Lead) => <li>{format(createdAt)}</li>)}',
    '{leads[0]?.createdAt}',
    '<Table rows={leads} date={(lead) => lead.createdAt} />',
    '<List items={leads} />{/* below */}</main> }\nfunction List({ items }) { return <main>{items[0].createdAt}',
  ]) {
    it(`ticks beside a page that shows ${shown}`, () => {
      assert.equal(ticked({ ...ROUTE, [PAGE]: page(shown) }), true)
    })
  }

  for (const shown of [
    '{leads.map((each) => <p>{each.name}</p>)}',
    '{leads.map((each) => <option value={each.id}>{each.name}</option>)}{users[0].createdAt}',
    '{leads.map((each) => <p>{each.company.createdAt}</p>)}',
    '{[...leads].sort((a, b) => new Date(b.createdAt).getTime() - new Date(a.createdAt).getTime()).length}',
    '{leads.map((each) => ({ id: each.id, name: each.name, at: each.createdAt })).length}',
    '{useUser({ id: leads[0].id }).createdAt}',
    '<Row value={{ createdAt: leads[0].createdAt }} />',
  ]) {
    it(`leaves unticked where the page shows only ${shown}`, () => {
      assert.equal(ticked({ ...ROUTE, [PAGE]: page(shown) }), false)
    })
  }

  it('follows what is set by the name of the setter alone', () => {
    const set = (setter: string) => page(DATE).replace('.then((d) => setLeads(d))', `.then(${setter})`)
    assert.equal(ticked({ ...ROUTE, [PAGE]: set('setLeads') }), true)
    assert.equal(ticked({ ...ROUTE, [PAGE]: set('setUsers') }), false)
  })

  it('knows one request from another of the same component', () => {
    const both = page(`{users.map((u) => <p>{u.createdAt}</p>)}{leads.length}`).replace(
      'useEffect',
      `const [users, setUsers] = useState([])
  useEffect(() => { fetch('/api/users').then((res) => res.json()).then((d) => setUsers(d)) }, [])
  useEffect`,
    )
    assert.equal(ticked({ ...ROUTE, [PAGE]: both }), false)
    assert.equal(ticked({ ...ROUTE, [PAGE]: both.replace('{leads.length}', '{leads[0].createdAt}') }), true)
    const own = `async function send(url) { const res = await fetch(url); return res.json() }\n${page(
      '{send("/api/users").createdAt}',
      `send('/api/admin/leads')`,
    )}`
    assert.equal(ticked({ ...ROUTE, [PAGE]: own }), false)
    const together = `export default async function Page() {
      const [leads, users] = await Promise.all([get('/admin/leads'), get('/users')])
      return <p>{SHOWN.createdAt}</p> }`
    assert.equal(ticked({ ...ROUTE, [PAGE]: together.replace('SHOWN', 'users[0]') }), false)
    assert.equal(ticked({ ...ROUTE, [PAGE]: together.replace('SHOWN', 'leads[0]') }), true)
  })

  it('knows the records from others of the same answer', () => {
    const route = (sent: string) => ({
      'app/api/admin/leads/route.ts': `export async function GET() { await requireAdmin(); const leads = await ${FIND}; return Response.json(${sent}) }`,
    })
    const both = (shown: string) =>
      page(`{data.leads.length}{${shown}.createdAt}`).replaceAll(/leads, setLeads|setLeads/g, (name) =>
        name === 'setLeads' ? 'setData' : 'data, setData',
      )
    const sent = route('{ leads, logs: await prisma.log.findMany() }')
    assert.equal(ticked({ ...sent, [PAGE]: both('data.leads[0]') }), true)
    assert.equal(ticked({ ...sent, [PAGE]: both('data.logs[0]') }), false)
    assert.equal(ticked({ ...sent, [PAGE]: both('data.logs.map((log) => log)[0]') }), false)
    const groups = 'const open = leads.filter(isOpen); const late = leads.filter(isLate);'
    const grouped = (late: string) => ({
      'app/api/admin/leads/route.ts': `export async function GET() { await requireAdmin(); const leads = await ${FIND}; ${groups} return Response.json({ open, late: ${late} }) }`,
    })
    assert.equal(ticked({ ...grouped('late'), [PAGE]: both('data.late[0]') }), true)
    assert.equal(ticked({ ...grouped('others'), [PAGE]: both('data.late[0]') }), false)
    const lead = page('{leads.map((lead) => lead.company.people.map((each) => each.createdAt))}')
    assert.equal(ticked({ ...ROUTE, [PAGE]: lead }), false)
  })

  it('does not take for read what another request replaces in the page', () => {
    const files = (client: string) => ({
      [PAGE]: `import { Leads } from './leads'
export default async function Page() { await requireAdmin(); const leads = await ${FIND}; return <Leads initial={leads} /> }`,
      'app/admin/leads/leads.tsx': `export function Leads({ initial }) { ${client} return <p>{leads[0].createdAt}</p> }`,
    })
    const loaded = `useEffect(() => { REQUEST }, [])`
    for (const kept of [
      'const leads = initial;',
      'const leads = initial ?? [];',
      'const sorted = [...initial].sort(); const leads = sorted ?? initial;',
      'const [leads, setLeads] = useState(initial);',
      'const [leads, setLeads] = useState(initial); useEffect(() => { setLeads(initial) }, [initial]);',
      'const [leads, setLeads] = useState(initial); const sort = () => { const by = [...leads]; setLeads(by) };',
      "const [leads, setLeads] = useState(initial); const [users, setUsers] = useState([]); useEffect(() => { fetch('/api/users').then((r) => setUsers(r)) }, []);",
      "const [leads, setLeads] = useState(initial); const save = async () => { const res = await fetch('/api/leads/1', { method: 'PATCH' }); const lead = await res.json(); setLeads([lead]) };",
      'const leads = isAll ? initial : [];',
    ]) {
      assert.equal(ticked(files(kept)), true, kept)
    }
    for (const replaced of [
      'const { data } = useOther(); const leads = data?.leads || initial;',
      'const { data } = useOther(); const leads = data ? data.leads : initial;',
      'const { data } = useOther(); const leads = !data ? [...initial] : data.leads;',
      'const { data } = useOther(); const leads = data ?? { ...initial, name: "" };',
      "const { data: leads } = useQuery({ queryKey: ['x'], queryFn: other, initialData: initial });",
      "const { data: leads } = useSWR('/api/x', get, { fallbackData: initial });",
      `const [leads, setLeads] = useState(initial); ${loaded.replace('REQUEST', "fetch('/api/x').then((r) => r.json()).then((all) => setLeads(all.leads))")};`,
      `const [leads, setLeads] = useState(initial); ${loaded.replace('REQUEST', "fetch('/api/x').then((r) => r.json()).then(setLeads)")};`,
      `const [leads, setLeads] = useState(() => initial); const load = async () => { const res = await fetch('/api/x'); const d = await res.json(); setLeads(d.leads) };`,
      `const [leads, setLeads] = useState(initial); const { data } = useQuery(other); useEffect(() => { if (data) setLeads(data) }, [data]);`,
    ]) {
      assert.equal(ticked(files(replaced)), false, replaced)
    }
  })

  for (const request of [
    'fetch(`${API}/admin/leads?page=${page}`)',
    `axios.get<Lead[]>('/admin/leads')`,
    `request({ url: BASE + '/admin/leads' })`,
  ]) {
    it(`knows the request ${request}`, () => assert.equal(ticked({ ...ROUTE, [PAGE]: page(DATE, request) }), true))
  }

  for (const other of [
    `fetch('/api/admin/leads', { method: 'POST' })`,
    `axios.post('/admin/leads')`,
    `fetch('/api/leads')`,
    `fetch('/api/admin/leads/1')`,
    `router.push('/admin/leads')`,
  ]) {
    it(`leaves unticked where a page only has ${other}`, () => {
      assert.equal(ticked({ ...ROUTE, [PAGE]: page(DATE, other) }), false)
    })
  }

  it('follows what a page gives to a component of another file, and to the columns of its table', () => {
    const files = (table: string) => ({
      ...ROUTE,
      [PAGE]: `import { Table } from './table'\nimport { columns } from './columns'\n${page('<Table columns={columns} rows={leads} />')}`,
      'app/admin/leads/table.tsx': table,
    })
    const table = 'export function Table({ rows, users }) { return <p>{SHOWN.createdAt}</p> }'
    assert.equal(ticked(files(table.replace('SHOWN', 'rows[0]'))), true)
    assert.equal(ticked(files(table.replace('SHOWN', 'users[0]'))), false)
    for (const columns of [
      "[{ accessorKey: 'createdAt' }]",
      "[{ title: 'Date', dataIndex: 'createdAt' }]",
      "[helper.accessor('createdAt', {})]",
    ]) {
      assert.equal(
        ticked({ ...files(''), 'app/admin/leads/columns.ts': `export const columns = ${columns}` }),
        true,
        columns,
      )
    }
  })

  it('takes no date of other records for a column of the table', () => {
    const other = page('<Table rows={leads} />').replace(
      'useEffect',
      'users.forEach(({ createdAt }) => count(createdAt))\n  useEffect',
    )
    const files = (rows: string) => ({
      ...ROUTE,
      [PAGE]: `import { Table } from './table'\n${rows}`,
      'app/admin/leads/table.tsx': 'export function Table({ rows }) { return <p>{rows[0].name}</p> }',
    })
    assert.equal(ticked(files(other)), false)
    assert.equal(ticked(files(`${other}\nconst columns = [{ accessorKey: 'createdAt' }]`)), true)
  })

  it('follows a name only to files that import it from its own', () => {
    const controller = `export const getLeads = async (req, res) => res.json(await ${FIND})`
    const files = (from: string) => ({
      'api/controllers/admin-leads.ts': controller,
      'api/controllers/leads.ts': 'export const getLeads = async (req, res) => res.json([])',
      'api/controllers/index.ts': "export * from './admin-leads'",
      'api/routes/leads.ts': `import { getLeads } from '../controllers/${from}'\nrouter.get('/admin/leads', requireAdmin, getLeads)`,
      [PAGE]: page(DATE),
    })
    assert.equal(ticked(files('admin-leads')), true)
    assert.equal(ticked(files('index')), true)
    assert.equal(ticked(files('leads')), false)
  })

  it("ticks no type that other methods of the answer's client have", () => {
    const client = (type: string, other: string) => ({
      'types.ts': 'export interface Lead { id: number; name: string; createdAt: string }',
      ...ROUTE,
      'client.ts': `import type { Lead } from './types'
export class LeadsClient { getLeads() { return this.get${type}('/admin/leads') } getMe() { return this.get${other}('/me') } }`,
      [PAGE]: `import { LeadsClient } from '@/client'
const client = new LeadsClient()
export default function Page() { const { data } = useQuery({ queryFn: () => client.getLeads() }); return <p>{data[0].createdAt}</p> }`,
    })
    assert.deepEqual(tickedIn(client('<Lead[]>', '')), ['select', 'type'])
    assert.deepEqual(tickedIn(client('', '<Lead>')), ['select'])
  })

  it('follows an endpoint through a client and a hook', () => {
    const files = (client: string, hook: string, shown: string) => ({
      ...ROUTE,
      'lib/leads-api.ts': client,
      'hooks/use-leads.ts': hook,
      [PAGE]: shown,
    })
    const client = `export const leadsApi = { getLeads: () => http.get('/admin/leads'), remove: (id) => http.delete(id) }`
    const hook = `import { leadsApi } from '../lib/leads-api'
export function useLeads() { return useQuery({ queryKey: ['leads'], queryFn: () => leadsApi.getLeads() }) }`
    const shown = `import { useLeads } from '@/hooks/use-leads'
export default function Page() { const { data } = useLeads(); return <p>{data[0].createdAt}</p> }`
    assert.equal(ticked(files(client, hook, shown)), true)
    assert.equal(ticked(files(client, hook.replace('getLeads', 'remove'), shown)), false)
    assert.equal(ticked(files(client, hook, shown.replace('createdAt', 'name'))), false)
  })

  it("follows RTK Query's hooks and tRPC's procedures", () => {
    const rtk = `export const leadsApi = createApi({ baseQuery: fetchBaseQuery({ baseUrl: '/api/admin' }), endpoints: (build) => ({ getLeads: build.query<Lead[], void>({ query: () => '/leads' }) }) })
export const { useGetLeadsQuery } = leadsApi`
    const hook = (name: string) => `import { useGetLeadsQuery } from '../../../leads-api'
export default function Page() { const { data: leads } = ${name}(); return <p>{leads[0].createdAt}</p> }`
    assert.equal(ticked({ ...ROUTE, 'leads-api.ts': rtk, [PAGE]: hook('useGetLeadsQuery') }), true)
    assert.equal(ticked({ ...ROUTE, 'leads-api.ts': rtk, [PAGE]: hook('useGetUsersQuery') }), false)
    const router = `export const leadsRouter = createTRPCRouter({ list: adminProcedure.query(() => ${FIND}) })`
    const used = (name: string) =>
      `export default function Page() { const { data } = api.${name}.useQuery(); return <p>{data[0].createdAt}</p> }`
    assert.equal(ticked({ 'server/leads.ts': router, [PAGE]: used('leads.list') }), true)
    assert.equal(ticked({ 'server/leads.ts': router, [PAGE]: used('users.list') }), false)
    assert.equal(ticked({ 'server/leads.ts': router, [PAGE]: used('leads.one') }), false)
  })

  it("follows NestJS's services and controllers, and Express' routers to where they are mounted", () => {
    const service = `@Injectable() export class LeadsService { all() { return this.${FIND} } }`
    const controller = (at: string) => `@UseGuards(AdminGuard) @Controller('${at}') export class LeadsController {
  constructor(private readonly leads: LeadsService) {}
  @Get('leads') list() { return this.leads.all() } }`
    const nest = (at: string) => ({
      'api/admin/leads.service.ts': service,
      'api/admin/leads.controller.ts': controller(at),
      [PAGE]: page(DATE, `fetch(API + '/admin/leads')`),
    })
    assert.equal(ticked(nest('admin')), true)
    assert.equal(ticked(nest('staff')), false)
    const express = (mounted: string) => ({
      'api/admin/routes.ts': `router.get('/leads', requireAdmin, async (req, res) => res.json(await ${FIND}))\nexport default router`,
      'api/app.ts': `import users from './users'\nimport adminRoutes from './admin/routes'\napp.use('/api/users', users)\n${mounted}`,
      [PAGE]: page(DATE),
    })
    assert.equal(ticked(express(`app.use('/api/admin', adminRoutes)`)), true)
    assert.equal(ticked(express(`app.register(adminRoutes, { prefix: '/api/admin' })`)), true)
    assert.equal(ticked(express(`app.use('/api/staff', adminRoutes)`)), false)
  })

  it('follows what a service gives away, and no copies that it makes member by member', () => {
    const files = (service: string) => ({
      'api/admin/leads.repository.ts': `export const listRepo = async () => { const [leads, total] = await prisma.$transaction([${FIND}, prisma.lead.count()]); return { leads, total } }`,
      'api/admin/leads.service.ts': `import { listRepo } from './leads.repository'\nexport const overview = async () => { ${service} }`,
      'api/admin/routes.ts': `import { overview } from './leads.service'\nrouter.get('/admin/leads', requireAdmin, async (req, res) => res.json(await overview()))`,
      [PAGE]: page(DATE),
    })
    const both = 'const [sum, { leads, total }] = await Promise.all([count(), listRepo()]);'
    const copy = 'const of = lead.people ?? []; return { id: lead.id, name: lead.name, createdAt: lead.createdAt, of }'
    for (const given of [
      'return await listRepo()',
      `${both} return { leads, total }`,
      `${both} return { rows: leads.map((lead) => ({ ...lead, sum })) }`,
      `${both} const rows = cached ?? leads; return rows`,
      `${both} const rows = []; for (const lead of leads) rows.push({ lead }); return rows`,
    ])
      assert.equal(ticked(files(given)), true, given)
    for (const copied of [
      `${both} return leads.map(toLead)`,
      `${both} const rows = (leads || []).map((lead) => { ${copy} }); return { rows, total, sum }`,
      `${both} if (leads.length === 0) return null; logger.info(leads); return { total: leads.length }`,
    ])
      assert.equal(ticked(files(copied)), false, copied)
  })

  it('follows server actions, loaders and what a page itself reads', () => {
    const action = `export async function getLeads() { await requireAdmin(); return ${FIND} }`
    const used = `import { getLeads } from '@/lib/actions'
export default async function Page() { const leads = await getLeads(); return <p>{leads[0].createdAt}</p> }`
    assert.equal(ticked({ 'lib/actions.ts': action, [PAGE]: used }), true)
    assert.equal(
      ticked({ 'lib/actions.ts': action, [PAGE]: used.replace('await getLeads()', 'await getUsers()') }),
      false,
    )
    assert.equal(ticked({ 'lib/actions.ts': action, [PAGE]: used.replace('@/lib/actions', '@/other') }), false)
    const loader = `export async function loader() { await requireAdmin(); const leads = await ${FIND}; return json({ leads }) }
export default function Page() { const { leads } = useLoaderData(); return <p>{leads[0].createdAt}</p> }`
    assert.equal(ticked({ 'app/admin/leads.tsx': loader }), true)
    assert.equal(ticked({ 'app/admin/leads.tsx': loader.replace('createdAt}', 'name}') }), false)
    const typed = loader
      .replace('async function loader() { await requireAdmin();', 'const loader = adminLoader({}, async () => {')
      .replace('json({ leads }) }', 'typedjson({ leads }) })')
      .replace('useLoaderData', 'useTypedLoaderData')
    assert.equal(ticked({ 'app/admin/leads.tsx': typed }), true)
    assert.equal(ticked({ 'app/admin/leads.tsx': typed.replace('createdAt}', 'name}') }), false)
    const svelte = {
      'src/routes/admin/+page.server.ts': `export const load = async () => { await requireAdmin(); return { leads: await ${FIND} } }`,
    }
    assert.equal(
      ticked({ ...svelte, 'src/routes/admin/+page.svelte': '{#each data.leads as lead}{lead.createdAt}{/each}' }),
      true,
    )
    assert.equal(
      ticked({ ...svelte, 'src/routes/admin/+page.svelte': '{#each data.leads as lead}{lead.name}{/each}' }),
      false,
    )
  })

  it('knows nothing where there is no page, and takes mails and tests for none', () => {
    assert.equal(ticked(ROUTE), true)
    assert.equal(ticked({ ...ROUTE, 'emails/welcome.tsx': 'export const Mail = () => <p />' }), true)
    assert.equal(ticked({ ...ROUTE, 'app/page.test.tsx': page(DATE) }), true)
    assert.equal(ticked({ ...ROUTE, 'app/page.tsx': 'export const Page = () => <p />' }), false)
  })

  it("leaves to the page's own program what it serves itself", () => {
    const nest = {
      'api/admin/leads.controller.ts': `@UseGuards(AdminGuard) @Controller('admin/leads') export class LeadsController { @Get() all() { return prisma.lead.findMany(${SELECT}) } }`,
      [PAGE]: page(DATE),
    }
    assert.equal(ticked(nest), true)
    assert.equal(ticked({ ...nest, 'app/api/admin/leads/route.ts': 'export const GET = () => proxy()' }), false)
  })

  it('says why', () => {
    const said = (files: Files) => {
      const [path = '', text = ''] = Object.entries(files)[0] ?? []
      return answer(text, { path, others: files }).edits[0]?.evidence[0]
    }
    assert.equal(said({ ...ROUTE, 'app/page.tsx': page('', '') }), 'no page that reads it was found')
    assert.equal(
      said({ ...ROUTE, [PAGE]: page('') }),
      'the page that reads it does not show when such a record was created or changed',
    )
  })

  it('follows hostile code only so far', () => {
    const many = Array.from({ length: 20_000 }, (_, at) => `list.map((r) => r.x${at})`).join('\n')
    const calls = Array.from({ length: 20_000 }, () => 'leads.all()').join('\n')
    const files = {
      ...ROUTE,
      [PAGE]: page(DATE).replace('return', `${many}\nreturn`),
      'app/other.tsx': `fetch('/api/admin/leads')${'.then((r) => r)'.repeat(3000)}`,
      'app/calls.tsx': calls,
      'app/imports.ts': `import${' '.repeat(100_000)}\nfetch('/api/admin/leads')`,
    }
    assert.equal(ticked(files), true)
  })
})
