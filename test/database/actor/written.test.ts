import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { promisify } from 'node:util'
import ts from 'typescript'
import { removeTypes } from '../../../server/src/actor/remove-types'
import { usePostgres } from '../../support/postgres'
import { makeDatabase } from './database'
import { bundle, makeProject, ownTest, writeModule, type ActorProject } from './project'

/** Prisma types all arguments by the schema, and what the extension adds has to fit in. */
describe('actor: what is written into a project', () => {
  const server = usePostgres()
  let project: ActorProject
  before(async () => {
    project = await makeProject()
  })
  after(() => {
    project.remove()
  })

  it("has a test of the project's own, which passes, on the database too, and fails where the module does not fill", async () => {
    const database = await makeDatabase(server)
    const client = `import { PrismaClient } from './generated/client'
      import { PrismaPg } from '@prisma/adapter-pg'
      import { auditActor } from './audit-actor'
      export const plain = new PrismaClient({ adapter: new PrismaPg({ connectionString: ${JSON.stringify(database.url)}, max: 5 }) })
      export const prisma = plain.$extends(auditActor)
      export { withActor } from './audit-actor'`
    // One module for both, as in the project.
    const text = ownTest().replace("from './audit-actor'", "from './db.cjs'")
    await bundle(project, `${client}\nexport * from './audit-actor'`, 'db.cjs')
    const run = async (
      source: string,
      variables: object,
    ): Promise<{ readonly output: string; readonly failed: boolean }> => {
      fs.writeFileSync(path.join(project.folder, 'own.mjs'), removeTypes(source))
      const environment = { ...process.env, NODE_TEST_CONTEXT: undefined, ...variables }
      return await promisify(execFile)(process.execPath, ['--test', '--test-reporter=tap', 'own.mjs'], {
        cwd: project.folder,
        env: environment,
      }).then(
        ({ stdout }) => ({ output: stdout, failed: false }),
        (error: unknown) => ({ output: String((error as { stdout?: string }).stdout), failed: true }),
      )
    }
    const good = await run(text, { AUDIT_ACTOR_CLIENT: path.join(project.folder, 'db.cjs') })
    assert.equal(good.failed, false, good.output)
    assert.match(good.output, /# pass 3\n# fail 0\n# cancelled 0\n# skipped 0/)
    const [changed] = await database.query('SELECT count(*)::int AS rows FROM "Lead" WHERE updated_by IS NOT NULL')
    assert.deepEqual(changed, { rows: 0 })
    const module = path.join(project.folder, 'audit-actor.ts')
    const whole = fs.readFileSync(module, 'utf8')
    fs.writeFileSync(
      module,
      whole.replace(/connectOrCreate: \(held\) => \(\{[^}]*\}\)/, 'connectOrCreate: (held) => held'),
    )
    await bundle(project, "export * from './audit-actor'", 'broken.cjs')
    fs.writeFileSync(module, whole)
    const broken = await run(text.replace('./db.cjs', './broken.cjs'), {})
    assert.match(broken.output, /connectOrCreate\.\w+Id/)
    assert.equal(broken.failed, true, broken.output)
    await database.drop()
  })

  it('fits both generators under the strictest settings, as TypeScript and as JavaScript', () => {
    const { folder } = project
    writeModule(folder, { language: 'javascript' })
    fs.renameSync(path.join(folder, 'audit-actor.js'), path.join(folder, 'plain.js'))
    const files = [
      ['prisma-client.ts', './generated/client'],
      ['prisma-client-js.ts', './generated-js'],
    ] as const
    for (const [name, client] of files) fs.writeFileSync(path.join(folder, name), usage(client))
    fs.writeFileSync(
      path.join(folder, 'javascript.ts'),
      `import { PrismaClient } from './generated/client'
      import { auditActor, withActor } from './plain.js'
      export const lead = withActor(1, () => new PrismaClient({ adapter: null as never }).$extends(auditActor).lead.findFirst())
      `,
    )
    fs.writeFileSync(path.join(folder, 'own.ts'), ownTest())
    const program = ts.createProgram(
      [...files.map(([name]) => name), 'javascript.ts', 'own.ts'].map((name) => path.join(folder, name)),
      {
        ...{ strict: true, noEmit: true, skipLibCheck: true, allowJs: true, types: ['node'] },
        ...{
          noUncheckedIndexedAccess: true,
          exactOptionalPropertyTypes: true,
          noPropertyAccessFromIndexSignature: true,
        },
        ...{ noImplicitOverride: true, noUnusedLocals: true, noUnusedParameters: true, noImplicitReturns: true },
        ...{
          noFallthroughCasesInSwitch: true,
          isolatedModules: true,
          verbatimModuleSyntax: true,
          erasableSyntaxOnly: true,
        },
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.Preserve,
        moduleResolution: ts.ModuleResolutionKind.Bundler,
        typeRoots: [path.join(__REPOSITORY__, 'node_modules', '@types')],
      },
    )
    assert.deepEqual(problemsOf(program), [])
  })

  it('is CommonJS that compiles where verbatimModuleSyntax allows no import and export', () => {
    const folder = path.join(project.folder, 'verbatim')
    fs.mkdirSync(folder, { recursive: true })
    fs.writeFileSync(path.join(folder, 'package.json'), '{}')
    const form = { language: 'typescript', modules: 'commonjs' } as const
    writeModule(folder, form)
    fs.writeFileSync(path.join(folder, 'own.ts'), ownTest(form))
    fs.writeFileSync(
      path.join(folder, 'use.ts'),
      `import audit = require('./audit-actor')
      const id: audit.UserId = 1
      const actor: audit.Actor = () => id
      const same: number = audit.withActor(actor, () => audit.currentActor() ?? 0)
      export = { same, Refused: audit.ActorError }`,
    )
    const program = ts.createProgram(
      ['own.ts', 'use.ts'].map((name) => path.join(folder, name)),
      {
        ...{ strict: true, outDir: path.join(folder, 'out'), skipLibCheck: true, types: ['node'], declaration: true },
        ...{ noUnusedLocals: true, noUnusedParameters: true, verbatimModuleSyntax: true, isolatedModules: true },
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.NodeNext,
        moduleResolution: ts.ModuleResolutionKind.NodeNext,
        typeRoots: [path.join(__REPOSITORY__, 'node_modules', '@types')],
      },
    )
    assert.deepEqual(problemsOf(program), [])
    program.emit()
    const use = createRequire(path.join(folder, 'out', 'use.js'))('./use.js') as { readonly same: number }
    assert.equal(use.same, 1)
  })
})

