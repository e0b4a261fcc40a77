import type { DatabaseModel } from '../database/model'
import type { ModelBlock, SchemaModel } from '../schema/model'
import { compareFile } from './compare-file'
import { compareWhole } from './compare-whole'
import {
  createComparisonCache,
  sameSurroundings,
  type ComparisonCache,
  type CachedFile,
  type CachedRequirements,
  type Surroundings,
} from './comparison-cache'
import { createDatabaseIndex, type DatabaseIndex, type ExternalNames } from './database-index'
import { expectedEnum, expectedModel, expectedView } from '../expected/expected-database'
import { createScope, type Scope } from '../expected/scope'
import type { FileFindings, Finding } from './finding'
import { placeFindings } from './place-findings'
import { DEFAULT_POLICY, type Policy } from '../audit-fields/policy'
import { userFacts } from '../audit-fields/likely-alias'
import { requirementsOfModels } from '../audit-fields/requirements'
import { unmappedEnums, unmappedTables, type UnmappedObjects } from './matching/unmapped-objects'
import type { LocalFinding } from './rules/local-finding'
import { referencedKeyOf, type ReferencedKey } from './unfit-user-columns'
import { describeExpectedType } from './values/types'

export interface ComparisonInput {
  readonly schema: SchemaModel
  /** Null: the project has no policy, which one hint reports. */
  readonly policy: Policy | null
  /** Null without a connection: then only omissions of the schema itself are found. */
  readonly database: DatabaseModel | null
  /** `tables.external` and `enums.external` of `prisma.config.ts`, `name` or `schema.name`: never compared. */
  readonly external?: ExternalNames
  /** Passed by the caller from one comparison to the next. */
  readonly cache?: ComparisonCache
}

/**
 * Compares a schema with a database: every omission and every difference, in source order, each where a person would
 * look. Pure and total: incomplete or unknown parts are skipped. Severities: what the schema defines and the database
 * lacks or contradicts is a `warning`; what only the database has is `information`, and so is an equivalent spelling
 * that `prisma migrate` would change, and anything that Prisma does not check.
 */
export function compare(input: ComparisonInput): Finding[] {
  return compareFiles(input).flatMap(({ findings }) => findings)
}

/**
 * As `compare`, file by file. With a cache, an edit costs only the models that it affects, and a change in the database
 * only the changed tables; if nothing changed, the result is the previous one.
 */
export function compareFiles(input: ComparisonInput): readonly FileFindings[] {
  const { schema, policy, database, external } = input
  const cache = input.cache ?? createComparisonCache()
  const { latest } = cache
  const isSame =
    latest?.schema === schema &&
    latest.policy === policy &&
    latest.database === database &&
    latest.external === external
  if (isSame) return latest.result
  const result = compareAnew(input, cache)
  cache.latest = { schema, policy, database, external, result }
  return result
}

function compareAnew(input: ComparisonInput, cache: ComparisonCache): FileFindings[] {
  const { schema, policy } = input
  const index = databaseIndex(input, cache)
  const scope = createScope(schema, cache.scope ?? undefined)
  cache.scope = scope
  const surroundings = sharedSurroundings(surroundingsOf(input, scope, index, cache), cache)
  const fallbackPolicy = policy ?? DEFAULT_POLICY
  const { requirementsOf } = requirements(fallbackPolicy, cache)
  const unmapped = unmappedObjectsOf(scope, index, cache)
  const context = { surroundings, scope, index, unmapped, fallbackPolicy, requirementsOf }
  const files = schema.files.map((file) => compareFile(file, context, cache))
  forgetOtherFiles(schema, cache)
  const home = fileOfTheWhole(schema, scope)
  if (home === null) return files.map(fileFindings)
  const whole = compareWhole(home.block, files, { scope, index }, cache)
  return files.map((cached) =>
    cached.file === home.file && whole.length > 0
      ? { file: cached.file.path, findings: homeFindings(whole, cached, home.startLine, cache) }
      : fileFindings(cached),
  )
}

function fileFindings({ file, findings }: CachedFile): FileFindings {
  return { file: file.path, findings }
}

/** Objects without a block first, then the file's own. */
function homeFindings(
  whole: readonly LocalFinding[],
  { file: { path }, findings: own }: CachedFile,
  startLine: number,
  cache: ComparisonCache,
): readonly Finding[] {
  const cached = cache.home
  const isPlaced = cached?.whole === whole && cached.path === path && cached.startLine === startLine
  if (isPlaced && cached.own === own) return cached.findings
  const placed = isPlaced ? cached.findings.slice(0, whole.length) : placeFindings(whole, path, startLine)
  const findings = [...placed, ...own]
  cache.home = { path, startLine, whole, own, findings }
  return findings
}

