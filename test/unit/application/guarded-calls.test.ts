import assert from 'node:assert/strict'
import { answer, FIND } from './support'

const SERVICE = 'src/leads/leads.service.ts'
const CONTROLLER = 'src/leads/leads.controller.ts'
const LIST = `@Injectable()
export class LeadsService { constructor(private prisma: PrismaService) {}
  findAll() { return this.${FIND} } }`

const controller = (method: string, inClass = '') => `@Controller('leads')
${inClass}
export class LeadsController { constructor(private readonly leads: LeadsService) {}
  @Get()
  ${method}
}`
const GUARDED = controller(
  `@Roles(Role.ADMIN, Role.SUPER_ADMIN) @UseGuards(RolesGuard) list() { return this.leads.findAll() }`,
)

function ticked(others: Readonly<Record<string, string>>, service = LIST): boolean | undefined {
  return answer(service, { path: SERVICE, others }).edits.find(({ file }) => file === SERVICE)?.isTicked
}

describe('application: services whose controller is for administrators', () => {
  it('ticks a select that only guarded methods of its controller return', () => {
    assert.equal(ticked({}), false)
    assert.equal(ticked({ [CONTROLLER]: GUARDED }), true)
    const list = 'list() { return this.leads.findAll() }'
    assert.equal(ticked({ [CONTROLLER]: controller(list, `@Roles('admin') @UseGuards(RolesGuard)`) }), true)
    assert.equal(ticked({ [CONTROLLER]: controller(list, '@UseGuards(JwtAuthGuard, AdminGuard)') }), true)
    const wrapped =
      'async list() { const leads = await this.leads.findAll(); return { data: leads, total: leads.length } }'
    assert.equal(ticked({ [CONTROLLER]: controller(wrapped, '@Roles("ADMIN") @UseGuards(RolesGuard)') }), true)
  })

  for (const [what, text] of [
    ['no guard', controller('list() { return this.leads.findAll() }')],
    ['a guard for others as well', GUARDED.replace('Role.SUPER_ADMIN', 'Role.CUSTOMER')],
    [
      'a public method of a guarded class',
      controller('@Public() list() { return this.leads.findAll() }', '@Roles("ADMIN") @UseGuards(RolesGuard)'),
    ],
    ['only a part of the result', GUARDED.replace('findAll()', 'findAll().then((all) => all.map(({ id }) => id))')],
    ['another method of the service', GUARDED.replace('findAll', 'findOne')],
    ['another service', GUARDED.replace(': LeadsService', ': UsersService')],
    ['what nests too deep', GUARDED.replace(/\}$/, `all() { return x${'!'.repeat(50_000)}.y() } }`)],
    ['two calls, one of them without a guard', GUARDED.replace(/\}$/, 'all() { return this.leads.findAll() } }')],
  ] as const) {
    it(`leaves it unticked with ${what}`, () => {
      assert.equal(ticked({ [CONTROLLER]: text }), false)
    })
  }

  for (const [path, call] of [
    [
      'src/feed/feed.controller.ts',
      'constructor(private leads: LeadsService) {} feed() { return this.leads.findAll() }',
    ],
    ['src/jobs.ts', 'run() { return this.leadsService.findAll() }'],
    ['src/main.ts', 'static async run() { const leadsService = app.get(LeadsService); return leadsService.findAll() }'],
  ] as const) {
    it(`leaves it unticked if ${path} calls it too`, () => {
      assert.equal(ticked({ [CONTROLLER]: GUARDED, [path]: `export class Other { ${call} }` }), false)
    })
  }

  it('leaves it unticked if its class calls it, or if the controller is elsewhere', () => {
    const other = LIST.replace(/\}$/, 'async first() { return (await this.findAll())[0] } }')
    assert.equal(ticked({ [CONTROLLER]: GUARDED }, other), false)
    assert.equal(ticked({ 'src/back/leads.controller.ts': GUARDED }), false)
    assert.equal(ticked({ [CONTROLLER]: GUARDED, 'src/leads/leads.spec.ts': 'leadsService.findAll()' }), true)
  })
})
