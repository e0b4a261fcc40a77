import assert from 'node:assert/strict'
import type { AuditField } from '../../../server/src/audit-fields/kinds'
import { answer, FIND, SCHEMA, verdict } from './support'

type Files = Readonly<Record<string, string>>

/** Whether the first select of the first file comes selected. */
function ticked(files: Files): boolean | undefined {
  const [path = '', text = ''] = Object.entries(files)[0] ?? []
  return answer(text, { path, others: files }).edits.find(({ file }) => file === path)?.isTicked
}

/** The kinds of edits of the first file that come selected. */
function tickedIn(files: Files): string[] {
  const [path = '', text = ''] = Object.entries(files)[0] ?? []
  return answer(text, { path, others: files }).edits.flatMap(({ isTicked, kind }) => (isTicked ? [kind] : []))
}

const LEADS = 'app/admin/leads/page.tsx'
const ROUTE = {
  'app/api/admin/leads/route.ts': `export async function GET() { await requireAdmin(); return Response.json(await ${FIND}) }`,
}
const SHOWN = '{leads.map((lead) => <p>{format(lead.createdAt)}</p>)}'

function page(request: string, shown = SHOWN, before = ''): Files {
  return {
    ...ROUTE,
    'app/admin/leads/page.tsx': `export default function Page() {
  const [leads, setLeads] = useState<Lead[]>([])
  const load = async (lead) => { ${request}; const data = await response.json(); setLeads(data) }
  ${before}
  return <main>${shown}</main>
}`,
  }
}
const READ = "const response = await fetch('/api/admin/leads')"

