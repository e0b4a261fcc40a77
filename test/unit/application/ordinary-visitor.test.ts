import assert from 'node:assert/strict'
import { FIND, LEADS_PAGE, ticked } from './support'

const SESSION = 'const session = await getServerSession(options);'

describe('application: the code of a guard, asked whether it lets an ordinary visitor on', () => {
  const files = (guard: string, call = 'await requireAdmin();') => ({
    'app/api/admin/leads/route.ts': `import { requireAdmin, requireRole, getAdmin } from '@/lib/guards'
import { ADMINS, EVERYONE, LEVELS } from '@/lib/roles'
export async function GET(request) { ${call} return Response.json(await ${FIND}) }`,
    'lib/guards.ts': `import { ADMINS, EVERYONE, LEVELS } from './roles'\n${guard}`,
    'lib/roles.ts': `export const ADMINS = ['ADMIN', 'SUPER_ADMIN']; export const EVERYONE = [...ADMINS, 'CUSTOMER']
export const LEVELS = { CUSTOMER: 1, ADMIN: 2 }`,
    ...LEADS_PAGE,
  })
  const asking = (body: string) =>
    files(`export async function requireAdmin() { const { role, isAdmin, ...user } = await me(); ${body} }`)
  const roles = (call: string) =>
    files(
      'export async function requireRole(roles) { const { role } = await me(); if (!roles.includes(role)) throw denied() }',
      call,
    )
  const inRoute = (test: string) => files('', `${SESSION} const { role } = session.user; if (${test}) return denied();`)
  const token = (read: string, test = "payload.role !== 'ADMIN'") =>
    files(`export async function requireAdmin() { const token = (await cookies()).get('token')?.value
${read}; if (${test}) throw denied() }`)
  const throughRest = (rest: string) =>
    files(
      `export async function getAdmin() { const { role } = await me(); ${rest} }`,
      'const admin = await getAdmin(); if (!admin) return denied();',
    )

  const express = (guards: string, before: string) => ({
    'api/admin/admin.controller.ts': `export const getLeads = async (req, res) => { const leads = await ${FIND}; res.json(leads) }`,
    'api/admin/admin.routes.ts': `import { getLeads } from './admin.controller'
import { requireAdmin, requireRole } from '../guards'
import { ADMINS, EVERYONE } from '../roles'
const router = Router()
router.get('/leads', ${before}, getLeads)
export { router as adminRouter }`,
    'api/app.ts': "import { adminRouter } from './admin/admin.routes'\napp.use('/admin', adminRouter)",
    'api/guards.ts': guards,
    'api/roles.ts': "export const ADMINS = ['ADMIN']; export const EVERYONE = ['ADMIN', 'CUSTOMER']",
    ...LEADS_PAGE,
  })
  const allowing = (before: string) =>
    express(
      'export const requireRole = (...roles) => (req, res, next) => { if (!roles.includes(req.user.role)) return next(new Error()); next() }',
      before,
    )
  const wrapping = (roles: string) => ({
    'app/api/admin/leads/route.ts': `import { withRole } from '@/lib/guards'
import { ADMINS, EVERYONE } from '@/lib/roles'
export const GET = withRole(async () => Response.json(await ${FIND}), ${roles})`,
    'lib/guards.ts': `export function withRole(handler, roles) { return async (request, context) => {
const user = await me(); if (!roles.includes(user.role)) return denied(); return handler(request, context) } }`,
    'lib/roles.ts': "export const ADMINS = ['ADMIN']; export const EVERYONE = ['ADMIN', 'CUSTOMER']",
    ...LEADS_PAGE,
  })
  const procedure = (test: string) => ({
    'server/routers/admin.ts': `import { adminProcedure } from '../trpc'
export const adminRouter = createTRPCRouter({ leads: adminProcedure.query(() => ${FIND}) })`,
    'server/trpc.ts': `export const adminProcedure = t.procedure.use(({ ctx, next }) => {
if (${test}) throw new TRPCError({ code: 'FORBIDDEN' }); return next({ ctx }) })`,
    'app/admin/leads/page.tsx': `export default function Page() { const { data } = api.admin.leads.useQuery()
return <main>{data.map((lead) => <p>{format(lead.createdAt)}</p>)}</main> }`,
  })
  const nest = (answer: string) => ({
    'api/admin/admin.service.ts': `@Injectable() export class AdminService { all() { return this.${FIND} } }`,
    'api/admin/admin.controller.ts': `import { AdminGuard } from '../admin.guard'
@UseGuards(AdminGuard) @Controller('admin') export class AdminController {
constructor(private readonly adminService: AdminService) {}
@Get('leads') list() { return this.adminService.all() } }`,
    'api/admin.guard.ts': `export class AdminGuard { canActivate(context) {
const { user } = context.switchToHttp().getRequest(); return ${answer} } }`,
    ...LEADS_PAGE,
  })

  const cases: readonly (readonly [string, boolean, Readonly<Record<string, string>>])[] = [
    ['a role', true, asking("if (role !== 'ADMIN') throw denied()")],
    ['others, too', false, asking("if (role !== 'USER' && role !== 'ADMIN') throw denied()")],
    ['a list of others, too', false, asking("if (!['USER', 'ADMIN'].includes(role)) throw denied()")],
    ['a list in another file', true, asking('if (!ADMINS.includes(role)) throw denied()')],
    ['a list of others in another file', false, asking('if (!EVERYONE.includes(role)) throw denied()')],
    ['a level', true, asking('if (LEVELS[role] < LEVELS.ADMIN) throw denied()')],
    ["others' level", false, asking('if (LEVELS[role] < LEVELS.CUSTOMER) throw denied()')],
    ['a return before it', false, asking("if (user.id) return user; if (role !== 'ADMIN') throw denied()")],
    ['a flag', true, asking('if (!isAdmin) throw denied()')],
    ['a flag that may be missing', false, asking('if (!(isAdmin ?? true)) throw denied()')],
    ['an error that is caught', false, asking("try { if (role !== 'ADMIN') throw denied() } catch { log() }")],
    ['an error that is passed on', true, asking("try { if (role !== 'ADMIN') throw denied() } catch (e) { throw e }")],
    ['both branches', false, asking("if (role === 'ADMIN') { return user } return user")],
    ['what it is given', true, roles("await requireRole(['ADMIN']);")],
    ['what it is given, a list of another file', true, roles('await requireRole(ADMINS);')],
    ['what it is given, with others', false, roles("await requireRole(['ADMIN', 'CUSTOMER']);")],
    ['what it is given, with others of another file', false, roles('await requireRole(EVERYONE);')],
    ['a list of others in the route', false, inRoute('!EVERYONE.includes(role)')],
    ['a list of another file in the route', true, inRoute('!ADMINS.includes(role)')],
    ['ownership', false, asking("if (role !== 'ADMIN' && user.id !== lead.ownerId) throw denied()")],
    ['nobody', true, throughRest("return role === 'ADMIN' ? role : null")],
    ['an answer that is true for everyone', false, throughRest("return { isAllowed: role === 'ADMIN' }")],
    ['a verified token', true, token('const payload = jwt.verify(token, SECRET)')],
    ['a decoded token', false, token('const payload = jwt.decode(token)')],
    ['a token in base64', false, token("const payload = JSON.parse(atob(token.split('.')[1]))")],
    ['a token in a buffer', false, token("let payload; payload = JSON.parse(Buffer.from(token, 'base64').toString())")],
    [
      "a verified token's user",
      true,
      token(
        'const me = await db.user.findUnique({ where: { id: jwt.verify(token, KEY).id } })',
        "me?.role !== 'ADMIN'",
      ),
    ],
    [
      'a session in the database',
      true,
      token('const found = await db.session.findUnique({ where: { id: token } })', "found?.user.role !== 'ADMIN'"),
    ],
    ['middleware', true, allowing('requireRole(...ADMINS)')],
    ['middleware, others, too', false, allowing('requireRole(...EVERYONE)')],
    ['a wrapper', true, wrapping('ADMINS')],
    ['a wrapper, others, too', false, wrapping('EVERYONE')],
    ['a procedure', true, procedure("ctx.user.role !== 'ADMIN'")],
    ['a procedure, others, too', false, procedure("ctx.user.role !== 'ADMIN' && ctx.user.role !== 'USER'")],
    ["NestJS's guard", true, nest("user.role === 'ADMIN'")],
    ["NestJS's guard, others, too", false, nest("user.role === 'ADMIN' || user.role === 'USER'")],
    [
      'a flag with a default',
      false,
      files(
        'export async function requireAdmin() { const { isAdmin = true } = await me(); if (!isAdmin) throw denied() }',
      ),
    ],
    ['a header', false, token("const payload = { role: (await headers()).get('x-role') }")],
  ]
  for (const [what, isAsked, given] of cases) {
    it(`${isAsked ? 'turns away by' : 'lets on by'} ${what}`, () => assert.equal(ticked(given), isAsked))
  }
})
