import type { UserField } from '../audit-fields/kinds'
import type { BaseType, Column, ForeignKey, Table } from '../database/model'
import type { ExpectedColumn, ExpectedTable } from '../expected/model'
import type { ScalarType } from '../expected/scalar-types'
import { userKeyOf } from '../schema/edits/user-key'
import { columnNameOf, findField } from '../schema/lookup'
import type { ModelBlock } from '../schema/model'
import { phrase, type Phrase } from '../text/phrase'
import type { AuditColumn, UnfitColumn } from './audit-column'
import { titleOfColumn, titleOfName, titleOfTable } from './values/titles'

/** The key that references to users use. */
export interface ReferencedKey {
  readonly schema: string
  readonly table: string
  readonly column: string
  /** Of a column that references it, as printed by `format_type`; null if the database has no such column. */
  readonly type: string | null
  /** Its type in the schema; null if that is not a scalar type. */
  readonly schemaType: ScalarType | null
}

/** The user model's single-column key; null if it has none. `actual` is its table, undefined if there is none. */
export function referencedKeyOf(
  user: ModelBlock,
  expected: ExpectedTable,
  actual: Table | undefined,
  defaultSchema: string,
): ReferencedKey | null {
  const field = userKeyOf(user)?.field
  if (field === undefined) return null
  const column = columnNameOf(field)
  const inDatabase = actual?.columns.find(({ name }) => name === column)
  return {
    schema: expected.schema ?? defaultSchema,
    table: expected.name,
    column,
    type: inDatabase === undefined ? null : baseOf(inDatabase).type,
    schemaType: scalarTypeOf(expected.columns.find(({ name }) => name === column) ?? null),
  }
}

/** Why the column cannot reference the user. Whether its values are users, only the rows show. */
export function whyNotOfUsers(
  auditField: UserField,
  place: AuditColumn,
  user: ReferencedKey | null,
): UnfitColumn | null {
  const other = referencesOthers(auditField, place, user)
  if (other !== null) return unfit(place, 'refers-elsewhere', other)
  if (isWithoutRelation(place, auditField)) {
    const differs = differsFromPolicy(auditField, place)
    return differs === null ? null : unfit(place, 'type-differs', differs)
  }
  const sibling = looksPolymorphic(auditField, place)
  if (sibling !== null) return unfit(place, 'polymorphic-column', sibling)
  return user === null || !lacksForeignKey(auditField, place, user) ? null : cannotReference(auditField, place, user)
}

/** By the policy, unless the schema has a relation over the column. */
export function isWithoutRelation(
  { policy, expected, column }: Pick<AuditColumn, 'policy' | 'expected' | 'column'>,
  auditField: UserField,
): boolean {
  return !policy.fields[auditField].relation && !hasRelation(expected, column)
}

/** The existing foreign key from the column to the users' key, under any name. */
export function foreignKeyToUsers(
  { actual, column }: Pick<AuditColumn, 'actual' | 'column'>,
  user: Pick<ReferencedKey, 'schema' | 'table' | 'column'>,
): ForeignKey | undefined {
  return actual?.foreignKeys.find(
    (key) =>
      isExactly(key.columns, column) &&
      key.referencedSchema === user.schema &&
      key.referencedTable === user.table &&
      isExactly(key.referencedColumns, user.column),
  )
}

/** The type that a foreign key compares: of a domain, the base type. */
export function baseOf(column: Column): BaseType {
  return column.base ?? column
}

/**
 * By a foreign key of the database, or by a relation of the schema. One that references users as well, such as those of
 * a tenant through `(tenantId, ownerId)`, is a user.
 */
function referencesOthers(auditField: UserField, place: AuditColumn, user: ReferencedKey | null): Phrase | null {
  const { actual, column, defaultSchema, expected } = place
  const keys = [
    ...(actual?.foreignKeys ?? []).map((key) => ({ ...key, schema: key.referencedSchema })),
    ...expected.foreignKeys.map((key) => ({ ...key, schema: key.referencedSchema ?? defaultSchema })),
  ]
  const isOfUsers = (schema: string, table: string) => schema === user?.schema && table === user.table
  const ofColumn = keys.filter((key) => key.columns.includes(column))
  const other = ofColumn.find((key) => !isOfUsers(key.schema, key.referencedTable))
  const isUser = ofColumn.some((key) => isExactly(key.columns, column) && isOfUsers(key.schema, key.referencedTable))
  if (other === undefined || isUser) return null
  const label = labelOf(place)
  const target = titleOfTable({ schema: other.schema, table: other.referencedTable })
  const what =
    other.columns.length === 1
      ? phrase`${label} references ${target}, so it does not reference a user.`
      : phrase`${label} is part of a foreign key of ${other.columns.length} columns (${other.columns.map(titleOfName)}) to ${target}, so by itself it does not identify a user.`
  return phrase`${what} ${exempted(auditField)}`
}

/** The policy says the type of users that are elsewhere. */
function differsFromPolicy(auditField: UserField, place: AuditColumn): Phrase | null {
  const wanted = place.policy.fields[auditField].type
  const { databaseColumn, schemaColumn } = place
  const found = [databaseColumn?.type, scalarTypeOf(schemaColumn)?.text].find(
    (type) => type !== undefined && type !== wanted?.catalog,
  )
  if (wanted === null || found === undefined) return null
  return phrase`${labelOf(place)} is ${found}, but the policy says "type": "${wanted.catalog}" for ${auditField}. Use the same type.`
}

