import { execFile } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { promisify } from 'node:util'
import * as esbuild from 'esbuild'
import { auditedModels, type AuditedModels } from '../../../server/src/actor/audited-models'
import { renderModule, type ModuleForm } from '../../../server/src/actor/render-module'
import { renderTest } from '../../../server/src/actor/render-test'
import { parsePolicy } from '../../../server/src/audit-fields/parse-policy'
import type { Policy } from '../../../server/src/audit-fields/policy'
import type { SchemaModel } from '../../../server/src/schema/model'
import { parseSchema } from '../../../server/src/schema/parse-schema'

const FIXTURE = path.join(__REPOSITORY__, 'test', 'fixtures', 'actor')

/**
 * A project below the repository, so that packages resolve as they do there, with a generated client and our module.
 */
export interface ActorProject {
  readonly folder: string
  remove(): void
}

function fixture(): { readonly schema: SchemaModel; readonly policy: Policy } {
  const { policy } = parsePolicy(fs.readFileSync(path.join(FIXTURE, 'prisma-audit.json'), 'utf8'))
  if (policy === null) throw new Error('The policy of the fixture is not valid')
  return { schema: parseSchema([{ path: 'schema.prisma', text: fixtureSchema() }]), policy }
}

function auditedFixture(): AuditedModels {
  const { schema, policy } = fixture()
  return auditedModels(schema, policy)
}

export function fixtureSchema(): string {
  return fs.readFileSync(path.join(FIXTURE, 'schema.prisma'), 'utf8')
}

/**
 * A folder with another Prisma in its node_modules, to try the same with it: version 6 needs its client without an
 * engine.
 * `npm i --ignore-scripts prisma@6.19.0 @prisma/client@6.19.0 @prisma/adapter-pg@6.19.0` in a folder of its own.
 */
const OTHER_PRISMA = process.env.PRISMA_AUDIT_TEST_PRISMA

function schemaFor6(schema: string): string {
  return schema
    .replace(/(provider += "prisma-client[^\n]*)/g, '$1\n  engineType = "client"')
    .replace(/(provider += "postgresql")/, '$1\n  url = env("DATABASE_URL")')
}

export async function makeProject(form: Partial<ModuleForm> = {}, schema = fixtureSchema()): Promise<ActorProject> {
  const packages = OTHER_PRISMA ?? __REPOSITORY__
  const parent = path.join(packages, 'out', 'sandbox')
  fs.mkdirSync(parent, { recursive: true })
  const folder = fs.mkdtempSync(path.join(parent, 'actor-'))
  fs.writeFileSync(path.join(folder, 'schema.prisma'), OTHER_PRISMA === undefined ? schema : schemaFor6(schema))
  fs.writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }\n')
  writeModule(folder, form)
  const cli = path.join(packages, 'node_modules', 'prisma', 'build', 'index.js')
  // Prisma fetches its engines at first use, though generating does not run them; any program stands in for them.
  const engines = { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_QUERY_ENGINE_LIBRARY: process.execPath }
  const environment = { ...process.env, ...engines, PRISMA_HIDE_UPDATE_MESSAGE: '1' }
  await promisify(execFile)(process.execPath, [cli, 'generate', '--schema', path.join(folder, 'schema.prisma')], {
    cwd: folder,
    env: environment,
  })
  return {
    folder,
    remove: () => {
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}

export function writeModule(folder: string, form: Partial<ModuleForm> = {}): string {
  const whole: ModuleForm = { language: 'typescript', modules: 'esm', withoutActor: 'throw', ...form }
  const file = path.join(folder, whole.language === 'typescript' ? 'audit-actor.ts' : 'audit-actor.js')
  fs.writeFileSync(file, renderModule(auditedFixture(), whole))
  return file
}

/** The test that is the project's own, for the module beside it. */
export function ownTest(form: Partial<ModuleForm> = {}): string {
  return renderTest(auditedFixture(), fixture(), './audit-actor', { language: 'typescript', modules: 'esm', ...form })
}

/** Bundles a program of the project as its own build would, and loads it. */
export async function load<Exports>(project: ActorProject, program: string): Promise<Exports> {
  const file = await bundle(project, program, 'bundle.cjs')
  return createRequire(file)(file) as Exports
}

export async function bundle({ folder }: ActorProject, program: string, name: string): Promise<string> {
  const file = path.join(folder, name)
  await esbuild.build({
    stdin: { contents: program, resolveDir: folder, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    packages: 'external',
    outfile: file,
    logLevel: 'error',
    define: { 'import.meta.url': '__importMetaUrl' },
    banner: { js: "const __importMetaUrl = require('node:url').pathToFileURL(__filename).href" },
  })
  return file
}
