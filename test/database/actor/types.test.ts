import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import ts from 'typescript'
import { makeProject, writeModule, type ActorProject } from './project'

/** Prisma types all arguments by the schema, and what the extension adds has to fit in. */
describe('actor: types', () => {
  let project: ActorProject
  before(async () => {
    project = await makeProject()
  })
  after(() => {
    project.remove()
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
    const program = ts.createProgram(
      [...files.map(([name]) => name), 'javascript.ts'].map((name) => path.join(folder, name)),
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
    const problems = ts
      .getPreEmitDiagnostics(program)
      .filter(({ file }) => !file?.fileName.includes('/generated'))
      .map(({ file, start = 0, messageText }) => {
        const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1
        return `${path.basename(file?.fileName ?? '')}:${String(line)}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
      })
    assert.deepEqual(problems, [])
  })
})

function usage(client: string): string {
  return `
import { PrismaClient } from '${client}'
import { auditActor, currentActor, setDatabaseActor, withActor, type UserId } from './audit-actor'

export const db = new PrismaClient({ adapter: null as never }).$extends(auditActor)

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
