import type { Policy } from '../audit-fields/policy'
import { userKeyOf } from '../schema/edits/user-key'
import { fieldNamesArgument, findAttribute, findArgument, modelsOf } from '../schema/lookup'
import type { ModelBlock, SchemaModel } from '../schema/model'
import { lineOf } from '../text/safe-text'
import template from './audit-actor-test.ts.txt'
import type { AuditedModels, UserIdType } from './audited-models'
import { inForm, objectKey, quoted, type ModuleForm } from './render-module'

/** Who runs the project's tests: its own would fail at a file with tests of another. */
export type TestRunner = 'node' | 'vitest' | 'jest' | 'jest with types'

/** By the packages that the project depends on. */
export function testRunnerOf(dependencies: readonly string[]): TestRunner {
  if (dependencies.includes('vitest')) return 'vitest'
  if (!dependencies.includes('jest')) return 'node'
  return dependencies.includes('@types/jest') ? 'jest with types' : 'jest'
}

/** A test for the project, of the module that it imports as `specifier`. */
export function renderTest(
  audited: AuditedModels,
  { schema, policy }: { readonly schema: SchemaModel; readonly policy: Policy },
  specifier: string,
  form: Pick<ModuleForm, 'language' | 'modules'>,
  runner: TestRunner = 'node',
): string {
  const blocks = modelsOf(schema).map(({ model }) => model)
  const user = blocks.find(({ name }) => name.text === policy.userModel)
  const key = user === undefined ? null : userKeyOf(user)
  const [first, second] = USERS[audited.userId]
  const text = template
    .replace("'__MODULE__'", () => quoted(specifier))
    .replace('__MODULE__', () => lineOf(specifier))
    .replace('__RUNNER__', runnerOf(specifier, form, runner))
    .replace('__IMPORTS__', () => importsOf(runner, form).join('\n'))
    .replace('__CLIENT__', isJest(runner) ? "resolve(client ?? '')" : "pathToFileURL(client ?? '').href")
    // Node's own function answers a promise, which typescript-eslint asks to handle.
    .replaceAll('__TEST__', runner === 'node' ? 'void test' : 'test')
    .replace('__ON_DATABASE__', runner === 'node' ? 'void onDatabase' : 'onDatabase')
    .replace('__TIMEOUT__', runner === 'node' ? '' : ', 60_000')
    .replace('__USER_1__', first)
    .replace('__USER_2__', second)
    .replace('__KEYS__', () => renderKeys(audited, blocks))
    .replace('__USER_MODEL__', () =>
      key === null ? 'null' : `{ model: ${quoted(policy.userModel)}, key: ${quoted(key.field.name.text)} }`,
    )
  // Vitest cannot be required.
  return inForm(text, runner === 'vitest' ? { ...form, modules: 'esm' } : form)
}

function isJest(runner: TestRunner): boolean {
  return runner === 'jest' || runner === 'jest with types'
}

function importsOf(runner: TestRunner, { language }: Pick<ModuleForm, 'language'>): string[] {
  const url = "import { pathToFileURL } from 'node:url'"
  if (!isJest(runner)) return [`import { test } from '${runner === 'vitest' ? 'vitest' : 'node:test'}'`, url]
  // Jest requires what other runners import. Its functions are global; their types may come from either package.
  const path = "import { resolve } from 'node:path'"
  return runner === 'jest' && language === 'typescript' ? ["import { test } from '@jest/globals'", path] : [path]
}

/** Node itself runs TypeScript since version 22.18, where imports name the file as it is. */
export function runnerOf(
  specifier: string,
  { language }: Pick<ModuleForm, 'language'>,
  runner: TestRunner = 'node',
): 'node --test' | 'npx tsx --test' | 'npx vitest run' | 'npx jest' {
  if (runner === 'vitest') return 'npx vitest run'
  if (isJest(runner)) return 'npx jest'
  return language === 'javascript' || /\.[cm]?ts$/.test(specifier) ? 'node --test' : 'npx tsx --test'
}

const USERS: Readonly<Record<UserIdType, readonly [string, string]>> = {
  number: ['1000001', '1000002'],
  bigint: ['1000001n', '1000002n'],
  string: ["'audit-actor-1'", "'audit-actor-2'"],
}

/** For the models that have fields filled at each update. */
function renderKeys({ models }: AuditedModels, blocks: readonly ModelBlock[]): string {
  const lines = blocks.flatMap((model) => {
    const isWritten = models.get(model.name.text)?.fields.some(({ on }) => on === 'write') === true
    const keys = isWritten ? keyOf(model) : []
    return keys.length === 0 ? [] : [`  ${objectKey(model.name.text)}: [${keys.map(quoted).join(', ')}],\n`]
  })
  return lines.length === 0 ? '{}' : `{\n${lines.join('')}}`
}

/** Empty for a compound key with a custom name, which Prisma Client would need instead of the fields. */
function keyOf(model: ModelBlock): string[] {
  const field = model.fields.find((candidate) => findAttribute(candidate, 'id') !== null)
  if (field !== undefined) return [field.name.text]
  const whole = findAttribute(model, 'id')
  return whole === null || findArgument(whole, 'name') !== null ? [] : fieldNamesArgument(whole, 'fields', 0)
}
