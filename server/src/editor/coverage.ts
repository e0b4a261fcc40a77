import type { CoveragePart, CoveragePartState, CoverageState } from '../../../protocol/src/coverage-states'
import type { AuditedField } from '../audit/audited-fields'
import type { ModelSides } from '../audit/model-sides'
import { isEnabled, triggersThatMaySet, triggersThatSet } from '../audit/triggers'
import { AUDIT_FIELDS, kindOf, type AuditField } from '../audit-fields/kinds'
import type { UserPolicy } from '../audit-fields/kind'
import type { Policy } from '../audit-fields/policy'
import { requirementsOf } from '../audit-fields/requirements'
import type { Table } from '../database/model'
import { findField, modelsOf } from '../schema/lookup'
import { rangeInFile, type ModelBlock, type Range, type SchemaModel } from '../schema/model'
import { fillersOf } from './describe-field'
import type { Translate } from '../text/translate'

/** Which model has which audit field, and how complete each is in schema and database. */
export interface Coverage {
  /** The fields that the policy requires of any model: the columns of the picture. */
  readonly fields: readonly AuditField[]
  /** In schema order. */
  readonly models: readonly CoveredModel[]
}

export interface CoveredModel {
  readonly name: string
  /** The file of the schema, as the schema model names it. */
  readonly file: string
  readonly range: Range
  /** One for each of `fields`. */
  readonly cells: readonly CoverageCell[]
}

export interface CoverageCell {
  readonly field: AuditField
  readonly state: CoverageState
  /** Empty if nothing is required. */
  readonly parts: readonly CoveragePart[]
  /** What writes the column; empty if there is no column or if unknown. Names are database names. */
  readonly filledBy: readonly string[]
  /** The reason in the comment that ignores it; null if it is not ignored. */
  readonly why: string | null
  /** The field in the schema, otherwise the model's name. */
  readonly range: Range
}

/**
 * `sidesOf` returns a model with its table, or null if they cannot be compared. Without a policy nothing is required.
 */
export function coverageOf(
  t: Translate,
  schema: SchemaModel,
  policy: Policy | null,
  sidesOf: (model: ModelBlock) => ModelSides | null,
): Coverage {
  const requirements = policy === null ? [] : requirementsOf(schema, policy)
  const wanted = new Set(
    requirements.flatMap(({ required, ignored }) => [...required, ...ignored.map(({ field }) => field)]),
  )
  const fields = AUDIT_FIELDS.filter((field) => wanted.has(field))
  const models = modelsOf(schema).map(({ file, placed, model }, position): CoveredModel => {
    const range = rangeInFile(placed, model.name.range)
    const { required = [], ignored = [] } = requirements[position] ?? {}
    const sides = required.length === 0 ? null : sidesOf(model)
    const cellOf = (field: AuditField): CoverageCell => {
      const nothing = { field, parts: [], filledBy: [], why: null, range }
      const silenced = ignored.find((each) => each.field === field)
      if (silenced !== undefined) return { ...nothing, state: 'ignored', why: silenced.why }
      if (policy === null || !required.includes(field)) return { ...nothing, state: 'not required' }
      const audited = sides?.audited.find(({ auditField }) => auditField === field)
      if (sides === null || audited === undefined) return { ...nothing, state: 'unknown' }
      const parts = partsOf(audited, sides, policy)
      const own = audited.schemaColumn?.range
      return {
        ...nothing,
        state: stateOf(parts),
        parts,
        filledBy: filledBy(t, audited, sides, model),
        range: own === undefined ? range : rangeInFile(placed, own),
      }
    }
    return { name: model.name.text, file: file.path, range, cells: fields.map(cellOf) }
  })
  return { fields, models }
}

function stateOf(parts: readonly CoveragePart[]): CoverageState {
  const [schema, column] = parts
  if (parts.every(({ state }) => state === 'present')) return 'complete'
  if (schema?.state === 'missing' && column?.state !== 'present') return 'missing'
  return parts.some(({ state }) => state === 'missing' || state === 'faulty') ? 'partial' : 'unknown'
}

function partsOf(audited: AuditedField, { index, table }: ModelSides, policy: Policy): CoveragePart[] {
  const { auditField, schemaColumn, column, wantsTrigger, isInDatabase, unfit } = audited
  const kind = kindOf(auditField)
  const ofUser = kind.shape === 'user' ? (policy.fields[auditField] as UserPolicy) : null
  const inDatabase = (look: (table: Table) => CoveragePartState): CoveragePartState => {
    if (index === null) return 'unknown'
    return table === null || isInDatabase !== true ? 'missing' : look(table)
  }
  const triggerState = (actual: Table): CoveragePartState => {
    if (index === null) return 'unknown'
    const sets = triggersThatSet(actual, column, index)
    if (sets.some(isEnabled)) return 'present'
    if (sets.length > 0) return 'faulty'
    return triggersThatMaySet(actual, column, index).length > 0 ? 'unknown' : 'missing'
  }
  return [
    { name: 'schema', state: schemaColumn === null ? 'missing' : unfit?.in === 'schema' ? 'faulty' : 'present' },
    { name: 'column', state: inDatabase(() => (unfit === null ? 'present' : 'faulty')) },
    ...(ofUser?.relation === true && ofUser.type === null
      ? [{ name: 'key', state: inDatabase((actual) => keyState(actual, column)) } as const]
      : []),
    ...(policy.fields[auditField].index
      ? [{ name: 'index', state: inDatabase((actual) => indexState(actual, column)) } as const]
      : []),
    ...(wantsTrigger ? [{ name: 'trigger', state: inDatabase(triggerState) } as const] : []),
  ]
}

function keyState({ foreignKeys }: Table, column: string): CoveragePartState {
  const own = foreignKeys.filter(({ columns }) => columns.length === 1 && columns[0] === column)
  if (own.length === 0) return 'missing'
  return own.some(({ validated, isEnforced }) => validated && isEnforced !== false) ? 'present' : 'faulty'
}

/** As the plan creates it: over this column only, and without a condition. */
function indexState({ indexes }: Table, column: string): CoveragePartState {
  const own = indexes.filter(
    ({ columns, predicate }) => predicate === null && columns.length === 1 && columns[0]?.column === column,
  )
  if (own.length === 0) return 'missing'
  return own.some(({ valid }) => valid) ? 'present' : 'faulty'
}

function filledBy(
  t: Translate,
  { schemaColumn, column }: AuditedField,
  sides: ModelSides,
  model: ModelBlock,
): string[] {
  const actual = sides.table?.columns.find((each) => each.name === column)
  if (actual === undefined) return []
  const name = schemaColumn?.field ?? null
  const field = name === null ? null : findField(model, name)
  return fillersOf(t, { field, isUpdatedAt: schemaColumn?.isUpdatedAt === true }, actual, sides, (name) => name)
}