function looksPolymorphic(auditField: UserField, place: AuditColumn): Phrase | null {
  const { actual, column, databaseColumn, policy } = place
  if (databaseColumn === null || !policy.fields[auditField].relation) return null
  const kind = actual?.columns.find(({ name }) => kindColumns(column).includes(name.toLowerCase()))
  if (kind === undefined || actual?.foreignKeys.some((key) => isExactly(key.columns, column)) === true) return null
  return phrase`${labelOf(place)} looks polymorphic: ${titleOfName(kind.name)} seems to say which table it references, so it may not reference a user. ${waysOut(auditField)}`
}

/**
 * The column that says what a polymorphic column references: `ownerType` for `ownerId`, `updated_by_type` for
 * `updated_by`.
 */
function kindColumns(column: string): string[] {
  const name = column.toLowerCase()
  const stems = [name, name.replace(/_?id$/, '')]
  return stems.flatMap((stem) => KINDS.flatMap((kind) => [`${stem}${kind}`, `${stem}_${kind}`]))
}

const KINDS = ['type', 'kind', 'model', 'class', 'table', 'entity']

function lacksForeignKey(auditField: UserField, place: AuditColumn, user: ReferencedKey): boolean {
  const { column, expected, policy, usesForeignKeys } = place
  const isWanted = usesForeignKeys && (policy.fields[auditField].relation || hasRelation(expected, column))
  return isWanted && foreignKeyToUsers(place, user) === undefined
}

/** No foreign key can be added to such a column, or the next write would fail on it. */
function cannotReference(auditField: UserField, place: AuditColumn, user: ReferencedKey): UnfitColumn | null {
  const { databaseColumn, schemaColumn } = place
  const label = labelOf(place)
  const advice = waysOut(auditField)
  const schemaType = scalarTypeOf(schemaColumn)
  const differs = (type: string, key: string) =>
    unfit(
      place,
      'type-differs',
      phrase`${label} is ${type}, but the users' key is ${key}, so it cannot reference it. ${advice}`,
    )
  if (databaseColumn === null) {
    // The new column gets the exact type of the key in the database, whatever the schema says of both.
    const keyType = user.schemaType
    const isAlike = schemaType === null || keyType === null || schemaType.family === keyType.family
    return isAlike ? null : differs(schemaType.text, keyType.text)
  }
  if (makesOwnValues(databaseColumn)) {
    const reason = phrase`${label} gets its value from the database (${databaseColumn.default ?? 'identity'}), which is not a user, so it does not reference one. ${advice}`
    return unfit(place, 'refers-elsewhere', reason)
  }
  if (databaseColumn.generated !== null) {
    const reason = phrase`${label} is a generated column, so a foreign key cannot change it with its user. ${advice}`
    return unfit(place, 'type-differs', reason)
  }
  if (user.type === null || baseOf(databaseColumn).type === user.type) return null
  return { ...differs(databaseColumn.type, user.type), isDrift: schemaType?.text === user.type }
}

/**
 * By a sequence, at random, or the database role: with a foreign key, the next INSERT that omits the column would fail.
 */
function makesOwnValues({ default: value, identity }: Column): boolean {
  return (
    identity !== null ||
    /\b(?:nextval\(|gen_random_uuid\(|uuid_generate_v\d|(?:CURRENT|SESSION)_USER\b)/.test(value ?? '')
  )
}

function unfit(place: AuditColumn, code: UnfitColumn['code'], reason: Phrase): UnfitColumn {
  const { databaseColumn, expected, schemaColumn } = place
  const inSchema = schemaColumn === null ? undefined : findField(expected.block, schemaColumn.field)?.type.name
  const type = databaseColumn?.type ?? inSchema ?? ''
  return { code, in: schemaColumn === null ? 'database' : 'schema', type, reason, isDrift: false }
}

function waysOut(auditField: UserField): Phrase {
  return phrase`Set another column in the policy ("fields": { "${auditField}": { "column": … } }), set "relation": false there to omit the foreign key, or exempt the model with "/// @audit-ignore ${auditField}".`
}

/** A reference to another table is none to a user without a foreign key either. */
function exempted(auditField: UserField): Phrase {
  return phrase`Set another column in the policy ("fields": { "${auditField}": { "column": … } }), or exempt the model with "/// @audit-ignore ${auditField}".`
}

function labelOf({ actual, column, defaultSchema, expected }: AuditColumn): string {
  const schema = actual?.schema ?? expected.schema ?? defaultSchema
  return titleOfColumn({ schema, table: expected.name, column })
}

function hasRelation({ foreignKeys }: ExpectedTable, column: string): boolean {
  return foreignKeys.some(({ columns }) => isExactly(columns, column))
}

function isExactly(columns: readonly string[], column: string): boolean {
  return columns.length === 1 && columns[0] === column
}

function scalarTypeOf(column: ExpectedColumn | null): ScalarType | null {
  return column?.type.kind === 'scalar' && !column.isList ? column.type : null
}