describe('application: what comes selected is sure at each link', () => {
  for (const request of [
    READ,
    "const response = await fetch('/api/admin/leads', { method: 'GET' })",
    "const url = '/api/admin/leads'; const response = await fetch(url, { headers })",
  ]) {
    it(`takes ${request} for a request that reads`, () => assert.equal(ticked(page(request)), true))
  }

  for (const request of [
    "const response = await fetch('/api/admin/leads', { method })",
    "const response = await fetch('/api/admin/leads', options)",
    "const url = lead ? `/api/admin/users/${lead.id}` : '/api/admin/leads'; const response = await fetch(url, { method: lead ? 'PUT' : 'POST' })",
  ]) {
    it(`takes ${request} for none`, () => assert.equal(ticked(page(request)), false))
  }

  for (const request of [
    "const response = await limit(ip, '/api/admin/leads')",
    "const response = await request('POST', '/admin/leads')",
    "const response = menu.find({ url: '/admin/leads' })",
  ]) {
    it(`takes ${request} for none, too`, () => assert.equal(ticked(page(request)), false))
  }

  it('takes no request for one of a longer address, unless what stands before it is known', () => {
    const link = `${SHOWN}<a href="/admin/help">Help</a>`
    const base = "const api = axios.create({ baseURL: '/api/admin' })"
    assert.equal(ticked(page("const response = await fetch('/api/leads')", link)), false)
    assert.equal(ticked(page("const response = await api.get('/leads')", link)), false)
    assert.equal(ticked(page("const response = await api.get('/leads')", link, base)), true)
    assert.equal(ticked(page("const response = await adminApi.get('/leads')", link)), true)
  })

  it("follows no handler of a route's file by its name, nor an address that it gives to something else", () => {
    const other = (first: string) => ({
      ...ROUTE,
      'app/api/leads/route.ts': `export async function GET() { ${first}; return Response.json(response) }`,
      'app/leads/page.tsx': `export default function Page() { const [leads, setLeads] = useState([])
  const load = async () => { const response = await fetch('/api/leads'); setLeads(await response.json()) }
  return <main>${SHOWN}</main> }`,
    })
    for (const first of [
      "const response = await limit(ip, '/api/admin/leads')",
      "const response = await fetch('/api/admin/leads', { method: 'POST' })",
    ])
      assert.equal(ticked(other(first)), false, first)
    assert.equal(ticked(other("const response = await fetch('/api/admin/leads')")), true, 'passed on')
  })

  it('follows a name only into files that import it from its home, and a member into those that name its object', () => {
    const used = (from: string, use: string, name: string) => ({
      ...ROUTE,
      'app/admin/builder.ts': `export const BLOCKS = { content: async () => { const response = await fetch('/api/admin/leads'); return response.json() } }
export const content = () => BLOCKS.content()`,
      'app/admin/index.ts': "export * from './builder'",
      'app/admin/text/page.tsx': `${from}
export default async function Page() { const leads = await ${use}; return <a href="/admin/builder">${SHOWN}</a> }`,
      'lib/other.ts': `export const ${name} = {}`,
    })
    assert.equal(ticked(used("import { BLOCKS } from '../builder'", 'BLOCKS.content()', 'x')), true)
    assert.equal(ticked(used("import { content } from '../index'", 'content()', 'x')), true)
    assert.equal(ticked(used("const { content } = await import('../builder')", 'content()', 'x')), true)
    assert.equal(ticked(used("import { content } from '../../../lib/other'", 'content()', 'content')), false)
    assert.equal(ticked(used("import { view } from '../../../lib/other'", 'view.content()', 'view')), false)
    assert.equal(ticked(used("import { view } from '../../../lib/other'", 'content()', 'view')), false)
  })

  it('takes no date of another answer that came together with this one', () => {
    const page = (shown: string, load: string) => ({
      ...ROUTE,
      'app/admin/leads/page.tsx': `export default function Page() {
  const [leads, setLeads] = useState([]); const [users, setUsers] = useState([])
  const load = async () => { ${load}; setLeads(await leadsAnswer.json()); setUsers(await usersAnswer.json()) }
  return <main>${shown}</main> }`,
    })
    const users = '{leads.map((lead) => lead.name)}{users.map((user) => <p>{user.createdAt}</p>)}'
    for (const load of [
      "const both = Promise.all([fetch('/api/users'), fetch('/api/admin/leads')]); const [usersAnswer, leadsAnswer] = await Promise.race([both, timeout])",
      "const both = await Promise.all([fetch('/api/users'), fetch('/api/admin/leads')]); const [usersAnswer, leadsAnswer] = both.map((each) => each)",
    ]) {
      assert.equal(ticked(page(SHOWN, load)), true, load)
      assert.equal(ticked(page(users, load)), false, load)
    }
  })

  it('takes no date of another list that the same hook returns', () => {
    const hook = (shown: string, returned = 'return { leads, users }') => ({
      ...ROUTE,
      'hooks/useStaff.ts': `export function useStaff() { const [leads, setLeads] = useState([]); const [users, setUsers] = useState([])
  const load = async () => { const response = await fetch('/api/admin/leads'); setLeads(await response.json()); setUsers(await other()) }
  const open = leads.filter((lead) => lead.status); ${returned} }`,
      'app/admin/leads/page.tsx': `import { useStaff } from '../../../hooks/useStaff'
export default function Page() { const { leads, open, users } = useStaff(); return <main>${shown}</main> }`,
    })
    assert.equal(ticked(hook(SHOWN)), true)
    assert.equal(ticked(hook(SHOWN.replace('{leads', '{open'), 'return { leads, open, users }')), true)
    assert.equal(ticked(hook('{leads.map((lead) => lead.name)}{users.map((user) => <p>{user.createdAt}</p>)}')), false)
  })

  it('asks for a date on the page for an include that names the creator, too', () => {
    const included = (shown: string) => {
      const path = 'app/api/admin/leads/route.ts'
      const text = `export async function GET() { await requireAdmin(); return Response.json(await prisma.lead.findMany({ include: { createdBy: { select: { name: true } } } })) }`
      const schema = SCHEMA.replace(
        'status ',
        'createdById Int?\n  createdBy User? @relation(fields: [createdById], references: [id])\n  status ',
      )
      const additions = [{ model: 'Lead', field: 'updatedBy' }] as const
      return answer(text, { path, schema, additions, others: page(READ, shown) }).edits.map(({ isTicked }) => isTicked)
    }
    assert.deepEqual(included(SHOWN), [true])
    assert.deepEqual(included('{leads.map((lead) => <p>{lead.createdBy.name}</p>)}'), [false])
  })

  for (const [what, read] of [
    [
      'a schema that the page parses it with',
      "const response = { json: async () => list.parse(await fetch('/api/admin/leads')) }",
    ],
    ['a function that the page gives it to', "const response = toLeads(await fetch('/api/admin/leads'))"],
    [
      'a callback',
      "const response = await fetch('/api/admin/leads').then((all) => all.map(({ id, createdAt }) => ({ id, createdAt })))",
    ],
    [
      'an option',
      "const response = useQuery({ queryFn: () => fetch('/api/admin/leads'), select: (all) => all.map(toLead) })",
    ],
  ] as const) {
    it(`leaves unticked what ${what} may make something else of`, () => assert.equal(ticked(page(read)), false))
  }

  for (const [shown, before] of [
    ['<Time date={leads[0].createdAt} />'],
    ['<p>{date}</p>', 'const date = new Date(leads[0].createdAt).toLocaleDateString()'],
    ['<p>{when(leads[0])}</p>', 'function when(lead) { return format(leads[0].createdAt) }'],
    ['{rows.map((row) => <p>{row.value}</p>)}', "const rows = [{ label: 'Since', value: format(leads[0].createdAt) }]"],
    ['<Table columns={columns} />', 'const columns = [{ cell: () => format(leads[0].createdAt) }]'],
  ] as const) {
    it(`sees the date in ${before ?? shown}`, () => assert.equal(ticked(page(READ, shown, before)), true))
  }

  for (const [shown, before] of [
    ['<img src={withVersion(leads[0].url, leads[0].createdAt)} />'],
    ['<img src={`${leads[0].url}?${leads[0].createdAt}`} />'],
    ['<p key={leads[0].createdAt}>{leads[0].name}</p>'],
    ['<p>{withVersion(leads[0].url, leads[0].createdAt)}</p>'],
    ['<p>{leads[0].createdAt && leads[0].name}</p>'],
    ['<Alerts alerts={alerts} />', 'for (const lead of leads) alerts.push({ time: format(lead.createdAt) })'],
    ['<p />', 'useEffect(() => { report(leads[0].createdAt) }, [])'],
  ] as const) {
    it(`sees none in ${before ?? shown}`, () => assert.equal(ticked(page(READ, shown, before)), false))
  }

  it('knows rows that are assigned, and are then copied member by member', () => {
    const rows = (given: string) =>
      verdict(
        `async function list() { let leads = []; let total = 0; [leads, total] = await Promise.all([${FIND}, prisma.lead.count()]); return { rows: ${given}, total } }`,
      )
    assert.equal(rows('leads'), 'ticked')
    assert.equal(rows('leads.map((lead) => ({ id: lead.id, at: lead.createdAt }))'), 'left out')
  })

  it('knows a short list whose length others give', () => {
    const list = (options: string) =>
      verdict(`const list = (limit, skip) => ${FIND.replace('{ select', `{ ${options}select`)}`)
    assert.equal(list('take: limit, skip, '), 'ticked')
    assert.equal(list('take: 500, '), 'ticked')
    assert.equal(list('take: limit, '), 'unticked')
    assert.equal(list('take: 20, '), 'unticked')
    assert.equal(list('take: 20, skip, '), 'ticked')
    // What is new, today or this week.
    assert.equal(list('where: { createdAt: { gte: startOfDay } }, '), 'unticked')
    assert.equal(list('where: { createdAt: { gte: startOfDay } }, skip, '), 'ticked')
    for (const other of [
      'createdAt: { lte: end }',
      'dueAt: { gte: now }',
      'createdAt: { gte: from ? from : undefined }',
    ])
      assert.equal(list(`where: { ${other} }, `), 'ticked', other)
  })

  it('knows records that show who handled them, and when', () => {
    const verdictOf = (fields: string, shown: string, field: AuditField = 'updatedBy') => {
      const schema = SCHEMA.replace('status ', `${fields}\n  status `)
      const code = `const list = () => prisma.lead.findMany({ select: { id: true, name: true, createdAt: true, ${shown} } })`
      return answer(code, { path: 'src/admin/service.ts', schema, additions: [{ model: 'Lead', field }] }).edits[0]
        ?.isTicked
    }
    const handled = 'reviewedById Int?\n  reviewedAt DateTime?'
    assert.equal(verdictOf(handled, 'reviewedById: true'), false)
    assert.equal(verdictOf('paid_by String?\n  paid_on DateTime?', 'paid_by: true'), false)
    assert.equal(verdictOf(handled, 'reviewedAt: true'), true, 'it does not show by whom')
    assert.equal(verdictOf(handled, 'reviewedById: true', 'updatedAt'), true, 'later changes have their own date')
    assert.equal(verdictOf('submittedById Int?\n  submittedAt DateTime?', 'submittedById: true'), true)

    assert.equal(verdictOf('blockedBy String?\n  blockedAt DateTime?', 'blockedBy: true'), true)
    assert.equal(verdictOf('reviewedById Int?', 'reviewedById: true'), true, 'it is no pair')
    assert.equal(verdictOf('standby String?\n  standAt DateTime?', 'standby: true'), true)
  })

  it('knows who asks by what a guard gave, under any name', () => {
    const own = (guard: string, id: string) =>
      verdict(`async function get() { ${guard} return ${FIND.replace('{ select', `{ where: { id: ${id} }, select`)} }`)
    for (const id of ['admin.id', 'admin!.id', 'admin?.id']) {
      assert.equal(own('const { admin, error } = await requireAdmin(); if (error) return error;', id), 'unticked', id)
      assert.equal(own('const admin = await auth.verifyAdminToken(request);', id), 'unticked', id)
    }
    assert.equal(own('const admin = await findOne(id);', 'admin.id'), 'ticked')
    assert.equal(own('await requireAdmin();', 'params.id'), 'ticked')
  })

  it('knows lists of what nobody has handled yet', () => {
    const list = (where: string, name = 'list') =>
      verdict(`async function ${name}() { return ${FIND.replace('{ select', `{ where: { ${where} }, select`)} }`)
    const chosen = `async function list() { const status = query.get('status') ?? 'PENDING'; return ${FIND.replace('{ select', '{ where: { lead: { status } }, select')} }`
    assert.equal(verdict(chosen), 'unticked')
    assert.equal(verdict(chosen.replace('PENDING', 'ACTIVE')), 'ticked')
    assert.equal(verdict(`const list = () => ${FIND}`, 'src/admin/requests/route.ts'), 'unticked')
    const ofRequests = { path: 'src/admin/requests/route.ts', schema: SCHEMA.replace('model Lead', 'model Request') }
    const additions = [{ model: 'Request', field: 'ownerId' as const }]
    const requests = answer(`const list = () => ${FIND.replace('lead', 'request')}`, { ...ofRequests, additions })
    assert.equal(requests.edits[0]?.isTicked, false)
    for (const open of ["status: 'PENDING'", 'approvalStatus: Status.PENDING_REVIEW', 'emailVerified: false'])
      assert.equal(list(open), 'unticked', open)
    assert.equal(list('', 'listPendingApprovals'), 'unticked')
    for (const other of ["status: 'ACTIVE'", 'status', 'emailVerified: true', 'isActive: false'])
      assert.equal(list(other), 'ticked', other)
  })

  it('leaves unticked what a schema of the output checks', () => {
    const procedure = (output: string) =>
      verdict(`export const leadsRouter = router({ list: adminProcedure${output}.query(() => ${FIND}) })`)
    assert.equal(procedure(''), 'ticked')
    assert.equal(procedure('.output(z.array(leadSchema))'), 'unticked')
    const route = (options: string) => verdict(`app.get('/leads', requireAdmin, ${options}async () => ${FIND})`)
    assert.equal(route("{ schema: { tags: ['leads'] } }, "), 'ticked')
    assert.equal(route('{ schema: { response: { 200: leads } } }, '), 'unticked')
  })

  it('gives a type what the select of its page asks for, whatever keys it has', () => {
    const schema = SCHEMA.replace(
      'status ',
      'companyId Int?\n  company Company? @relation(fields: [companyId], references: [id])\n  memberId String?\n  status ',
    ).concat('model Company {\n  id Int @id\n  leads Lead[]\n}\n')
    const asked = 'app/admin/leads/page.tsx'
    const of = (path: string, member: string) => {
      const type = `interface Lead { id: number; name: string; ${member}createdAt: string }`
      const files = { ...page(READ), [path]: path === asked ? `${type}\n${page(READ)[asked] ?? ''}` : type }
      return answer(files[path] ?? '', {
        path,
        schema,
        others: files,
        additions: [{ model: 'Lead', field: 'updatedBy' }],
      })
        .edits.filter(({ kind }) => kind === 'type')
        .map(({ names, isTicked }) => [names.join(), isTicked])
    }
    assert.deepEqual(of(asked, 'companyId: number; '), [['updatedBy', true]])
    assert.deepEqual(of(asked, 'memberId: string; '), [['updatedBy', true]])
    assert.deepEqual(of('app/other.ts', 'companyId: number; '), [['updatedById', false]])
    assert.deepEqual(of('app/other.ts', 'memberId: string; '), [['updatedBy', false]])
  })

  it('selects a repair only where the compiler surely checks the record', () => {
    const record = "{ id: 1, name: 'n', email: 'e', status: 's', createdAt: now }"
    const repaired = (code: string) => answer(code, { path: 'src/lead.test.ts' }).edits.map(({ isTicked }) => isTicked)
    assert.deepEqual(repaired(`jest.spyOn(prisma.lead, 'findUnique').mockResolvedValue(${record})`), [true])
    assert.deepEqual(repaired(`vi.mocked(prisma.lead.findUnique).mockResolvedValue(${record})`), [true])
    assert.deepEqual(repaired(`prisma.lead.findUnique.mockResolvedValue(${record})`), [false])
    assert.deepEqual(repaired(`mocks.find.mockResolvedValue(${record})`), [false])
  })

  for (const [what, write] of [
    ['a write before', 'await prisma.lead.update(args);'],
    ['a transaction before', 'await prisma.$transaction(async (tx) => { await tx.lead.update(args) });'],
  ] as const) {
    it(`leaves unticked what is read again after ${what}`, () => {
      const route = (before: string) => ({
        'src/admin/leads.ts': `export async function get(args) { ${before} return ${FIND} }`,
      })
      assert.equal(ticked(route(write)), false)
      assert.equal(ticked(route(write.replace(/lead/, 'user'))), true, 'another model')
      assert.equal(ticked(route(`if (args.id) { ${write} return null }`)), true, 'another request')
    })
  }

  it('leaves unticked what is cast to a type', () => {
    const cast = (type: string) => ({
      'src/admin/leads.ts': `export async function list() { const leads = await ${FIND}; return leads as ${type} }`,
    })
    assert.equal(ticked(cast(`Omit<Lead, 'email'>[]`)), false)
    for (const other of ['any', 'unknown', 'const']) assert.equal(ticked(cast(other)), true, other)
  })

  it('ticks rows that are cast to a type of the file which gets the fields, together with the type', () => {
    const cast = (type: string, declared: string) => ({
      [LEADS]: `${declared}
export default async function Page() { await requireAdmin(); const leads = (await ${FIND}) as ${type}; return <Table rows={leads} date={(lead) => lead.createdAt} /> }`,
    })
    const mirror = 'interface Lead { id: number; name: string; createdAt: Date }'
    for (const type of ['Lead[]', 'unknown as Lead[]'])
      assert.deepEqual(tickedIn(cast(type, mirror)), ['type', 'select'], type)
    for (const other of [
      "import type { Lead } from '@prisma/client'",
      'interface Lead extends Base { id: number; name: string; createdAt: Date }',
      'interface Lead { id: number; name: string; email: string; createdAt: Date }',
      'interface Lead { id: number; name: string }',
    ])
      assert.deepEqual(tickedIn(cast('Lead[]', other)), [], other)
    assert.deepEqual(tickedIn(cast("Omit<Lead, 'name'>[]", mirror)), [])
  })
})
