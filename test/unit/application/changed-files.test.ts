import assert from 'node:assert/strict'
import fc from 'fast-check'
import { ApplicationIndex } from '../../../server/src/application/application-index'
import { codeModels } from '../../../server/src/application/model-additions'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import { addition, FIND, POLICY, SCHEMA } from './support'

const MODELS = codeModels(parseSchema([{ path: 'schema.prisma', text: SCHEMA }]), POLICY, [
  addition('User', 'updatedAt'),
  addition('User', 'updatedBy'),
  addition('Lead', 'updatedAt'),
  addition('Lead', 'ownerId'),
])

const PATHS = [
  'src/select.ts',
  'src/index.ts',
  'src/leads.ts',
  'src/users.service.ts',
  'src/types.ts',
  'src/admin/page.tsx',
  'apps/admin/main.ts',
  'src/app.ts',
  'apps/web/lead.ts',
  'src/lead.tsx',
  'src/admin/leads.service.ts',
  'src/guards.ts',
]

/**
 * Texts whose edits depend on other files: on constants, on callers, on what administrators import, on guards of lists,
 * on other selects and types, on routes, requests and pages.
 */
const TEXTS = [
  '',
  'export const leadSelect = { id: true, name: true, createdAt: true }',
  'export const leadSelect = { id: true, name: true, email: true, updatedAt: true }',
  'export const leadSelect = { id: true, name: true, createdAt: true }\nexport const other = () => prisma.user.findMany({ select: leadSelect })',
  "export * from './select'",
  "import { leadSelect } from './index'\nexport const list = () => prisma.lead.findMany({ select: { ...leadSelect, email: true } })",
  "import { leadSelect } from './select'\nexport const list = () => prisma.lead.findMany({ select: leadSelect })",
  'export const list = () => prisma.lead.findMany({ select: { id: true, name: true, createdAt: true } })',
  'export const mine = () => prisma.lead.findMany({ where: { userId }, select: { id: true, name: true, createdAt: true } })',
  'export const names = () => prisma.lead.findMany({ select: { id: true, name: true, owner: { select: { id: true } } } })',
  'export class UsersService { findOne(id) { return prisma.user.findUnique({ where: { id }, select: { id: true, email: true, name: true, createdAt: true } }) } }',
  "prisma.lead.findMany()\nauthorize(user, 'SALES')",
  'prisma.lead.findMany()\nprisma.user.findMany()',
  'await requireRole(request)',
  'this.usersService.findOne(req.user.id)',
  "export class UsersController { constructor(private users: UsersService) {} @Roles('ADMIN') one(id) { return this.users.findOne(id) } }",
  'this.usersService.findOne(params.id)',
  'export interface Lead { id: number; name: string; email: string; createdAt: Date }',
  'export interface Lead { id: number; name: string; email: string; createdAt: Date; updatedAt: Date }\nexport interface User { id: number; name: string; email: string; createdAt: Date }',
  "import { Lead, list, UsersService } from '../types'",
  'const lead: Lead = {',
  "router.get('/leads', requireAdmin, async (req, res) => res.json(await prisma.lead.findMany({ select: { id: true, name: true, createdAt: true } })))",
  "import leads from './leads'\napp.use('/api/admin', leads)",
  "import type { Lead } from '../types'\nexport const getLeads = () => http.get<Lead[]>('/admin/leads')",
  "export default function Page() { const { data } = useSWR('/api/admin/leads'); return <p>{data[0].createdAt}</p> }",
  "import { getLeads } from '../leads'\nexport default async function Page() { const leads = await getLeads(); return <p>{leads[0].createdAt}</p> }",
  "@UseGuards(AdminGuard) @Controller('admin') export class LeadsController { @Get('leads') list() { return this.leadsService.list() } }",
  'export class LeadsService { list() { return prisma.lead.findMany({ select: { id: true, name: true, createdAt: true } }) } }',
  "@UseGuards(JwtAuthGuard) @Controller('mine') export class MineController {}",
  '"use server"\nexport const getLeads = () => prisma.lead.findMany({ select: { id: true, name: true, createdAt: true } })',
  "export default async function Page() { await requireAdmin(); const leads = await prisma.lead.findMany({ select: { id: true, name: true, createdAt: true } }); return <Lead rows={leads} /> }\nimport { Lead } from '../lead'",
  'export function Lead({ rows }) { const [all, setAll] = useState(rows); return <p>{all[0].createdAt}</p> }',
  "export function Lead({ rows }) { const [all, setAll] = useState(rows); useEffect(() => { fetch('/x').then(setAll) }, []); return <p>{all[0].createdAt}</p> }",
  "import { requireAdmin } from './guards'\nrouter.get('/leads', requireAdmin, async (req, res) => res.json(await prisma.lead.findMany({ select: { id: true, name: true, createdAt: true } })))",
  "export const requireAdmin = (req, res, next) => { if (req.user.role !== 'ADMIN') return res.sendStatus(403); next() }",
  "export const requireAdmin = (req, res, next) => { if (req.user.role !== 'ADMIN' && req.user.role !== 'USER') return res.sendStatus(403); next() }",
  '// @audit-ignore\nexport interface Lead { id: number; name: string; email: string; createdAt: Date }',
]

