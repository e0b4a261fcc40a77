import assert from 'node:assert/strict'
import { FIND, verdict } from './support'

/** Elsewhere than in a folder for administrators. */
function ofFile(text: string): string {
  return verdict(text, 'src/leads.ts')
}

describe('application: what only administrators get to', () => {
  const behind = (guard: string) => `export async function GET(req) { ${guard} return ${FIND} }`

  for (const guard of [
    'await requireAdmin();',
    'const session = await requireAdminSession();',
    'await this.access.assertSuperAdmin(req.user);',
    "if (user.role !== 'ADMIN') return new Response(null, { status: 403 });",
    "if (!session?.user || session.user.role !== Role.ADMIN) { log('no'); throw new Error('no') }",
    "if (user.role !== 'ADMIN' && user.role !== 'MANAGER') redirect('/');",
    'if (!session.user.isAdmin) { throw new Error("no") }',
    "if (!['ADMIN', 'SUPER_ADMIN'].includes(user.role)) return null;",
    'if (!ADMIN_ROLES.includes(user.role)) return null;',
    "if (!verifyAdminToken(req, 'leads')) return null;",
    'const auth = await verifyAdmin(req); if (!auth.ok) return null;',
    'const auth = await checkAdmin(req); if (auth instanceof Response) return auth;',
    "const guard = await getUser(req); requireRole(user, ['ADMIN', 'MANAGER']);",
    "if (!requireAdmin(req, 'a') && !requireAdmin(req, 'b')) return null;",
  ]) {
    it(`is behind ${guard}`, () => assert.equal(ofFile(behind(guard)), 'ticked'))
  }

  for (const open of [
    '',
    "const where = user.role !== 'ADMIN' ? { userId } : {};",
    'await requireUser();',
    // Whose own it is sees it, too.
    "if (user.role !== 'ADMIN' && lead.ownerId !== user.id) return null;",
    "if (user.role !== 'ADMIN' && user.role !== 'CUSTOMER') return null;",
    "if (!['ADMIN', 'STUDENT'].includes(user.role)) return null;",
    "requireRole(user, ['ADMIN', 'SELLER']);",
    // For other calls: in a branch, in a callback, without an end.
    "if (user.role === 'ADMIN') { await requireAdmin(); }",
    "const all = users.filter((user) => { if (user.role !== 'ADMIN') return false; return true });",
    "if (user.role !== 'ADMIN') console.log('no');",
    'const admin = await prisma.admin.findUnique({ where: { id } }); if (!admin) return null;',
    'const auth = await verifyUser(req); if (!auth) return null;',
  ]) {
    it(`is not behind ${open === '' ? 'nothing' : open}`, () => assert.equal(ofFile(behind(open)), 'unticked'))
  }

  it('is not what those others get', () => {
    assert.equal(ofFile(`async function GET() { if (user.role !== 'ADMIN') return ${FIND}; return all() }`), 'unticked')
    assert.equal(ofFile(`async function GET() { if (isGet) return ${FIND}; await requireAdmin() }`), 'unticked')
  })

  it('is behind a middleware, a wrapper or a decorator', () => {
    const handler = `async (req, res) => { res.json(await ${FIND}) }`
    for (const guarded of [
      `router.get('/leads', authenticate, requireAdmin, ${handler})`,
      `router.get('/leads', authorize('ADMIN'), asyncHandler(${handler}))`,
      `router.use(authenticate, requireRole('SUPERADMIN'))\nrouter.get('/leads', ${handler})`,
      `export const GET = withAdminAuth(${handler})`,
      `class Leads { @Roles(Role.ADMIN, Role.MANAGER) list() { return ${FIND} } }`,
      `@UseGuards(AdminGuard) class Leads { list() { return ${FIND} } }`,
    ]) {
      assert.equal(ofFile(guarded), 'ticked', guarded)
    }
    for (const open of [
      `router.get('/leads', authenticate, ${handler})`,
      `router.get('/leads', authorize('ADMIN', 'CUSTOMER'), ${handler})`,
      `router.get('/leads', ${handler})\nrouter.use(requireAdmin)`,
      `export const GET = withAuth(${handler})`,
      `@Roles('admin') class Leads { @Roles('seller') list() { return ${FIND} } }`,
      `class Leads { @Roles('admin') other() { return 1 } list() { return ${FIND} } }`,
    ]) {
      assert.equal(ofFile(open), 'unticked', open)
    }
  })
})
