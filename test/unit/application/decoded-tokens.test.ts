import assert from 'node:assert/strict'
import { answer, FIND } from './support'

type Files = Readonly<Record<string, string>>

const ROUTE = 'app/api/admin/leads/route.ts'
const PAGES = {
  'app/admin/leads/page.tsx': `export default function Page() {
  const [leads, setLeads] = useState([])
  useEffect(() => { fetch('/api/admin/leads').then((res) => res.json()).then((d) => setLeads(d)) }, [])
  return <main>{leads.map((each) => <p>{format(each.createdAt)}</p>)}</main>
}`,
}

/** Whether the route's select comes selected after what its function does first. */
function ticked(before: string, others: Files = {}, outside = ''): boolean | undefined {
  const text = `${outside}\nexport async function GET(request) { ${before} return Response.json(await ${FIND}) }`
  return answer(text, { path: ROUTE, others: { ...PAGES, ...others } }).edits.find(({ file }) => file === ROUTE)
    ?.isTicked
}

const NO_ADMIN = "if (user?.role !== 'ADMIN') return denied();"

describe('application: a token that is decoded, but not verified', () => {
  for (const open of [
    `const user = jwt.decode(token); ${NO_ADMIN}`,
    `const user = jose.decodeJwt(token); ${NO_ADMIN}`,
    `const user = jwtDecode(token); ${NO_ADMIN}`,
    `const { payload: user } = jwt.decode(token, { complete: true }); ${NO_ADMIN}`,
    `const user = JSON.parse(atob(token.split('.')[1])); ${NO_ADMIN}`,
    `const user = JSON.parse(Buffer.from(token.split('.')[1], 'base64').toString('utf8')); ${NO_ADMIN}`,
    `const part = token.split('.')[1]; const text = atob(part); const user = JSON.parse(text); ${NO_ADMIN}`,
    `let user = null; try { user = jwt.decode(token) } catch {} ${NO_ADMIN}`,
    `let user; const [, part] = token.split('.'); user = JSON.parse(Buffer.from(part, 'base64url').toString()); ${NO_ADMIN}`,
    "const claims = jwt.decode(token); const role = claims.role; if (role !== 'ADMIN') return denied();",
    "const claims = jwt.decode(token); if (!['ADMIN', 'STAFF'].includes(claims.role)) return denied();",
    `const claims = jwt.decode(token); const user = await prisma.user.findUnique({ where: { id: claims.sub } }); ${NO_ADMIN}`,
    'const claims = jwt.decode(token); assertAdmin(claims);',
    `const user = JSON.parse(request.cookies.get('user').value); ${NO_ADMIN}`,
  ]) {
    it(`leaves unticked what a route gives after ${open}`, () => assert.equal(ticked(open), false))
  }

  for (const asked of [
    `const user = jwt.verify(token, secret); ${NO_ADMIN}`,
    `const { payload: user } = await jwtVerify(token, secret); ${NO_ADMIN}`,
    `jwt.verify(token, secret); const user = jwt.decode(token); ${NO_ADMIN}`,
    `const [data, mac] = token.split('.'); if (mac !== createHmac('sha256', secret).update(data).digest('hex')) return denied(); const user = JSON.parse(atob(data)); ${NO_ADMIN}`,
    `const user = await decode({ token, secret }); ${NO_ADMIN}`,
    `const user = JSON.parse(await redis.get(sessionId)); ${NO_ADMIN}`,
    `const id = JSON.parse(atob(token)).id; const { user } = await prisma.session.findUnique({ where: { id } }); ${NO_ADMIN}`,
    `const image = JSON.parse(atob(file)); const { user } = await getServerSession(options); ${NO_ADMIN}`,
  ]) {
    it(`selects what a route gives after ${asked}`, () => assert.equal(ticked(asked), true))
  }

  it('follows functions of the file and of others to where they decode', () => {
    const own = (body: string) => ticked(`const user = await getUser(request); ${NO_ADMIN}`, {}, body)
    assert.equal(
      own('async function getUser(request) { const token = read(request); return jwt.decode(token) }'),
      false,
    )
    assert.equal(
      own('const getUser = (request) => { try { return jwtDecode(read(request)) } catch { return null } }'),
      false,
    )
    assert.equal(own('async function getUser(request) { return jwt.verify(read(request), secret) }'), true)
    const users = (session: string, tokens: string, before = `const user = await getUser(request); ${NO_ADMIN}`) =>
      ticked(
        before,
        { 'lib/session.ts': `import { readToken } from './tokens'\n${session}`, 'lib/tokens.ts': tokens },
        "import { getUser, requireAdmin } from '@/lib/session'",
      )
    const session = 'export async function getUser(request) { const user = readToken(request); return user ?? null }'
    const decodes = 'export const readToken = (request) => JSON.parse(atob(tokenOf(request).split(".")[1]))'
    assert.equal(users(session, decodes), false)
    assert.equal(
      users(session, 'export const readToken = (request) => jwt.verify(tokenOf(request), secret); atob(x)'),
      true,
    )
    // A guard that asks what it decodes is none.
    const guard = (role: string) =>
      `export async function requireAdmin(request) { const user = readToken(request); ${role} }`
    const throws = "if (user.role !== 'ADMIN') throw denied()"
    assert.equal(users(guard(throws), decodes, 'await requireAdmin(request);'), false)
    assert.equal(users(guard(throws), 'export const readToken = open', 'await requireAdmin(request);'), true)
    const named = 'export async function requireAdmin(request) { return checkRole(readToken(request), "ADMIN") }'
    assert.equal(users(named, decodes, 'await requireAdmin(request);'), false)
  })

  it('knows the user that a middleware decodes into the request', () => {
    const express = (authenticate: string) => {
      const files = {
        'api/admin/admin.routes.ts': `import { authenticate, requireAdmin } from '../auth'
const router = Router()
router.use(authenticate, requireAdmin)
router.get('/leads', async (req, res) => res.json(await ${FIND}))
export { router as adminRouter }`,
        'api/app.ts': "import { adminRouter } from './admin/admin.routes'\napp.use('/admin', adminRouter)",
        'api/auth.ts': `export const requireAdmin = (req, res, next) => { if (req.user.role !== 'ADMIN') return res.sendStatus(403); next() }
export function authenticate(req, res, next) { ${authenticate}; next() }`,
        ...PAGES,
      }
      return answer(files['api/admin/admin.routes.ts'], {
        path: 'api/admin/admin.routes.ts',
        others: files,
      }).edits.find(({ file }) => file === 'api/admin/admin.routes.ts')?.isTicked
    }
    assert.equal(express('req.user = jwt.decode(tokenOf(req))'), false)
    assert.equal(express('const claims = jwt.decode(tokenOf(req)); req.user = claims'), false)
    assert.equal(express('req.user = jwt.verify(tokenOf(req), secret)'), true)
  })
})