describe('application: changed files', () => {
  it('answers the same after any changes as when all files are read anew', () => {
    const path = fc.constantFrom(...PATHS)
    const change = fc.oneof(
      { weight: 5, arbitrary: fc.record({ path, text: fc.constantFrom(...TEXTS) }) },
      { weight: 1, arbitrary: fc.record({ path, text: fc.constant(null) }) },
    )
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 12 }), (changes) => {
        const texts = new Map<string, string>()
        const index = indexOf(texts)
        for (const { path, text } of changes) {
          if (text === null) {
            texts.delete(path)
            index.remove(path)
          } else {
            texts.set(path, text)
            index.update(path, text)
          }
          const whole = indexOf(texts)
          for (const [each, of] of texts) whole.update(each, of)
          const answer = whole.answer()
          assert.deepEqual(index.answer(), answer)
          const only = new Set(PATHS.slice(0, 3))
          const edits = answer.edits.filter(({ file }) => only.has(file))
          assert.deepEqual(index.answer({ only }).edits, edits)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('keeps the edits of files that a change does not lead to', () => {
    const texts = new Map([
      ['src/select.ts', TEXTS[1] ?? ''],
      ['src/leads.ts', TEXTS[6] ?? ''],
      ['src/users.service.ts', TEXTS[10] ?? ''],
    ])
    const index = indexOf(texts)
    for (const [path, text] of texts) index.update(path, text)
    const before = index.answer().edits
    assert.deepEqual(
      before.map(({ file }) => file),
      ['src/select.ts', 'src/users.service.ts'],
    )
    index.update('src/leads.ts', `${TEXTS[6] ?? ''}\n// changed`)
    const after = index.answer().edits
    assert.deepEqual(after, before)
    assert.equal(after[1], before[1], 'it is the same object')
  })

  it('selects nothing for which no page was found while another project, which is not read, may have it', () => {
    for (const hasOtherProjects of [false, true]) {
      const index = new ApplicationIndex(MODELS, '', () => null, hasOtherProjects)
      index.update('api/admin/leads.ts', `export const list = () => ${FIND}`)
      assert.deepEqual(ticksOf(index), [!hasOtherProjects])
    }
  })

  it('reads only the changed file anew when the way to a page is followed again', () => {
    const texts = new Map([
      ['app/api/admin/leads/route.ts', `export const GET = withAdmin(async () => Response.json(await ${FIND}))`],
      ['app/leads-api.ts', "export const getLeads = () => http.get('/admin/leads')"],
      ['app/other.ts', "export const remove = () => http.delete('/admin/leads')"],
      [
        'app/admin/page.tsx',
        "import { getLeads } from '../leads-api'\nexport default async function Page() { const leads = await getLeads(); return <p>{leads[0].createdAt}</p> }",
      ],
    ])
    const read: string[] = []
    const index = new ApplicationIndex(MODELS, '', (path) => {
      read.push(path)
      return texts.get(path) ?? null
    })
    for (const [path, text] of texts) index.update(path, text)
    assert.deepEqual(ticksOf(index), [true])
    assert.ok(read.includes('app/other.ts'))
    for (const [path, name, isTicked] of [
      ['app/leads-api.ts', 'leads', true],
      ['app/leads-api.ts', 'users', false],
      ['app/leads-api.ts', 'leads', true],
      ['app/admin/page.tsx', 'createdAt', true],
      ['app/admin/page.tsx', 'name', false],
    ] as const) {
      read.length = 0
      const text = `${(texts.get(path) ?? '').replace(/leads'|users'|createdAt|name/, (old) => (old.endsWith("'") ? `${name}'` : name))} // ${name}`
      texts.set(path, text)
      index.update(path, text)
      assert.deepEqual(ticksOf(index), [isTicked], name)
      assert.deepEqual(
        read.filter((each) => each !== path),
        [],
        name,
      )
    }
    read.length = 0
    index.update('app/api/admin/leads/route.ts', `${texts.get('app/api/admin/leads/route.ts') ?? ''} // changed`)
    assert.deepEqual(ticksOf(index), [false])
    assert.deepEqual(read, [], 'what the update parsed is not parsed again')
  })

  it('finds a page as soon as it asks for the address', () => {
    const texts = new Map([
      ['app/api/admin/leads/route.ts', `export const GET = withAdmin(async () => Response.json(await ${FIND}))`],
    ])
    const index = indexOf(texts)
    for (const [path, text] of texts) index.update(path, text)
    for (const [address, isTicked] of [
      ['/admin/others', false],
      ['/admin/leads', true],
    ] as const) {
      const page = `export default function Page() { const { data } = useSWR('/api${address}'); return <p>{data[0].createdAt}</p> }`
      texts.set('app/admin/page.tsx', page)
      index.update('app/admin/page.tsx', page)
      assert.deepEqual(ticksOf(index), [isTicked], address)
    }
  })
})

function indexOf(texts: ReadonlyMap<string, string>): ApplicationIndex {
  return new ApplicationIndex(MODELS, '', (path) => texts.get(path) ?? null)
}

function ticksOf(index: ApplicationIndex): boolean[] {
  return index.answer().edits.map(({ isTicked }) => isTicked)
}
