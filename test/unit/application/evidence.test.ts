import assert from 'node:assert/strict'
import { answer, apply, check, FIND, SCHEMA, SELECT, verdict } from './support'

describe('application: who should see the fields', () => {
  for (const shown of [
    `export const list = () => ${FIND}`,
    `async function list() { const leads = await ${FIND}; return leads }`,
    `async function list() { const leads = await ${FIND}; return { leads, page: 1 } }`,
    `app.get('/', requireAdmin, async (request, response) => { const leads = await ${FIND}; response.json({ leads }) })`,
    `async function list() { const [leads, count] = await Promise.all([${FIND}, prisma.lead.count()]); return { leads, count } }`,
    `async function list() { const leads = await ${FIND}; return leads.map((lead) => ({ ...lead, isNew: true })) }`,
    `async function list() { const leads = (await ${FIND}).filter((lead) => lead.name !== ''); return leads }`,
    `app.get('/', requireAdmin, async (req, res) => { const leads = await ${FIND}; sendSuccess(res, { leads }) })`,
    `export async function GET() { await requireAdmin(); return apiResponse(await ${FIND}) }`,
    `const list = () => db.$transaction(async (tx) => { const leads = await tx.lead.findMany(${SELECT}); return leads })`,
  ]) {
    it(`ticks what is shown: ${shown}`, () => assert.equal(verdict(shown), 'ticked'))
  }

  it('ticks what a page shows', () => {
    const page = (shown: string) =>
      `async function Page() { await requireAdmin(); const leads = await ${FIND}; return <Table rows={leads} ${shown} /> }`
    assert.equal(verdict(page('date={(lead) => lead.createdAt}'), 'src/admin/leads/page.tsx'), 'ticked')
    assert.equal(verdict(page(''), 'src/admin/leads/page.tsx'), 'unticked')
  })

  for (const unseen of [
    `async function greet() { const { name, createdAt } = await prisma.lead.findFirst(${SELECT}); return name + createdAt }`,
    `async function names() { const rows = await ${FIND}; return new Map(rows.map((row) => [row.id, row.name])) }`,
    `async function names() { return (await ${FIND}).map((row) => row.name) }`,
    `async function names() { return ${FIND}.then((rows) => rows.map(({ id, name }) => ({ id, name }))) }`,
    `async function has() { const lead = await prisma.lead.findFirst(${SELECT}); if (!lead) throw new Error('none'); return lead.id }`,
    `async function touch() { await prisma.lead.update({ where: { id: 1 }, data: {}, select: { id: true, name: true, createdAt: true } }) }`,
    `async function make() { return prisma.lead.create({ data: {}, select: { id: true, name: true, createdAt: true } }) }`,
    `async function warm() { ${FIND} }`,
    `async function each() { for (const lead of await ${FIND}) { console.log(lead.name) } }`,
    `async function find() { return ${FIND} } export async function names() { return (await find()).map(({ name }) => name) }`,
    `async function names() { const [rows] = await db.$transaction([${FIND}, db.lead.count()] as const); return rows.map((row) => ({ id: row.id, name: row.name })) }`,
    `const nameOf = (lead) => ({ name: lead.name }); export const get = async () => nameOf(await prisma.lead.findFirst(${SELECT}))`,
  ]) {
    it(`leaves out what nobody sees: ${unseen}`, () => assert.equal(verdict(unseen, 'src/service.ts'), 'left out'))
  }

  it("ticks users of one's own organization", () => {
    const select = `{ id: true, email: true, name: true, createdAt: true }`
    const team = `export const team = (ctx) => prisma.user.findMany({ where: { teamId: ctx.user.teamId }, select: ${select} })`
    assert.equal(verdict(team), 'ticked')
  })

  for (const uncertain of [
    `export async function GET() { return toLeadResponse(await ${FIND}) }`,
    // Nobody who calls them sees what their type does not have.
    `export async function list(): Promise<LeadSummary[]> { return prisma.lead.findMany({ select: { id: true, name: true, email: true, status: true, createdAt: true } }) }`,
    // No date beside which a date belongs.
    `export interface Lead { id: number; name: string; email: string; status: string }`,
    `export const list = () => prisma.lead.findMany({ select: { id: true, name: true, email: true, status: true } })`,
    `app.get('/me', async (req, res) => { res.json(await prisma.user.findUnique({ where: { id: req.userId }, select: { id: true, email: true, name: true, createdAt: true } })) })`,
    `export const referrals = (ctx) => prisma.user.findMany({ where: { invitedById: ctx.user.id }, select: { id: true, email: true, name: true, createdAt: true } })`,
    // His own record, rows of a query, a type that is mostly something else.
    `export const me = async () => prisma.user.findUnique({ where: { id: session.user.id }, select: { id: true, email: true, name: true, createdAt: true } })`,
    `interface LeadRow { id: number; name: string; email: string; status: string; createdAt: Date }`,
    `export interface Lead { id: number; name: string; createdAt: Date; unread: number; isOnline: boolean }`,
    // What is one user's own, a user beside something else, a few rows, rows without their key.
    `export const mine = (userId) => prisma.lead.findMany({ where: { userId }, select: { id: true, name: true, email: true, createdAt: true } })`,
    `export const made = (req) => prisma.lead.findMany({ where: { createdBy: req.user!.userId }, select: { id: true, name: true, email: true, createdAt: true } })`,
    `export const teacher = (course) => prisma.user.findUnique({ where: { id: course.teacherId }, select: { id: true, email: true, name: true, createdAt: true } })`,
    `export const few = () => prisma.lead.findMany({ take: 5, select: { id: true, name: true, email: true, createdAt: true } })`,
    `export const getRecentLeads = () => ${FIND}`,
    `export const rows = () => prisma.lead.findMany({ select: { name: true, email: true, status: true, createdAt: true } })`,
    // What may check input, and the documentation of an API.
    `export const leadSchema = z.object({ id: z.number(), name: z.string(), email: z.string(), createdAt: z.string() })`,
    `export const lead = z.object({ id: z.number().describe('key'), name: z.string(), email: z.string(), createdAt: z.string() })`,
    // Oneself by a name declared before, and what one user keeps or writes to others.
    `app.get('/me', async (req, res) => { const userId = req.user.id; res.json(await prisma.user.findUnique({ where: { id: userId }, select: { id: true, email: true, name: true, createdAt: true } })) })`,
    `export const me = async () => { const { userId } = await auth(); return prisma.user.findUnique({ where: { id: userId }, select: { id: true, email: true, name: true, createdAt: true } }) }`,
    `export const mine = (userId) => { const where = { userId }; return prisma.lead.findMany({ where, select: { id: true, name: true, email: true, createdAt: true } }) }`,
    `app.get('/mine', async (req, res) => { const customerId = (req.user as any)?.id; res.json(await prisma.lead.findMany({ where: { customer_id: customerId }, select: { id: true, name: true, email: true, createdAt: true } })) })`,
    `export const settings = withAuth(async (req, ctx) => { const { leadId } = ctx; return prisma.lead.findUnique({ where: { id: leadId }, select: { id: true, name: true, email: true, createdAt: true } }) })`,
    // A function that lists its members.
    `export interface LeadDto { id: number; name: string; email: string; status: string; createdAt: Date }\nexport function toLead(row: Row): LeadDto { return { id: row.id, name: row.name, email: row.email, status: row.status, createdAt: row.createdAt } }`,
    // Passwords and keys, and values that somebody makes of records.
    `export interface User { id: number; name: string; email: string; passwordHash: string; createdAt: Date }`,
    `export interface Lead { id: number; name: string; email: string; ownerName: string; createdAt: Date }`,
    // Nothing says what becomes of it.
    `export const list = async () => toRows(await prisma.lead.findMany({ select: { id: true, name: true, email: true, status: true, createdAt: true } }))`,
    `export const leadSelect = { id: true, name: true, email: true, status: true, createdAt: true } satisfies Prisma.LeadSelect`,
  ]) {
    it(`offers unticked: ${uncertain}`, () => assert.equal(verdict(uncertain), 'unticked'))
  }

  it('looks up who a user is: one that somebody asks for, or the one who is logged in', () => {
    const find = (where: string) =>
      `prisma.user.findUnique({ where: ${where}, select: { id: true, email: true, name: true, createdAt: true } })`
    assert.equal(verdict(`export const one = (id) => ${find('{ id }')}`), 'ticked')
    assert.equal(
      verdict(`export const one = (req) => { const id = req.params.id; return ${find('{ id }')} }`),
      'ticked',
    )
    assert.equal(
      verdict(`export const one = (req) => { const id = getUserId(req); return ${find('{ id }')} }`),
      'unticked',
    )
  })

  it("skips records of the users' own: messages, carts, models that begin with User", () => {
    const ticked = (model: string) =>
      answer(`export const list = () => ${FIND.replace('lead', model.charAt(0).toLowerCase() + model.slice(1))}`, {
        path: 'src/admin/records.ts',
        schema: SCHEMA.replace('model Lead', `model ${model}`),
        additions: [{ model, field: 'updatedBy' }],
      }).edits.map(({ isTicked }) => isTicked)
    for (const model of [
      'ChatMessage',
      'CartItem',
      'UserBank',
      'Comment',
      'TaskExecution',
      'WalletTransaction',
      'PageVersion',
    ])
      assert.deepEqual(ticked(model), [false], model)
    assert.deepEqual(ticked('Invoice'), [true])
  })

  it('leaves out of a type made from records what somebody would have to pass on', () => {
    const type = (member: string) =>
      `export interface Lead { id: number; name: string; email: string; status: string; createdAt: Date; ${member} }`
    const schema = `${SCHEMA.replace('status    String ', 'company Company\n  status String ')}\nmodel Company {\n  id Int @id\n}`
    const others = {
      'api/admin/leads.ts': `export const list = () => ${FIND}`,
      'src/admin/list.ts': `import { list } from '../../api/admin/leads'\nimport type { Lead } from './lead'\nexport const leads: () => Promise<Lead[]> = async () => list()`,
    }
    const ticked = (member: string) =>
      answer(type(member), { schema, path: 'src/admin/lead.ts', others }).edits.find(({ kind }) => kind === 'type')
        ?.isTicked
    for (const made of [
      `stage: 'open' | 'late'`,
      `stats: { mails: number }`,
      `lines: { mail: string }[]`,
      `companyName?: string`,
      `company_name?: string`,
    ]) {
      assert.equal(ticked(made), false, made)
    }
    for (const own of [`company: { id: number }`, `_count: { mails: number }`, `company?: Company`]) {
      assert.equal(ticked(own), true, own)
    }
  })

  it("knows an administrator's own profile", () => {
    const one = `export const GET = async (id) => prisma.user.findUnique({ where: { id }, select: { id: true, email: true, name: true, createdAt: true } })`
    assert.equal(verdict(one, 'src/admin/users/route.ts'), 'ticked')
    assert.equal(verdict(one, 'src/admin/profile/route.ts'), 'unticked')
  })

  it("asks tRPC's procedures who may call them", () => {
    const procedure = (name: string) =>
      `export const router = { list: ${name}.input(z.object({})).query(() => ${FIND}) }`
    assert.equal(verdict(procedure('adminProcedure'), 'src/leads.ts'), 'ticked')
    assert.equal(verdict(procedure('protectedProcedure'), 'src/leads.ts'), 'unticked')
    assert.equal(verdict(procedure('publicProcedure'), 'src/leads.ts'), 'left out')
    const search = procedure('adminProcedure').replace('list:', 'search:')
    assert.equal(verdict(search, 'src/leads.ts'), 'unticked', 'its name is that of a function')
  })

  it('asks for who changed a record where an include or a select asks for who created it, in the same words', () => {
    const schema = SCHEMA.replace(
      /status {4}String/,
      'createdById Int\n  createdBy User @relation("c", fields: [createdById], references: [id])\n  status    String',
    )
    const question = { schema, additions: [{ model: 'Lead', field: 'updatedBy' as const }] }
    for (const creator of ['true', '{ select: { id: true, role: true } }']) {
      const include = (more: string) =>
        `export const list = () => prisma.lead.findMany({ include: { createdBy: ${creator}${more} } })`
      check(include(''), include(`, updatedBy: ${creator}`), question)
      // A page that is not for administrators may be for anybody.
      assert.equal(answer(include(''), question).edits[0]?.isTicked, false)
      assert.equal(answer(include(''), { ...question, path: 'src/admin/leads.ts' }).edits[0]?.isTicked, true)
    }
    const select = (more: string) =>
      `export const list = () => prisma.lead.findMany({ select: { id: true, name: true, createdAt: true, createdBy: { select: { role: true } }${more} } })`
    check(select(''), select(', updatedBy: { select: { role: true } }'), question)
    const unseen = `export const names = async () => (await prisma.lead.findMany({ include: { createdBy: true } })).map(({ name }) => name)`
    assert.deepEqual(answer(unseen, question).edits, [])
  })

  it('offers unticked: forms, lookups, charts, histories and trials of administrators', () => {
    const list = `export const GET = () => ${FIND}`
    for (const path of ['leads/lookup', 'storage/insights', 'activity', 'test-accelerate', 'leads/new', 'lead-options'])
      assert.equal(verdict(list, `src/admin/${path}/route.ts`), 'unticked', path)
    for (const name of [
      'getLeadHistory',
      'listOverdueLeads',
      'leadAlerts',
      'getLeadByQR',
      'getDailyLeads',
      'getRecentLeads',
    ])
      assert.equal(verdict(`export const ${name} = () => ${FIND}`), 'unticked', name)
    for (const path of ['leads', 'leads/[id]', 'leads/[id]/edit'])
      assert.equal(verdict(list, `src/admin/${path}/route.ts`), 'ticked', path)
  })

  it('leaves out a type that a generator printed, its members in alphabetical order', () => {
    const type = (...members: string[]) => `export interface Lead { ${members.join('; ')} }`
    const printed = [
      'createdAt: Date',
      'email: string',
      'id: number',
      'name: string',
      'notes?: string',
      'status: string',
    ]
    assert.equal(verdict(type(...printed, 'tags?: Tag[]')), 'left out')
    assert.equal(verdict(type('tags?: Tag[]', ...printed)), 'unticked')
  })

  for (const shown of [
    `export interface User { id: number; name: string; email: string; updated_at: Date; lastModifiedBy: string }`,
    `export const users = () => prisma.user.findMany({ select: { id: true, email: true, changedAt: true, editedById: true } })`,
    `export const lead = z.object({ id: z.number(), name: z.string(), email: z.string(), createdAt: z.string() }).passthrough()`,
  ]) {
    it(`leaves out what has the fields by another name, or takes any: ${shown}`, () =>
      assert.equal(verdict(shown), 'left out'))
  }

  for (const row of [
    `import { supabase } from './supabase'\nexport interface Lead { id: number; name: string; email: string; createdAt: Date }\nsupabase.from('lead')`,
    `export interface Lead { id: Generated<number>; name: string; email: string; createdAt: Generated<Date> }`,
    `type LeadRow = { id: number; name: string; email: string; createdAt: Date }\nconst rows = await db.$queryRaw<LeadRow[]>\`SELECT 1\``,
    `type LeadRow = { id: number; name: string; email: string; createdAt: Date }\nconst { rows } = await pool.query<LeadRow>('SELECT 1')`,
  ]) {
    it(`leaves out rows of SQL: ${row}`, () => assert.equal(verdict(row, 'src/rows.ts'), 'left out'))
  }

  it('knows a query of a frontend from one of SQL', () => {
    const row = 'export type LeadRow = { id: number; name: string; email: string; status: string; createdAt: Date }'
    assert.equal(verdict(`${row}\nconst { data } = useQuery<LeadRow[]>({ queryKey: ['leads'] })`), 'unticked')
    const endpoint = `(build) => ({ list: build.query<LeadRow[], void>({ query: () => '/leads' }) })`
    assert.equal(verdict(`${row}\nexport const endpoints = ${endpoint}`, 'src/rows.ts'), 'unticked')
  })

  it('writes keys into a type that has keys but of users, whom selects read, and addresses only where addresses are', () => {
    const keys = `id: number; name: string; email: string; teamId: number; createdAt: Date`
    const team = 'teamId    Int    @default(1)\n'
    check(`interface Lead { ${keys} }`, `interface Lead { ${keys}; updatedById?: number | null }`, {
      schema: SCHEMA.replace('status    String ', `${team}  status    String `),
      additions: [{ model: 'Lead', field: 'updatedBy' }],
    })
    check(
      `interface User { ${keys} }`,
      `interface User { ${keys}; updatedAt?: Date; updatedBy?: { id: number; name: string; email: string } | null }`,
      { schema: SCHEMA.replace('role      String ', `${team}  role      String `) },
    )
    check(
      `interface User { id: number; name: string; role: string; createdAt: Date }`,
      `interface User { id: number; name: string; role: string; createdAt: Date; updatedAt?: Date; updatedBy?: { id: number; name: string } | null }`,
    )
  })

  it('writes the user into a type that shows an editor', () => {
    const type = `export interface Lead { id: number; name: string; createdAt: Date }`
    const editors = type.replace('}', '; createdBy: Person }')
    assert.match(
      apply(editors, answer(editors, { additions: [{ model: 'Lead', field: 'updatedBy' }] })),
      /updatedBy\?: \{/,
    )
  })
})
