import { unknownModel } from '../../audit/policy-findings'
import { closestName } from '../../text/closest-name'
import { expectedDatabase } from '../../expected/expected-database'
import type { ExpectedDatabase, ExpectedTable } from '../../expected/model'
import type { Policy } from '../../audit-fields/policy'
import { isTimestampField, kindOf, type AuditField } from '../../audit-fields/kinds'
import { likelyAlias, userFacts, type UserFacts } from '../../audit-fields/likely-alias'
import { requirementsOfModels } from '../../audit-fields/requirements'
import { createDatabaseIndex, type DatabaseIndex } from '../../audit/database-index'
import { whyColumnUnfit } from '../../audit/unfit-columns'
import { likelyFormerTable } from '../../audit/matching/likely-renames'
import { unmappedTables } from '../../audit/matching/unmapped-objects'
import type { DatabaseModel, Table } from '../../database/model'
import { presentField } from '../../audit-fields/present-fields'
import { datasourceSettingsOf, findModel } from '../../schema/lookup'
import type { ModelBlock, SchemaModel } from '../../schema/model'
import type { Refusal, RefusalCode, TableName, Warning } from '../model'
import type { AuditTarget } from './audit-target'
import type { CoveredColumn } from './drift/drift-context'
import type { FieldContext } from './field-context'
import { resolveTimestamp } from './resolve-timestamp'
import { resolveUserKey } from './resolve-user-key'
import { resolveUserReference } from './resolve-user-reference'
import { takenNamesOf } from './taken-names'
import { whyUnfit } from './unfit-tables'
import { titleOfRelation, titleOfTable } from './titles'
import { firstOf } from '../../text/bounded-list'
import { fixedPhrase, phrase, type Phrase } from '../../text/phrase'

export interface ResolvedTargets {
  readonly targets: readonly AuditTarget[]
  /** Targets that can be verified but not planned; `refusals` says why. */
  readonly refused: ReadonlySet<AuditTarget>
  /** Existing columns that cannot be the field that the policy requires: there is no target, and `refusals` says why. */
  readonly unfit: readonly UnfitPlace[]
  /** Columns of the schema that the policy requires and a comment ignores. */
  readonly ignored: readonly CoveredColumn[]
  readonly refusals: readonly Refusal[]
  readonly warnings: readonly Warning[]
}

export interface UnfitPlace {
  readonly auditField: AuditField
  readonly context: FieldContext
}

/** The policy's requirements for each model, compared with the schema and the database. */
export function resolveTargets(
  project: { readonly schema: SchemaModel; readonly policy: Policy; readonly database: DatabaseModel },
  expected: ExpectedDatabase = expectedDatabase(project.schema),
): ResolvedTargets {
  const { schema, policy, database } = project
  const requirementsOf = requirementsOfModels(policy)
  const users = userFacts(policy, (name) => findModel(schema, name)?.model ?? null)
  const userKey = resolveUserKey({ ...project, expected })
  const usesForeignKeys = datasourceSettingsOf(schema).relationMode === 'foreignKeys'
  const takenNames = takenNamesOf(database)
  const likelyRename = likelyRenames(expected, database)
  const targets: AuditTarget[] = []
  const refused = new Set<AuditTarget>()
  const silenced: CoveredColumn[] = []
  const unfit: UnfitPlace[] = []
  const refusals: Refusal[] = [
    ...unknownModels(
      policy,
      expected.models.map(({ table }) => table.model),
    ),
  ]
  const warnings: Warning[] = []
  const seconds: SecondField[] = []
  for (const { table, block } of expected.models) {
    const { required, ignored } = requirementsOf(block)
    const schemaName = table.schema ?? database.defaultSchema
    for (const { field } of ignored) {
      const column = presentField(policy, block, field)?.column
      if (column !== undefined) silenced.push({ schema: schemaName, table: table.name, column })
    }
    if (required.length === 0) continue
    const actual = database.tables.find((found) => found.schema === schemaName && found.name === table.name) ?? null
    const { model } = table
    const refuse = (code: RefusalCode, object: string, reason: Phrase, blocking: boolean) =>
      refusals.push({ code, model, object, reason, blocking })
    const refuseFor = (missingTable: TableName, reason: Phrase) => {
      const object = titleOfTable(missingTable)
      refusals.push({ code: 'table-missing', missingTable, model, object, reason, blocking: true })
    }
    const whyNoTable = actual === null ? null : whyUnfit(actual)
    if (whyNoTable !== null) {
      // A glob may match anything; only a model that the policy names must exist.
      refuse('table-unfit', '', whyNoTable, isNamed(policy, table.model))
      continue
    }
    if (actual === null) {
      const label = titleOfTable({ schema: schemaName, table: table.name })
      refuseFor(
        { schema: schemaName, table: table.name },
        phrase`Table ${label} does not exist in the database.${likelyRename(table)}`,
      )
    }
    const takenConstraints = new Set<string>()
    for (const auditField of required) {
      const present = presentField(policy, block, auditField)
      const schemaColumn = table.columns.find(({ name }) => name === present?.column) ?? null
      const column = schemaColumn?.name ?? columnInDatabase(auditField, policy, actual)
      const databaseColumn = actual?.columns.find(({ name }) => name === column) ?? null
      const place = { policy, expected: table, actual, schemaColumn, column, databaseColumn, usesForeignKeys }
      const referenced = userKey.key === null ? null : userKey.referenced
      const context: FieldContext = {
        ...place,
        database,
        schemaName,
        unfit: whyColumnUnfit(auditField, { ...place, defaultSchema: database.defaultSchema }, referenced),
        userKey,
        takenNames,
        takenConstraints,
      }
      const resolution = isTimestampField(auditField)
        ? resolveTimestamp(context, auditField)
        : resolveUserReference(context, auditField)
      const { refusal, missingTable } = resolution
      if (refusal !== undefined && missingTable !== undefined) refuseFor(missingTable, refusal.reason)
      else if (refusal !== undefined) refuse(refusal.code, auditField, refusal.reason, true)
      if (context.unfit !== null) unfit.push({ auditField, context })
      if (resolution.target === undefined) continue
      targets.push(resolution.target)
      if (resolution.refusal !== undefined) refused.add(resolution.target)
      warnings.push(...resolution.warnings)
      if (present === null && context.databaseColumn === null)
        seconds.push(...secondOfItsKind(policy, block, auditField, users))
    }
  }
  return { targets, refused, unfit, ignored: silenced, refusals, warnings: [...warnings, ...warnOfSeconds(seconds)] }
}