function forgetOtherFiles({ files }: SchemaModel, cache: ComparisonCache): void {
  if (cache.files.size <= files.length) return
  const paths = new Set(files.map(({ path }) => path))
  for (const path of cache.files.keys()) if (!paths.has(path)) cache.files.delete(path)
}

function databaseIndex({ database, external }: ComparisonInput, cache: ComparisonCache): DatabaseIndex | null {
  if (database === null) return null
  if (cache.index?.database !== database || cache.index.external !== external) {
    cache.index = createDatabaseIndex(database, external)
  }
  return cache.index
}

function unmappedObjectsOf(scope: Scope, index: DatabaseIndex | null, cache: ComparisonCache): () => UnmappedObjects {
  let found: UnmappedObjects | null = null
  return () => {
    if (index === null) return { tables: new Set(), enums: [] }
    if (found !== null) return found
    const blocks = scope.files.flatMap(({ parsed }) => parsed.map(({ block }) => block))
    const models = blocks.flatMap((block) => (block.kind === 'model' ? [expectedModel(block, scope, cache).model] : []))
    const views = blocks.flatMap((block) => (block.kind === 'view' ? [expectedView(block)] : []))
    const enums = blocks.flatMap((block) => (block.kind === 'enum' ? [expectedEnum(block)] : []))
    found = { tables: new Set(unmappedTables({ models, views }, index)), enums: unmappedEnums(enums, index) }
    return found
  }
}

function requirements(policy: Policy, cache: ComparisonCache): CachedRequirements {
  if (cache.requirements?.policy !== policy) {
    cache.requirements = { policy, requirementsOf: requirementsOfModels(policy) }
  }
  return cache.requirements
}

function surroundingsOf(
  { policy, database, external }: ComparisonInput,
  scope: Scope,
  index: DatabaseIndex | null,
  cache: ComparisonCache,
): Surroundings {
  const { usesForeignKeys, comparesConditions } = scope.configuration
  return {
    policy,
    defaultSchema: database?.defaultSchema ?? null,
    external,
    userKeyType: policy === null ? null : keyTypeOf(policy.userModel, scope, cache),
    userKey: policy === null ? null : userKeyIn(policy.userModel, scope, index, cache),
    users: policy === null ? null : userFacts(policy, (name) => modelIn(scope, name)),
    usesForeignKeys,
    comparesConditions,
  }
}

/** Every block stores the scope in which it was compared: the same object for all until something changes. */
function sharedSurroundings(now: Surroundings, cache: ComparisonCache): Surroundings {
  if (cache.surroundings === null || !sameSurroundings(cache.surroundings, now)) cache.surroundings = now
  return cache.surroundings
}

function modelIn(scope: Scope, name: string): ModelBlock | null {
  const block = scope.find(name)
  return block?.kind === 'model' ? block : null
}

function userKeyIn(
  userModel: string,
  scope: Scope,
  index: DatabaseIndex | null,
  cache: ComparisonCache,
): ReferencedKey | null {
  const block = modelIn(scope, userModel)
  if (block === null) return null
  const { table } = expectedModel(block, scope, cache).model
  return referencedKeyOf(block, table, index?.findTable(table.schema, table.name), index?.database.defaultSchema ?? '')
}

/** The type of the columns that reference users; null if it is unclear. */
function keyTypeOf(userModel: string, scope: Scope, cache: ComparisonCache): string | null {
  const block = modelIn(scope, userModel)
  if (block === null) return null
  const { table } = expectedModel(block, scope, cache).model
  const key = table.primaryKey?.columns
  const column = key?.length === 1 ? table.columns.find(({ name }) => name === key[0]) : undefined
  return column === undefined ? null : describeExpectedType(column)
}

/** Objects without a model are shown at the datasource or, if there is none, at the first block. */
function fileOfTheWhole(schema: SchemaModel, scope: Scope) {
  const { datasource } = scope.configuration
  for (const file of schema.files) {
    const index = file.parsed.findIndex(({ block }) => datasource === null || block === datasource)
    const found = file.parsed[index]
    if (found !== undefined) return { file, block: found.block, startLine: file.layout.blocks.startLine(index) }
  }
  return null
}