function problemsOf(program: ts.Program): string[] {
  return ts
    .getPreEmitDiagnostics(program)
    .filter(({ file }) => !file?.fileName.includes('/generated'))
    .map(({ file, start = 0, messageText }) => {
      const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1
      return `${path.basename(file?.fileName ?? '')}:${String(line)}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
    })
}

function usage(client: string): string {
  return `
import { Prisma, PrismaClient } from '${client}'
import { auditActor, currentActor, setDatabaseActor, withActor, withAuditFields, type UserId } from './audit-actor'

export const db = new PrismaClient({ adapter: null as never }).$extends(auditActor)

// Next.js' client, which survives a reload, and functions that take a client or a transaction.
const globals = globalThis as unknown as { prisma: PrismaClient | undefined }
export const prisma = globals.prisma ?? withAuditFields(new PrismaClient({ adapter: null as never }))
globals.prisma = prisma
const count = (tx: Prisma.TransactionClient): Promise<number> => tx.lead.count()
export const counted = (client: PrismaClient): Promise<number> => client.$transaction((tx) => count(tx))
export const both = [counted(prisma), counted(withAuditFields(new PrismaClient({ adapter: null as never })).$as(1))]

export class PrismaService extends PrismaClient {
  constructor() {
    super({ adapter: null as never })
    return withAuditFields(this)
  }
  async onModuleInit(): Promise<void> {
    await this.$connect()
  }
}

export async function use(id: UserId): Promise<number> {
  const lead = await db.$as(id).lead.create({
    data: { name: 'x', tags: { create: { name: 't' } } },
    select: { name: true, updatedBy: { select: { email: true } } },
  })
  const email: string | undefined = lead.updatedBy?.email
  // @ts-expect-error It was not selected.
  void lead.id
  // @ts-expect-error A user's key is a number.
  db.$as('1')
  const [made, count] = await db.$as(id).$transaction([db.lead.create({ data: { name: 'y' } }), db.lead.count()])
  await db.$as(1).$transaction(async (tx) => {
    await setDatabaseActor(tx)
    await tx.lead.update({ where: { id: made.id }, data: { name: email ?? 'none' } })
  })
  const same: number = withActor(() => null, () => count)
  const found: { id: number } | null = await withActor(1, () => db.lead.findFirst())
  return same + (found?.id ?? 0) + (currentActor() ?? 0)
}
`
}
