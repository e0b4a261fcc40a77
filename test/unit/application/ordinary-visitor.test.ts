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
    ['a header', false, token("const payload = { role: (await headers()).get('x-role') }")],
  ]
  for (const [what, isAsked, given] of cases) {
    it(`${isAsked ? 'turns away by' : 'lets on by'} ${what}`, () => assert.equal(ticked(given), isAsked))
  }
})
