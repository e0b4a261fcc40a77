import { AUDIT_FIELDS, eachField, isTimestampField, kindOf, type AuditField } from './kinds'
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

/** The audit fields that a model has; null for each that is not in the schema. */
export type AuditFieldsOfModel = Readonly<Record<AuditField, PresentAuditField | null>>

export interface PresentAuditField {
  /** The field with the column. */
  readonly field: Field
  /** The relation over that field, if there is one. */
  readonly relation: Field | null
  /** The column's name in the database. */
  readonly column: string
}

/** What the database has of an audit field, or will have after the plan, and the schema should define. */
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
  /** Omitted if unknown; then the names are those that Prisma derives, or others if these are taken. */
  readonly inDatabase?: AuditFieldInDatabase
}

/**
 * The audit fields that the model has in the schema, under any name. A field counts by the policy's column, or by the
 * audit field's own names (`updatedBy` also as `updatedById`, and by a relation `updatedBy` or `owner` over it),
 * otherwise by the attribute with which Prisma maintains it (`@updatedAt`). The policy's aliases count as names too.
 */
export function auditFieldsOf(policy: Policy, model: ModelBlock): AuditFieldsOfModel {
  return eachField((field) => presentField(policy, model, field))
}

/** One of `auditFieldsOf`. */
export function presentField(policy: Policy, model: ModelBlock, field: AuditField): PresentAuditField | null {
  return namedAuditField(policy, model, field) ?? markedField(policy, model, field)
}

/** As `presentField`, by name only. */
export function namedAuditField(policy: Policy, model: ModelBlock, field: AuditField): PresentAuditField | null {
  const scalar = namedAuditScalar(policy, model, field)
  return scalar === null ? null : present(model, scalar)
}

/**
 * The field of `namedAuditField`: by the policy's column, otherwise by a name, otherwise by a column with such a name.
 */
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

/** A field that the policy lists as an alias; one that references something other than users does not count. */
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

/** The relation field named for the audit field, whose scalar field may be missing while someone types. */
export function relationByName(model: ModelBlock, field: AuditField): Field | null {
  const kind = kindOf(field)
  for (const name of kind.shape === 'user' ? kind.relationNames : []) {
    const relation = findField(model, name)
    if (relation !== null && scalarNamesOf(relation).length === 1) return relation
  }
  return null
}

/** Without looking up which names are models: an audit field never has the type of an enum. */
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

/** `createdAt DateTime @updatedAt` is another audit field by its name: no column is both. */
function markedField(policy: Policy, model: ModelBlock, auditField: AuditField): PresentAuditField | null {
  const kind = kindOf(auditField)
  const mark = kind.shape === 'timestamp' ? kind.mark : null
  if (mark === null) return null
  const isAnother = (candidate: Field) =>
    AUDIT_FIELDS.some((other) => other !== auditField && namedAuditScalar(policy, model, other) === candidate)
  const field = model.fields.find((candidate) => findAttribute(candidate, mark) !== null && !isAnother(candidate))
  return field === undefined ? null : present(model, field)
}

function present(model: ModelBlock, field: Field): PresentAuditField {
  return { field, relation: relationOver(model, field), column: columnNameOf(field) }
}

function scalarOfRelation(model: ModelBlock, relation: Field | null): Field | null {
  const name = relation === null ? undefined : scalarNamesOf(relation)[0]
  return name === undefined ? null : findField(model, name)
}
