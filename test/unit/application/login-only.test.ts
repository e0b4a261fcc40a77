import assert from 'node:assert/strict'
import { IS_AROUND, TURNS_AWAY } from '../../../server/src/application/readers/turned-away'
import { withinTime } from '../../../server/src/text/within-time'
import { answer, FIND } from './support'

type Files = Readonly<Record<string, string>>

/** Whether the first select of the first file comes selected. */
function ticked(files: Files): boolean | undefined {
  const [path = '', text = ''] = Object.entries(files)[0] ?? []
  return answer(text, { path, others: files }).edits.find(({ file }) => file === path)?.isTicked
}

const USER = 'const user = await getCurrentUser(); if (!user) return denied();'
const LESS = 'if (!isAdminRole(user.role)) { where = { userId: user.id } }'

const PAGES = {
  'app/admin/leads/page.tsx': `export default function Page() {
  const [leads, setLeads] = useState([])
  useEffect(() => { fetch('/api/admin/leads').then((res) => res.json()).then((d) => setLeads(d)) }, [])
  return <main>{leads.map((each) => <p>{format(each.createdAt)}</p>)}</main>
}`,
}

describe('application: a select whose route asks only for a login', () => {
  it('leaves unticked what anyone who is logged in may request', () => {
    const nest = (guard: string, body = '', others: Files = {}) => ({
      'api/admin/admin.service.ts': `@Injectable() export class AdminService { all() { ${body} return this.${FIND} } }`,
      'api/admin/admin.controller.ts': `${guard} @Controller('admin') export class AdminController {
  constructor(private readonly adminService: AdminService) {}
  @Get('leads') list() { return this.adminService.all() } }`,
      'api/orders/orders.controller.ts': `@UseGuards(JwtAuthGuard, AuthGuard('jwt')) @Controller('orders') export class OrdersController {}`,
      ...PAGES,
      ...others,
    })
    for (const open of ['', '@UseGuards(JwtAuthGuard)', "@ApiTags('x') @UseGuards(AuthGuard('jwt'))"])
      assert.equal(ticked(nest(open)), false, open)
    for (const other of [
      '@UseGuards(JwtAuthGuard, RolesGuard)',
      '@UseGuards(AdminGuard)',
      "@UseGuards(AuthGuard('admin-jwt'))",
      "@UseGuards(JwtAuthGuard) @Roles('ADMIN')",
      '@UseGuards(JwtAuthGuard) @Protected()',
    ])
      assert.equal(ticked(nest(other)), true, other)
    const login = '@UseGuards(JwtAuthGuard)'
    assert.equal(ticked(nest(login, "if (this.user.role !== 'ADMIN') throw new Error()")), true)
    assert.equal(ticked(nest(login, '', { 'api/main.ts': 'app.useGlobalGuards(new OnlyStaff())' })), true)
    assert.equal(ticked(nest(login, '', { 'api/orders/orders.controller.ts': '' })), true, 'only for administrators')

    const session = 'const session = await getServerSession(authOptions);'
    const next = (before: string, others: Files = {}) => ({
      'app/api/admin/leads/route.ts': `export async function GET() { ${before} return Response.json(await ${FIND}) }`,
      'app/api/orders/route.ts': `export async function GET() { ${session} return Response.json(session) }`,
      ...PAGES,
      ...others,
    })
    const open = `${session} if (!session?.user) return new Response(null, { status: 401 });`
    assert.equal(ticked(next(open)), false)
    for (const other of [`${open} await checkUser(session);`, `${open} if (!session.user.permissions) return;`])
      assert.equal(ticked(next(other)), true, other)
    const middleware = (source: string) =>
      next(open, { 'src/middleware.ts': `${source}\nexport const config = { matcher: [] }` })
    assert.equal(ticked(middleware("if (path.startsWith('/admin')) check()")), true)
    assert.equal(ticked(middleware('locale()')), false)
    assert.equal(ticked(next(open, { 'app/api/orders/route.ts': '' })), true, 'only for administrators')
  })

  it("leaves unticked what Express' router gives to anyone who is logged in", () => {
    const express = (
      before: string,
      parts: { handler?: string; body?: string; mount?: string; orders?: string; auth?: string } = {},
    ) => ({
      'api/admin/admin.controller.ts': `export const getLeads = asyncHandler(async (req: Request, res: Response) => { ${parts.body ?? ''} const leads = await ${FIND}; res.json(leads) })`,
      'api/admin/admin.routes.ts': `import { authenticate } from '${parts.auth ?? '../auth'}'
import { getLeads } from './admin.controller'
const router = Router()
${before}
router.get('/leads', ${parts.handler ?? 'getLeads'})
export { router as adminRouter }`,
      'api/orders.routes.ts': parts.orders ?? 'router.use(authenticate)',
      'api/app.ts': `import { adminRouter } from './admin/admin.routes'\n${parts.mount ?? `app.use('/admin', adminRouter)`}`,
      ...PAGES,
    })
    const login = 'router.use(authenticate)'
    for (const open of [
      express(''),
      express(login),
      express('', { handler: 'authenticate, getLeads' }),
      express(login, { handler: 'asyncHandler(getLeads)' }),
      express(login, { mount: `app.use('/admin', authenticate, adminRouter)` }),
    ])
      assert.equal(ticked(open), false, Object.values(open).join('\n'))
    for (const kept of [
      express('', { mount: `app.use(authenticated())\napp.use('/admin', adminRouter)` }),
      express(`${login}\nrouter.use(onlyOffice)`),
      express('router.use(authenticate, onlyOffice)'),
      express("router.use(authenticate('admin'))"),
      express(login, { handler: 'onlyOffice, getLeads' }),
      express(login, { handler: 'checked(getLeads)' }),
      express(login, { body: "if (req.user.role !== 'BOSS') throw new Error();" }),
      express(login, { mount: `app.use('/admin', onlyOffice, adminRouter)` }),
      express(login, { mount: `app.use(requireAdmin)\napp.use('/admin', adminRouter)` }),
      express(login, { mount: `app.use('/admin', office(adminRouter))` }),
      express(login, { orders: '' }),
      express(login, { auth: '../admin-auth' }),
    ])
      assert.equal(ticked(kept), true, Object.values(kept).join('\n'))
  })

  it('leaves unticked what a route or a page gives to everyone', () => {
    const route = (before: string, others: Files = {}, [start, end] = ['export async function GET', '']) => ({
      'admin/app/api/admin/leads/route.ts': `${start}(request) { ${before} return Response.json(await ${FIND}) }\n${end}`,
      ...PAGES,
      ...others,
    })
    const page = (before: string, others: Files = {}) => ({
      'app/admin/leads/page.tsx': `export default async function Page() { ${before} const leads = await ${FIND}; return <Table rows={leads} date={(lead) => lead.createdAt} /> }`,
      ...others,
    })
    const shell = (first: string) => ({
      'app/admin/leads/page.tsx': `import { Shell } from '../../shell'\nexport default async function Page() { const leads = await ${FIND}; return <Shell><Table rows={leads} date={(lead) => lead.createdAt} /></Shell> }`,
      'app/shell.tsx': `${first}\nexport async function Shell({ children }) { if (!(await getSession())) redirect('/login'); return children }`,
    })
    const layout = (path: string, before: string) => ({
      [path]: `export default async function Layout({ children }) { ${before} return children }`,
    })
    const middleware = (path: string, text: string) => ({ [path]: `export function middleware(request) { ${text} }` })
    for (const open of [
      route(''),
      route('const ngo = await getAuthenticatedNgo(request);'),
      route("if (request.method !== 'GET') return;"),
      route('const { id } = await request.json(); if (!id) return new Response(null, { status: 400 });'),
      route("const userId = request.nextUrl.searchParams.get('userId'); if (!userId) throw new Error();"),
      route('const user = await prisma.user.findUnique({ where: { id: params.id } }); if (!user) return missing();'),
      route('const parsed = userSchema.safeParse(request.query); if (!parsed.success) return failed();'),
      route('if (!(await checkRateLimit(ip))) return busy(); await checkRateLimit(ip);'),
      route('', layout('admin/app/layout.tsx', 'if (!isLocale(locale)) notFound();')),
      // Middleware is for some addresses, which its code decides.
      route('', middleware('admin/middleware.ts', 'return auth(request)')),
      page('', middleware('src/middleware.ts', "return redirect('/login')")),
      route('', layout('admin/app/layout.tsx', '')),
      route('', layout('admin/app/layout.tsx', "if (!session) redirect('/login');")),
      route(
        "const userId = query.get('userId'); const user = await prisma.user.findUnique({ where: { id: userId }, select: { role: true } }); if (!user) return missing();",
      ),
      // Who is no administrator is shown less.
      route(`${USER} ${LESS}`),
      route(`try { ${USER} } catch { return denied() } ${LESS}`),
      page(`${USER} ${LESS}`),
      page(''),
      page('', layout('app/layout.tsx', '')),
      shell("'use client'"),
      page('', layout('app/orders/layout.tsx', "redirect('/login')")),
    ])
      assert.equal(ticked(open), false, Object.values(open).join('\n'))
    for (const kept of [
      route('if (!(await getAdmin(request))) return denied();'),
      route('await requireUser();'),
      route('const session = await getSession(); const { id } = session; if (!id) return;'),
      route('const { data, error } = await client.auth.current(); if (error) return error;'),
      route("if (!(await gate(request))) return Response.json({ error: 'Unauthorized' }, { status: 401 });"),
      route('if (request.headers.get("x-key") !== KEY) return;'),
      route("try { await load() } catch (error) { throw new Error('Forbidden') }"),
      route('', {}, ['async function list', 'export const GET = withUser(list)']),
      page("if (!user) redirect('/login');"),
      route(`${USER} if (!user.permissions.includes('leads')) return denied(); ${LESS}`),
      route(`${USER} await requireOffice(user); ${LESS}`),
      route(`${USER} ${LESS.replace('where', 'if (!isOwner) return denied(); where')}`),
      route(LESS, {}, ['async function list', 'export const GET = withUser(list)']),
      page(`${USER} ${LESS}`, layout('app/layout.tsx', "if (user.role !== 'ADMIN') redirect('/login');")),
      shell(''),
      page('', layout('app/layout.tsx', 'if (!(await getSession())) return null;')),
    ])
      assert.equal(ticked(kept), true, Object.values(kept).join('\n'))
  })

  it('takes no function of a page for a method of the same name in a controller', () => {
    const files = {
      'api/admin/admin.controller.ts': `export class AdminController { async getLeads(c) { return c.json(await ${FIND}) } }`,
      'api/admin/admin.routes.ts': `import { adminController } from './admin.controller'
const adminRouter = new Hono()
adminRouter.use(requireOffice)
adminRouter.get('/leads', (c) => adminController.getLeads(c))`,
      'web/src/lib/api.ts': `export function getLeads() { return request('/leads') }`,
      'web/app/leads/page.tsx': `import { getLeads } from '../../src/lib/api'
export default async function Page() { const leads = await getLeads(); return <Table rows={leads} date={(lead) => lead.createdAt} /> }`,
    }
    assert.equal(ticked(files), true)
  })

  it('reads what stands before a route in no more time than its length takes', () => {
    for (const word of ['auth', 'session', 'user redirect ', 'export {', 'requireX ']) {
      const text = word.repeat(20_000)
      for (const pattern of [TURNS_AWAY, IS_AROUND]) withinTime(5_000, () => pattern.test(text))
    }
  })
})
