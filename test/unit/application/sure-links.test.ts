import assert from 'node:assert/strict'
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

  it('takes a request that another route of the program answers for none', () => {
    const files = page("const response = await fetch('/api/leads')", `${SHOWN}<a href="/admin/help">Help</a>`)
    assert.equal(ticked(files), true)
    assert.equal(ticked({ ...files, 'app/api/leads/route.ts': 'export async function GET() {}' }), false)
  })

  it('follows no member of an object into a file that does not name the object', () => {
    const builder = `const BLOCKS = { content: async () => { const response = await fetch('/api/admin/leads'); return response.json() } }`
    const other = (from: string) => `import { BLOCKS as blocks } from '${from}'
export default async function Page() { const leads = await ${from === './x' ? 'view' : 'BLOCKS'}.content(); return <a href="/admin">${SHOWN}</a> }`
    const files = (from: string) => ({
      ...ROUTE,
      'app/admin/builder.tsx': builder,
      'app/admin/text/page.tsx': other(from),
    })
    assert.deepEqual([ticked(files('../builder')), ticked(files('./x'))], [true, false])
  })

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
    for (const open of ["status: 'PENDING'", 'approvalStatus: Status.PENDING_REVIEW', 'emailVerified: false'])
      assert.equal(list(open), 'unticked', open)
    assert.equal(list('', 'listPendingApprovals'), 'unticked')
    for (const other of ["status: 'ACTIVE'", 'status', 'emailVerified: true', 'isActive: false'])
      assert.equal(list(other), 'ticked', other)
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
