import { eachField, isTimestampField, kindOf, type AuditField } from './kinds'
import type { Policy } from './policy'
import { columnNameOf, findAttribute, findField } from '../schema/lookup'
import type { ReferentialAction } from '../database/model'
import type { Field, ModelBlock } from '../schema/model'
import { relationOver, scalarNamesOf } from '../schema/edits/relations'

/** One audit field of one model. */
export interface ModelAuditField {
  readonly model: string
  readonly field: AuditField
}

/** The audit fields that a model has; null for each that the schema does not say. */
export type AuditFieldsOfModel = Readonly<Record<AuditField, PresentAuditField | null>>

export interface PresentAuditField {
  /** The field that has the column. */
  readonly field: Field
  /** The relation over that field, where there is one. */
  readonly relation: Field | null
  /** The column's name in the database. */
  readonly column: string
}

/** What the database has of an audit field, or will have by the plan, and the schema is to say. */
export interface AuditFieldInDatabase {
  readonly column: string
  readonly nullable: boolean
  /** Null for no index. */
  readonly indexName: string | null
  /** Null for no foreign key. */
  readonly foreignKey: {
    readonly name: string
    readonly onDelete: ReferentialAction
    readonly onUpdate: ReferentialAction
  } | null
}

/** An audit field to write into the schema. */
export interface WantedAuditField extends ModelAuditField {
  /** Left out where nobody knows; then the names are those that Prisma derives, or others where these are taken. */
  readonly inDatabase?: AuditFieldInDatabase
}

/**
 * Which audit fields the model has in the schema, under whatever name. A field counts by the policy's column, or by the
 * audit field's own names (`updatedBy` also as `updatedById`, and by a relation `updatedBy` or `owner` over it); else by
 * the attribute by which Prisma itself keeps it (`@updatedAt`), under whatever name. The policy's aliases are such names, too.
 */
export function auditFieldsOf(policy: Policy, model: ModelBlock): AuditFieldsOfModel {
  return eachField((field) => presentField(policy, model, field))
}

/** One of `auditFieldsOf`. */
export function presentField(policy: Policy, model: ModelBlock, field: AuditField): PresentAuditField | null {
  return namedAuditField(policy, model, field) ?? markedField(model, field)
}

/** As `presentField`, by name alone. */
export function namedAuditField(policy: Policy, model: ModelBlock, field: AuditField): PresentAuditField | null {
  const scalar = namedAuditScalar(policy, model, field)
  return scalar === null ? null : present(model, scalar)
}

/** The field of `namedAuditField`: by the policy's column, else by a name, else by a column of such a name. */
export function namedAuditScalar(policy: Policy, model: ModelBlock, field: AuditField): Field | null {
  const wanted = policy.fields[field].column
  const names = kindOf(field).schemaNames
  let byName: Field | null = null
  let byColumn: Field | null = null
  for (const candidate of model.fields) {
    if (!isScalar(candidate)) continue
    const column = columnNameOf(candidate)
    if (column === wanted) return candidate
    if (names.includes(candidate.name.text)) byName ??= candidate
    if (names.includes(column)) byColumn ??= candidate
  }
  const own = byName ?? byColumn ?? scalarOfRelation(model, relationByName(model, field))
  return own ?? aliasedScalar(policy, model, field)
}

/** A field that the policy names as an alias; one that refers to something else than users is none. */
function aliasedScalar(policy: Policy, model: ModelBlock, field: AuditField): Field | null {
  const { aliases } = policy.fields[field]
  if (aliases.length === 0) return null
  const isTimestamp = isTimestampField(field)
  const suits = (candidate: Field) => {
    if (!isScalar(candidate)) return false
    if (isTimestamp) return candidate.type.name === 'DateTime'
    const relation = relationOver(model, candidate)
    return candidate.type.name !== 'DateTime' && (relation === null || relation.type.name === policy.userModel)
  }
  const found = model.fields.find(
    (candidate) =>
      (aliases.includes(candidate.name.text) || aliases.includes(columnNameOf(candidate))) && suits(candidate),
  )
  return found ?? null
}

/** The relation field named for the audit field, which may lack its scalar while somebody types. */
export function relationByName(model: ModelBlock, field: AuditField): Field | null {
  const kind = kindOf(field)
  for (const name of kind.shape === 'user' ? kind.relationNames : []) {
    const relation = findField(model, name)
    if (relation !== null && scalarNamesOf(relation).length === 1) return relation
  }
  return null
}

/** Without asking the whole schema which names are models: an audit field is never of an enum's type. */
const SCALAR_TYPES: ReadonlySet<string> = new Set([
  'String',
  'Boolean',
  'Int',
  'BigInt',
  'Float',
  'Decimal',
  'DateTime',
  'Json',
  'Bytes',
  'Unsupported',
])

function isScalar(field: Field): boolean {
  return SCALAR_TYPES.has(field.type.name) && field.type.arity !== 'list'
}

function markedField(model: ModelBlock, auditField: AuditField): PresentAuditField | null {
  const kind = kindOf(auditField)
  const mark = kind.shape === 'timestamp' ? kind.mark : null
  if (mark === null) return null
  const field = model.fields.find((candidate) => findAttribute(candidate, mark) !== null)
  return field === undefined ? null : present(model, field)
}

function present(model: ModelBlock, field: Field): PresentAuditField {
  return { field, relation: relationOver(model, field), column: columnNameOf(field) }
}

function scalarOfRelation(model: ModelBlock, relation: Field | null): Field | null {
  const name = relation === null ? undefined : scalarNamesOf(relation)[0]
  return name === undefined ? null : findField(model, name)
}
