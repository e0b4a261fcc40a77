import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import ts from 'typescript'
import { FRAMEWORKS } from '../../server/src/actor/frameworks'
import { commandLine } from '../support/command-line'
import { LEAD_SCHEMA } from '../support/lead-schema'

/**
 * The lines that the command prints, in an application that has all frameworks, compiled by its settings. Types of
 * Hono are its own, since a dependency of ours brings them; those of the others are the parts of their declarations that
 * the lines meet, compared with Express 5, Fastify 5, NestJS 11, tRPC 11 and Koa 3. Their packages are too large to install for a test.
 */
const PREPARED: Readonly<Record<string, string>> = {
  Express: `
interface Request { user?: { id: number } }
type Handler = (req: Request, res: unknown, next: (error?: any) => void) => void | Promise<void>
declare const app: { use(...handlers: Handler[]): void }`,
  Fastify: `
interface Request { user?: { id: number } }
type Hook = (request: Request, reply: unknown, done: (error?: Error) => void) => void
declare const app: { addHook(name: 'preHandler', hook: Hook): void }`,
  NestJS: 'declare const app: { use(...handlers: any[]): void }',
  'NestJS with Fastify': `
interface Request { user?: { id: number } }
type Hook = (request: Request, reply: unknown, done: (error?: Error) => void) => void
interface Server { addHook(name: 'preHandler', hook: Hook): void }
declare const app: { getHttpAdapter(): { getInstance(): Server } }`,
  'Next.js': `
declare function auth(): Promise<{ user?: { id: number } } | null>
declare function handle(request: Request): Promise<Response>
declare const db: import('@prisma/client').PrismaClient`,
  tRPC: `
interface Step { ctx: { user?: { id: number } | null }; next(): Promise<{ ok: boolean }> }
declare const t: { procedure: { use(middleware: (step: Step) => Promise<{ ok: boolean }>): object } }`,
  Hono: `
import { Hono } from 'hono'
const app = new Hono<{ Variables: { user?: { id: number } } }>()`,
  Koa: `
interface Context { state: { user?: { id: number } } }
declare const app: { use(middleware: (ctx: Context, next: () => Promise<unknown>) => unknown): void }`,
}

const PRISMA = `declare module '@prisma/client' {
  export class PrismaClient {
    $extends(extension: object): unknown
    readonly lead: { update(args: { where: { id: number }; data: { name: string } }): Promise<{ id: number }> }
  }
}`

const SETTINGS = {
  ...{
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: ['node'],
    target: 'es2022',
    lib: ['es2022'],
    module: 'nodenext',
  },
  ...{ exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
  ...{ verbatimModuleSyntax: true, isolatedModules: true, erasableSyntaxOnly: true },
}

describe('prisma-audit actor: the lines that it prints', () => {
  let folder: string
  before(() => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-lines-')))
  })
  after(() => {
    fs.rmSync(folder, { recursive: true, force: true })
  })
  const write = (name: string, text: string): string => {
    const file = path.join(folder, name)
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, text)
    return file
  }
  const writePackage = (name: string, dependencies: readonly string[]): void => {
    const versions = Object.fromEntries(dependencies.map((each) => [each, '*']))
    write(path.join(name, 'package.json'), JSON.stringify({ name: 'app', type: 'module', dependencies: versions }))
  }

  it('compile under the strictest settings, for each framework and where the client is a PrismaClient', async () => {
    fs.symlinkSync(fs.realpathSync(path.join(__REPOSITORY__, 'node_modules')), path.join(folder, 'node_modules'))
    write('tsconfig.json', JSON.stringify({ compilerOptions: SETTINGS }))
    write('prisma/schema.prisma', LEAD_SCHEMA)
    write('prisma-audit.json', JSON.stringify({ rules: [{ models: ['Lead'], require: ['updatedBy'] }] }))
    writePackage('.', ['express', 'fastify', 'next', '@trpc/server', 'hono', 'koa'])
    writePackage('nest', ['app', '@nestjs/core', '@nestjs/platform-express', '@nestjs/platform-fastify'])
    // It imports no file, so nothing but the settings says what an import ends in.
    const imports = "import { PrismaClient } from '@prisma/client'\n"
    const client = write('src/db.ts', `${imports}export const db = new PrismaClient()\n`)

    const { stdout, stderr } = await commandLine(['actor', '--yes'], { folder })
    const [, added = ''] = /src\/db\.ts:2:\n((?: {2}.*\n)+)/.exec(stdout) ?? []
    const [importLine = '', clientLine = ''] = added.trimEnd().split('\n')
    write('src/db.ts', `${imports}${importLine}\n${clientLine.replace('(…)', '()')}\ndb.$as(1)\n`)
    const printed = [...stdout.matchAll(/^(.+): run each request as its user:\n((?: {2}.*\n|\n(?= {2}))+)/gm)]
    assert.deepEqual(printed.map(([, name]) => name).sort(), FRAMEWORKS.map(({ name }) => name).sort(), stderr)
    const files = printed.map(([, name = '', lines = '']) =>
      write(`src/${name.replace(/\W/g, '-')}.ts`, `${importLine}\n${String(PREPARED[name])}\n${lines}`),
    )

    const { options } = ts.convertCompilerOptionsFromJson(SETTINGS, folder)
    const program = ts.createProgram([client, write('src/prisma.d.ts', PRISMA), ...files], options)
    const problems = ts.getPreEmitDiagnostics(program)
    assert.equal(
      ts.formatDiagnostics(problems, { ...ts.sys, getCanonicalFileName: (name) => name, getNewLine: () => '\n' }),
      '',
    )
  })
})
