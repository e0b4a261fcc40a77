import assert from 'node:assert/strict'
import { FIND, LEADS_PAGE as PAGES, ticked } from './support'

const SHOWN = '<Table rows={leads} date={(lead) => lead.createdAt} />'
const USER = 'const user = await getCurrentUser(); if (!user) return denied();'
const SESSION = 'const session = await getServerSession(options);'

describe('application: who may request a select', () => {
  const route = (before: string, [start, end] = ['export async function GET', '']) => ({
    'app/api/admin/leads/route.ts': `${start}(request) { ${before} return Response.json(await ${FIND}) }\n${end}`,
    ...PAGES,
  })

  for (const asked of [
    'await requireAdmin();',
    'await requirePerm("leads.read");',
    "const admin = await verifyAdminToken(request.cookies.get('token')?.value); if (!admin) return denied();",
    `${USER} if (!user.canManage) return denied();`,
    "if (!userAbility.can('manage', 'Lead')) return denied();",
    "await requireUser({ role: 'ADMIN' });",
    'await getAdminOrRedirect(request);',
    'assertAdmin(session);',
    "const auth = await requirePermission(request, 'users', 'view'); if (auth instanceof Response) return auth;",
    "const role = await checkRole(user, 'admin'); if (!role) return denied();",
    'const { user, error } = await requireStaff(request); if (error) return error;',
    'if (!(await getAdmin(request))) return denied();',
    `${USER} if (!user.permissions.includes('leads')) return denied();`,
    `${SESSION} if (!session || session.user.role !== 'ADMIN') return denied();`,
    `${SESSION} if (!session || !['OWNER', 'ADMIN'].includes(session.user.role)) return denied();`,
    `${SESSION} const isStaff = STAFF_ROLES.has(session.role); if (!isStaff) return denied();`,
    "if (user.role === 'CUSTOMER') return denied();",
    `${USER} if (!canManageUsers(user)) return denied();`,
    `${USER} if (!can(user, 'leads.read')) return denied();`,
    `${USER} const isAllowed = user.role === 'ADMIN' || user.role === 'MANAGER'; if (!isAllowed) return denied();`,
    `${SESSION} const me = await prisma.user.findFirst({ where: { id: session.user.id, role: 'ADMIN' } }); if (!me) return denied();`,
    'try { await requirePermission("leads") } catch (error) { return denied() }',
  ]) {
    it(`selects what a route gives after ${asked}`, () => assert.equal(ticked(route(asked)), true))
  }

  for (const open of [
    '',
    USER,
    `${SESSION} if (!session?.user) return new Response(null, { status: 401 });`,
    'await requireUser();',
    'const admin = await prisma.user.findUnique({ where: { id: params.id } }); if (!admin) return missing();',
    `${USER} const where = isAdmin(user) ? {} : { userId: user.id };`,
    `${USER} if (!isAdmin(user)) { where = { userId: user.id } }`,
    `${USER} if (user.role === 'ADMIN') return all();`,
    `${USER} if (user.role !== 'ADMIN' && lead.userId !== user.id) return denied();`,
    `${USER} if (user.role !== 'ADMIN' && user.role !== 'CUSTOMER') return denied();`,
    'try { await requirePermission("leads") } catch (error) { log(error) }',
    "if (request.headers.get('x-key') !== KEY) return;",
    "const admin = await prisma.user.findFirst({ where: { role: 'ADMIN' } }); if (!admin) return missing();",
    "const role = request.nextUrl.searchParams.get('role'); if (!ROLES.includes(role)) return wrong();",
    "const { role } = await request.json(); if (role !== 'ADMIN') return wrong();",
    'if (!process.env.ADMIN_KEY) return wrong();',
    'if (!config.admin.enabled) return missing();',
    "const session = (await cookies()).get('admin_session')?.value; if (!session) return denied();",
    "const session = request.cookies.get('admin_session'); if (!session) return denied();",
    "if (request.headers.get('x-admin') !== 'true') return denied();",
    "if (request.headers['x-admin-key'] !== KEY) return denied();",
    "const role = cookieStore.get('role')?.value; if (role !== 'ADMIN') return denied();",
    'const slots = await getAvailability(id); if (!slots) return missing();',
    'if (!candidate) return missing();',
    `${USER} if (!(user.role === 'ADMIN' || lead.userId === user.id)) return denied();`,
    `${USER} const mayRead = isAdmin(user) || lead.userId === user.id; if (!mayRead) return denied();`,
    `${USER} if (!canView(user, lead)) return denied();`,
    'await requireAdminOrSelf(request, params.id);',
    "await requireRole('PATIENT');",
    "if (!userAbility.can('read', 'Lead')) return denied();",
    `${USER} if (lead.adminId !== user.id) return denied();`,
    'requireAdmin();',
    'const admin = requireAdmin();',
    `${SESSION} if (!session?.user?.role) return denied();`,
    `${SESSION} const { permissions } = session.user; if (!permissions?.length) return denied();`,
    `${SESSION} const role = await getUserRole(session.user.id); if (!role) return denied();`,
  ]) {
    it(`leaves unticked what a route gives after ${open || 'nothing'}`, () => {
      assert.equal(ticked(route(open)), false)
    })
  }

  it('knows functions around a route, and functions of its file that it calls', () => {
    assert.equal(ticked(route('', ['async function list', 'export const GET = withAdmin(list)'])), true)
    assert.equal(
      ticked(route('', ['async function list', "export const GET = withAuth(list, { roles: ['ADMIN'] })"])),
      true,
    )
    assert.equal(ticked(route('', ['async function list', "export const GET = withRole('ADMIN')(list)"])), true)
    assert.equal(ticked(route('', ['async function list', "export const GET = withRole('CUSTOMER')(list)"])), false)
    assert.equal(ticked(route('', ['async function list', 'export const GET = withUser(list)'])), false)
    assert.equal(ticked(route('', ['if (!isAdmin) throw new Error()\nexport async function GET', ''])), false)
    const guard = (body: string) =>
      route('await guard();', ['export async function GET', `async function guard() { ${body} }`])
    assert.equal(ticked(guard("if (!(await getAdmin())) throw new Error('no')")), true)
    assert.equal(ticked(guard("if (!(await getUser())) throw new Error('no')")), false)
    // What ends only the function that is called lets its caller go on, unless that looks at the answer.
    const left = 'async function guard() { if (!(await getAdmin())) return denied(); return null }'
    const calling = (before: string) => ticked(route(before, ['export async function GET', left]))
    assert.equal(calling('await guard();'), false)
    assert.equal(calling('const given = await guard();'), false)
    assert.equal(calling('const given = await guard(); if (given) return given;'), true)
    assert.equal(ticked(guard("if (!(await getAdmin())) return redirect('/login')")), true)
    const again = 'await guard(); if (!(await getAdmin())) throw new Error()'
    assert.equal(ticked(guard(again)), true, 'a function that calls itself')
  })

  it("asks NestJS' controllers for a role", () => {
    const nest = (guard: string, method = '') => ({
      'api/admin/admin.service.ts': `@Injectable() export class AdminService { all() { return this.${FIND} } }`,
      'api/admin/admin.controller.ts': `${guard} @Controller('admin') export class AdminController {
  constructor(private readonly adminService: AdminService) {}
  ${method} @Get('leads') list() { return this.adminService.all() } }`,
      ...PAGES,
    })
    for (const asked of [
      '@UseGuards(AdminGuard)',
      "@UseGuards(JwtAuthGuard, RolesGuard) @Roles('ADMIN')",
      '@UseGuards(JwtAuthGuard, RolesGuard) @MinRole(Role.ADMIN)',
      "@RequirePermissions('leads.read')",
      '@Public() @UseGuards(SuperAdminGuard)',
    ])
      assert.equal(ticked(nest(asked)), true, asked)
    for (const open of [
      '',
      '@UseGuards(JwtAuthGuard)',
      '@UseGuards(JwtAuthGuard, RolesGuard)',
      '@Protected()',
      "@Roles('ADMIN')",
      "@UseGuards(JwtAuthGuard) @Roles('ADMIN')",
      "@UseGuards(RolesGuard) @Roles('ADMIN', 'CUSTOMER')",
    ])
      assert.equal(ticked(nest(open)), false, open)
    assert.equal(ticked(nest('@UseGuards(AdminGuard)', '@Public()')), false)
    assert.equal(ticked(nest("@UseGuards(RolesGuard) @Roles('ADMIN')", "@Roles('CUSTOMER')")), false)
    // One that is for all of the program, or that is named by what it does otherwise.
    const main = { 'api/main.module.ts': 'const providers = [{ provide: APP_GUARD, useClass: RolesGuard }]' }
    assert.equal(ticked({ ...nest("@Roles('ADMIN')"), ...main }), true)
    const decorator = {
      'api/admin/admin.controller.ts': `import { Roles } from '../roles'\n${nest("@UseGuards(RolesGuard) @Roles('ADMIN')")['api/admin/admin.controller.ts']}`,
      'api/roles.ts': "export const Roles = (...roles) => SetMetadata('roles', roles)",
    }
    assert.equal(ticked({ ...nest(''), ...decorator }), true)
    const access = "import { JwtGuard } from '../jwt'\n@UseGuards(JwtGuard) @Roles('ADMIN')"
    const jwt = { 'api/jwt.ts': "export class JwtGuard { canActivate(c) { return this.reflector.get('roles', c) } }" }
    assert.equal(ticked({ ...nest(access), ...jwt }), true)
    const asksLogin = "import { AdminGuard } from '../guards'\n@UseGuards(AdminGuard)"
    const login = { 'api/guards.ts': 'export class AdminGuard { canActivate(c) { return !!c.getRequest().user } }' }
    assert.equal(ticked({ ...nest(asksLogin), ...login }), false)
  })

  it("asks Express' routers, and everywhere that they are put", () => {
    const express = (before: string, handler = 'getLeads', mount = "app.use('/admin', adminRouter)") => ({
      'api/admin/admin.controller.ts': `export const getLeads = asyncHandler(async (req, res) => { const leads = await ${FIND}; res.json(leads) })`,
      'api/admin/admin.routes.ts': `import { getLeads } from './admin.controller'
const router = Router()
${before}
router.get('/leads', ${handler})
export { router as adminRouter }`,
      'api/app.ts': `import { adminRouter } from './admin/admin.routes'\n${mount}`,
      ...PAGES,
    })
    for (const asked of [
      express('router.use(authenticate, requireAdmin)'),
      express("router.use(authorize('ADMIN'))"),
      express('', "permit('users.read', 'admin'), getLeads".replace('permit', 'checkPermission')),
      express('', '{ preHandler: [authenticate, isStaff] }, getLeads'),
      express('router.use(authenticate)', 'getLeads', "app.use('/admin', authenticate, requireAdmin, adminRouter)"),
      express('', 'getLeads', "app.use(requireAdmin)\napp.use('/admin', adminRouter)"),
    ])
      assert.equal(ticked(asked), true, Object.values(asked).join('\n'))
    for (const open of [
      express(''),
      express('router.use(authenticate)'),
      express('', 'authenticate, getLeads'),
      express('', 'getLeads', "app.use('/admin', authenticate, adminRouter)"),
      express('', 'getLeads', "app.use('/admin', requireAdmin, adminRouter)\napp.use('/v1/admin', adminRouter)"),
      express("router.use(authorize('ADMIN', 'CUSTOMER'))"),
      ...['adminLimiter', 'logAdminAccess', 'attachAdmin', 'optionalAdmin', 'checkAdminExists', 'checkRole'].map(
        (each) => express(`router.use(${each})`),
      ),
    ])
      assert.equal(ticked(open), false, Object.values(open).join('\n'))
  })

  it('asks a server action and a procedure for themselves, whatever is around their page', () => {
    const layout = {
      'app/admin/layout.tsx':
        'export default async function Layout({ children }) { await requireAdmin(); return children }',
    }
    const action = (first: string, before: string) => ({
      'lib/admin.ts': `${first}\nexport async function getLeads() { ${before} return ${FIND} }`,
      'app/admin/leads/page.tsx': `import { getLeads } from '@/lib/admin'
export default async function Page() { const leads = await getLeads(); return ${SHOWN} }`,
      ...layout,
    })
    assert.equal(ticked(action("'use server'", '')), false)
    assert.equal(ticked(action('', "'use server';")), false)
    assert.equal(ticked(action("'use server'", 'await requireAdmin();')), true)
    assert.equal(ticked(action('', '')), true)
    const procedure = (name: string) => ({
      'server/admin/leads.ts': `export const leadsRouter = createTRPCRouter({ list: ${name}.query(() => ${FIND}) })`,
      'app/admin/leads/page.tsx': `export default function Page() { const { data } = api.leads.list.useQuery(); return <p>{data[0].createdAt}</p> }`,
      ...layout,
    })
    assert.equal(ticked(procedure('moderatorProcedure')), true)
    const namedAlike = Object.fromEntries(
      Array.from({ length: 30 }, (_, at) => [`server/other${String(at)}.ts`, 'export const list = load()']),
    )
    assert.equal(
      ticked({ ...procedure('moderatorProcedure'), ...namedAlike }),
      true,
      'however many others are named so',
    )
    assert.equal(ticked(procedure('protectedProcedure')), false)
  })

  it('takes layouts, and components of the server, for guards of what their page itself reads', () => {
    const page = (before: string, others: Readonly<Record<string, string>> = {}) => ({
      'app/admin/leads/page.tsx': `export default async function Page() { ${before} const leads = await ${FIND}; return ${SHOWN} }`,
      ...others,
    })
    const layout = (path: string, before: string) => ({
      [path]: `export default async function Layout({ children }) { ${before} return children }`,
    })
    const shell = (first: string) => ({
      'app/admin/leads/page.tsx': `import { Shell } from '../../shell'\nexport default async function Page() { const leads = await ${FIND}; return <Shell>${SHOWN}</Shell> }`,
      'app/shell.tsx': `${first}\nexport async function Shell({ children }) { if (!(await getAdmin())) redirect('/login'); return children }`,
    })
    const refused = "if (user.role !== 'ADMIN') redirect('/login');"
    const { 'app/admin/leads/page.tsx': around, ...others } = shell('')
    const besides = {
      'app/admin/leads/page.tsx': around.replace(/<Shell>.*<.Shell>/, `<><Shell><Button /></Shell>${SHOWN}</>`),
      ...others,
    }
    for (const kept of [page(refused), page('', layout('app/layout.tsx', refused)), shell('')])
      assert.equal(ticked(kept), true, Object.values(kept).join('\n'))
    for (const open of [
      page(''),
      page("if (!user) redirect('/login');"),
      page('', layout('app/layout.tsx', '')),
      page('', layout('app/layout.tsx', "if (!session) redirect('/login');")),
      page('', layout('app/orders/layout.tsx', refused)),
      page('', { 'src/middleware.ts': `export function middleware(request) { ${refused} }` }),
      shell("'use client'"),
      page(
        '',
        layout(
          'app/layout.tsx',
          'const shown = items.filter((item) => { if (!user.isAdmin) return false; return true });',
        ),
      ),
      page('', {
        'app/layout.tsx': `function AdminMenu() { if (user.role !== 'ADMIN') return null; return <a /> }
export default function Layout({ children }) { return <><AdminMenu />{children}</> }`,
      }),
      besides,
      { ...route(''), ...layout('app/layout.tsx', refused) },
    ])
      assert.equal(ticked(open), false, Object.values(open).join('\n'))
  })

  it('selects nothing where not all who read it are looked at', () => {
    const reader = (before: string, read = 'fetchLeads()') => `import { fetchLeads } from '@/lib/admin/leads'
export default async function Page() { ${before} const leads = await ${read}; return ${SHOWN} }`
    const read = (count: number, last: string) => {
      const files: Record<string, string> = {
        'lib/admin/leads.ts': `export async function fetchLeads() { return ${FIND} }`,
      }
      for (let at = 10; at < count + 9; at++) files[`app/admin/page${at}/page.tsx`] = reader('await requireAdmin();')
      return { ...files, 'app/admin/page99/page.tsx': last }
    }
    assert.equal(ticked(read(2, reader('await requireAdmin();'))), true)
    assert.equal(ticked(read(30, reader(''))), false)
    assert.equal(ticked(read(2, reader('', `x${'.a'.repeat(20_000)}.query(() => fetchLeads())`))), false)
  })

  it('believes no name of a guard whose own code asks for no role', () => {
    const guarded = (code: string, name = 'requireAdmin') => ({
      'api/admin/admin.controller.ts': `export const getLeads = async (req, res) => { const leads = await ${FIND}; res.json(leads) }`,
      'api/admin/admin.routes.ts': `import { getLeads } from './admin.controller'
import { ${name} } from '../guards'
const router = Router()
router.get('/leads', ${name}, getLeads)
export { router as adminRouter }`,
      'api/app.ts': "import { adminRouter } from './admin/admin.routes'\napp.use('/admin', adminRouter)",
      'api/guards.ts': code,
      ...PAGES,
    })
    const guard = (body: string) => guarded(`export const requireAdmin = (req, res, next) => { ${body} }`)
    for (const asks of [
      "if (req.user.role !== 'ADMIN') return res.sendStatus(403); next()",
      'const found = await prisma.admin.findUnique({ where: { id: req.userId } }); if (!found) throw denied()',
      'const { role } = req.user; if (!ALLOWED.includes(role)) throw denied()',
      "if (auth(req)?.type === 'admin') return next()",
      "const ADMINS = ['someone@example.com']; if (!ADMINS.includes(req.user.email)) throw denied()",
      "return check(req) ? next() : deny(); function check() { return req.user.role === 'ADMIN' }",
      'const token = read(req); req.payload = jwt.verify(token, ADMIN_SECRET); next()',
      "switch (req.user.role) { case 'ADMIN': return next() } throw denied()",
    ])
      assert.equal(ticked(guard(asks)), true, asks)
    assert.equal(ticked(guarded('export * from "./elsewhere"')), true, 'its code is not found')
    for (const open of [
      "if (!req.user) throw new Error('Admin only')",
      'if (!req.user.role) return res.sendStatus(403); next()',
      'req.admin = await find(req.user?.id); next()',
      "console.log('admin', req.path); next()",
      "if (req.user?.role === 'ADMIN') { req.isAdmin = true }",
      "next(); return res.json({ role: 'admin' })",
      "/* for administrators */ const cookieStore = req.cookies; const admin = verify(cookieStore.get('admin_session')?.value); if (!admin) throw denied()",
    ])
      assert.equal(ticked(guard(open)), false, open)
    assert.equal(ticked(guarded('export const requireAdmin = requireUser')), false)
    assert.equal(ticked(guarded('export const adminLimiter = rateLimit({ max: 100 })', 'adminLimiter')), false)
    assert.equal(
      ticked(
        route('const admin = await getAdminId(); if (!admin) return denied();', [
          'export async function GET',
          'async function getAdminId() { return verify((await cookies()).get("x")?.value) }',
        ]),
      ),
      false,
    )
  })

  it('believes a guard no more than what it calls, in other files, too', () => {
    const files = (verify: string) => ({
      'app/api/admin/leads/route.ts': `import { requireAdmin } from '@/lib/guards'
export async function GET() { await requireAdmin(); return Response.json(await ${FIND}) }`,
      'lib/guards/index.ts': "export * from './session'",
      'lib/guards/session.ts': `import { verifyAdmin } from '../tokens'
export async function requireAdmin() { const admin = await getAdmin(); if (!admin) redirect('/login') }
const getAdmin = async () => verifyAdmin((await cookies()).get('token')?.value)`,
      'lib/tokens.ts': `export function verifyAdmin(token) { ${verify} }`,
      ...PAGES,
    })
    assert.equal(ticked(files("const payload = open(token); return payload.role === 'ADMIN' ? payload : null")), true)
    const verdict = "const isAdmin = open(token).role === 'ADMIN'; return { isAuthorized: isAdmin, role }"
    // An object is true, whatever it says.
    assert.equal(ticked(files(verdict)), false)
    assert.equal(ticked(files('const payload = open(token); return payload')), false)
  })

  it('takes a permission that others than staff have for none', () => {
    const files = (permission: string, roles: string) => ({
      ...route(`await requirePermission(${permission});`),
      'lib/permissions.ts': `export const permissions = ${roles}`,
    })
    for (const [permission, roles, isTicked] of [
      ["{ lead: ['list'] }", "{ STUDENT: access.newRole({ lead: ['get', 'list'] }) }", false],
      ["{ lead: ['list'] }", "{ STUDENT: access.newRole({ lead: ['list:own'], user: ['list'] }) }", true],
      ["user, 'leads:view'", '{ [Role.USER]: [Permission.LEADS_VIEW], ADMIN: [] }', false],
      ["user, 'leads', 'view'", "{ customer: ['leads:view'] }", false],
      ["'leads:view'", "{ user: ['leads:own'], ADMIN: ['leads:view'] }", true],
    ] as const)
      assert.equal(ticked(files(permission, roles)), isTicked, `${permission} ${roles}`)
  })

  it('takes no function of a page for a method of the same name in a controller', () => {
    const files = {
      'api/admin/admin.controller.ts': `export class AdminController { async getLeads(c) { return c.json(await ${FIND}) } }`,
      'api/admin/admin.routes.ts': `import { adminController } from './admin.controller'
const adminRouter = new Hono()
adminRouter.use(requireAdmin)
adminRouter.get('/leads', (c) => adminController.getLeads(c))`,
      'web/src/lib/api.ts': `export function getLeads() { return request('/leads') }`,
      'web/app/leads/page.tsx': `import { getLeads } from '../../src/lib/api'
export default async function Page() { const leads = await getLeads(); return ${SHOWN} }`,
    }
    assert.equal(ticked(files), true)
  })
})
