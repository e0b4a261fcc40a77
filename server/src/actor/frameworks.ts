import type { UserIdType } from './audited-models'
import { removeTypes } from './remove-types'
import type { ModuleForm } from './render-module'

/** How to run a framework's requests as their user, in TypeScript. `docs/actor.md` has the same lines. */
export interface Framework {
  readonly name: string
  /** The packages in a `package.json` that identify it. */
  readonly packages: readonly string[]
  readonly lines: readonly string[]
}

/** The user's key is an example: use what the application's own login leaves on the request. */
export const FRAMEWORKS: readonly Framework[] = [
  {
    name: 'Express',
    packages: ['express'],
    lines: ['app.use((req, _res, next) => withActor(() => req.user?.id, next))'],
  },
  {
    name: 'Fastify',
    packages: ['fastify'],
    lines: ["app.addHook('preHandler', (request, _reply, done) => withActor(() => request.user?.id, done))"],
  },
  {
    name: 'NestJS',
    packages: ['@nestjs/core'],
    // Nest does not say what a middleware gets.
    lines: [
      '// main.ts: guards have set req.user before anything is written',
      'app.use((req: { user?: { id: number } }, _res: unknown, next: () => void) =>',
      '  withActor(() => req.user?.id, next),',
      ')',
    ],
  },
  {
    name: 'NestJS with Fastify',
    packages: ['@nestjs/platform-fastify'],
    // A middleware of Nest gets Node's own request there, on which no guard sets the user.
    lines: [
      '// main.ts, before app.listen: app is a NestFastifyApplication',
      'const server = app.getHttpAdapter().getInstance()',
      "server.addHook('preHandler', (request, _reply, done) => withActor(() => request.user?.id, done))",
    ],
  },
  {
    name: 'Next.js',
    packages: ['next'],
    lines: [
      '// A route handler (app router)',
      'export async function POST(request: Request) {',
      '  const session = await auth()',
      '  return withActor(session?.user?.id, () => handle(request))',
      '}',
      '',
      '// A server action',
      "'use server'",
      'export async function rename(id: number, name: string) {',
      '  const session = await auth()',
      '  await withActor(session?.user?.id, () => db.lead.update({ where: { id }, data: { name } }))',
      '}',
    ],
  },
  {
    name: 'tRPC',
    packages: ['@trpc/server'],
    lines: ['export const procedure = t.procedure.use(({ ctx, next }) => withActor(ctx.user?.id, () => next()))'],
  },
  {
    name: 'Hono',
    packages: ['hono'],
    lines: ["app.use((c, next) => withActor(() => c.get('user')?.id, next))"],
  },
  {
    name: 'Koa',
    packages: ['koa'],
    lines: ['app.use((ctx, next) => withActor(() => ctx.state.user?.id, next))'],
  },
]

/** The lines as a project writes them: with the type of its users' keys, or without types. */
export function linesFor({ lines }: Framework, language: ModuleForm['language'], userId: UserIdType): string[] {
  const text = lines.join('\n').replace('{ id: number }', `{ id: ${userId} }`)
  return (language === 'javascript' ? removeTypes(text) : text).split('\n')
}

/** The frameworks of a project, by its packages. Nest installs Express or Fastify, so then Nest is meant. */
export function frameworksOf(dependencies: readonly string[]): Framework[] {
  const has = (name: string): boolean => dependencies.includes(name)
  const isNest = has('@nestjs/core')
  const isOnFastifyOnly = has('@nestjs/platform-fastify') && !has('@nestjs/platform-express')
  const replaced = isNest ? ['Express', 'Fastify', ...(isOnFastifyOnly ? ['NestJS'] : [])] : []
  return FRAMEWORKS.filter(({ name, packages }) => packages.some(has) && !replaced.includes(name))
}