function columnInDatabase(auditField: AuditField, policy: Policy, actual: Table | null): string {
  const wanted = policy.fields[auditField].column
  const candidates = [wanted, ...kindOf(auditField).databaseNames, ...policy.fields[auditField].aliases]
  return candidates.find((name) => actual?.columns.some((column) => column.name === name)) ?? wanted
}

/** Models that the policy names but the schema does not have: a typo that would require nothing. */
function unknownModels(policy: Policy, models: readonly string[]): Refusal[] {
  const known = new Set(models)
  const named = new Set(policy.rules.flatMap((rule) => rule.models.filter((pattern) => /^\w+$/u.test(pattern))))
  return [...named]
    .filter((model) => !known.has(model))
    .map((model) => ({
      code: 'model-unknown',
      model,
      object: '',
      reason: unknownModel(model, closestName(model, models)),
      blocking: true,
    }))
}

function isNamed(policy: Policy, model: string): boolean {
  return policy.rules.some((rule) => rule.models.includes(model))
}

interface SecondField {
  readonly model: string
  readonly field: AuditField
  /** Its likely name in the model. */
  readonly alias: string
}

function secondOfItsKind(policy: Policy, block: ModelBlock, field: AuditField, users: UserFacts): SecondField[] {
  const found = likelyAlias(policy, block, field, users)
  return found === null ? [] : [{ model: block.name.text, field, alias: found.name.text }]
}

/** One for all models with the same pair of names, because one line in the policy resolves it for all of them. */
function warnOfSeconds(seconds: readonly SecondField[]): Warning[] {
  const byNames = new Map<string, SecondField[]>()
  for (const second of seconds) {
    const key = `${second.field} ${second.alias}`
    byNames.set(key, [...(byNames.get(key) ?? []), second])
  }
  return [...byNames.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const { field, alias } = first
    const models = group.map(({ model }) => model)
    const meaning = fixedPhrase(kindOf(field).meaning)
    const advice = phrase`If that already says ${meaning}, add "${alias}" to fields.${field}.aliases in the policy instead.`
    const text =
      models.length === 1
        ? phrase`${firstOf(models)} gets ${field} although it has ${alias}. ${advice}`
        : phrase`${firstOf(models)} get ${field} although they have ${alias}. ${advice}`
    return [{ code: 'second-field', object: models.map((model) => `${model}.${field}`).join(', '), text }]
  })
}

/** For models that were renamed in the schema. What it needs is computed once for all of them, if there is one. */
function likelyRenames(expected: ExpectedDatabase, database: DatabaseModel): (table: ExpectedTable) => Phrase | '' {
  let known: { readonly index: DatabaseIndex; readonly unmapped: ReadonlySet<Table> } | null = null
  return (table) => {
    if (known === null) {
      const index = createDatabaseIndex(database)
      known = { index, unmapped: new Set(unmappedTables(expected, index)) }
    }
    const { index, unmapped } = known
    const alike = index.tablesWithColumns(table.columns)
    return adviceFor(likelyFormerTable(table, alike, database.defaultSchema, (one) => unmapped.has(one)))
  }
}

function adviceFor(former: Table | null): Phrase | '' {
  if (former === null) return ''
  return phrase` It was likely renamed from ${titleOfRelation(former)}, which has the same columns: add @@map(${JSON.stringify(former.name)}) to the model, or rename the table.`
}
