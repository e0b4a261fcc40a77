import { foreignKeyName, nameWithSuffix } from '../../expected/names'
import type { OnDelete } from '../../audit-fields/kind'
import type { UserField } from '../../audit-fields/kinds'
import type { Column, ReferentialAction } from '../../database/model'
import type { ForeignKeyTarget, UserKey, FieldRefusal } from './audit-target'
import { baseOf, typeOfColumn } from './column-type'
import { resolveIndex } from './resolve-index'
import { isWithoutRelation, resolvePlainColumn, usersElsewhere } from './resolve-plain-column'
import { populating } from './populating'
import type { Warning } from '../model'
import type { FieldContext, Resolution } from './field-context'
import { constraintNamesOf } from './taken-names'
import { isRequired, userTarget } from './user-target'
import { titleOfColumn, titleOfName, titleOfTable } from './titles'
import { phrase, type Phrase } from '../../text/phrase'

/** A reference to the user: a column of the user key's type, its index, its foreign key. */
export function resolveUserReference(context: FieldContext, auditField: UserField): Resolution {
  const { actual, column, databaseColumn, expected, policy, schemaName, userKey } = context
  const otherMeaning = whyNotOfUsers(context, auditField, userKey.key)
  if (otherMeaning !== null) return { refusal: otherMeaning }
  if (isWithoutRelation(context, auditField)) return resolvePlainColumn(context, auditField)
  if (userKey.key === null) {
    const { code, reason } = userKey.refusal
    return { refusal: { code, reason: phrase`${reason} ${usersElsewhere(auditField)}` } }
  }
  const { foreignKey, warnings } = resolveForeignKey(context, auditField, userKey.key)
  if (userKey.refusal !== null && actual !== null && foreignKey?.state !== 'validated') {
    const { refusal, missingTable } = userKey
    return missingTable === undefined ? { refusal } : { refusal, missingTable }
  }
  if (databaseColumn !== null && foreignKey?.state === 'missing' && makesOwnValues(databaseColumn)) {
    const columnLabel = titleOfColumn({ schema: schemaName, table: expected.name, column })
    const reason = phrase`${columnLabel} gets its value from the database (${databaseColumn.default ?? 'identity'}), which is not a user, so it does not reference one. ${waysOut(auditField)}`
    return { refusal: { code: 'refers-elsewhere', reason } }
  }
  if (databaseColumn !== null && databaseColumn.generated !== null && foreignKey?.state === 'missing') {
    const reason = phrase`${titleOfColumn({ schema: schemaName, table: expected.name, column })} is a generated column, so a foreign key cannot change it with its user. ${waysOut(auditField)}`
    return { refusal: { code: 'type-differs', reason } }
  }
  if (databaseColumn !== null && userKey.type !== null && foreignKey?.state === 'missing') {
    const { catalog } = userKey.type
    if (baseOf(databaseColumn).type !== catalog) {
      const columnLabel = titleOfColumn({ schema: schemaName, table: expected.name, column })
      const reason = phrase`${columnLabel} is ${databaseColumn.type}, but the users' key is ${catalog}, so it cannot reference it. ${waysOut(auditField)}`
      return { refusal: { code: 'type-differs', reason } }
    }
  }
  const { index, warnings: indexWarnings } = resolveIndex(context, policy.fields[auditField].index)
  const target = userTarget(context, auditField, {
    index,
    type: databaseColumn === null ? userKey.type : typeOfColumn(databaseColumn),
    foreignKey,
    populate: populating(context, auditField, userKey.key),
  })
  return { target, warnings: [...warnings, ...indexWarnings] }
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

/**
 * An existing column with the field's name may mean something other than a user, which its reference and its neighbors
 * show. Null if nothing suggests that. Whether its values are users is checked by a precondition.
 */
function whyNotOfUsers(
  { actual, column, database, databaseColumn, expected, policy, schemaName }: FieldContext,
  auditField: UserField,
  user: UserKey | null,
): FieldRefusal | null {
  const label = titleOfColumn({ schema: schemaName, table: expected.name, column })
  const isOfUsers = (schema: string, table: string) => user !== null && schema === user.schema && table === user.table
  const others = [
    ...(actual?.foreignKeys ?? []).map((key) => ({ ...key, schema: key.referencedSchema, table: key.referencedTable })),
    ...expected.foreignKeys.map((key) => ({
      ...key,
      schema: key.referencedSchema ?? database.defaultSchema,
      table: key.referencedTable,
    })),
  ].filter((key) => key.columns.includes(column) && !isOfUsers(key.schema, key.table))
  const [other] = others
  if (other !== undefined) {
    const target = titleOfTable(other)
    const what =
      other.columns.length === 1
        ? phrase`${label} references ${target}, so it does not reference a user.`
        : phrase`${label} is part of a foreign key of ${other.columns.length} columns (${other.columns.map(titleOfName)}) to ${target}, so by itself it does not identify a user.`
    const reason = phrase`${what} ${waysOut(auditField)}`
    return { code: 'refers-elsewhere', reason }
  }
  if (databaseColumn === null || !policy.fields[auditField].relation) return null
  const kind = actual?.columns.find(({ name }) => kindColumns(column).includes(name.toLowerCase()))
  if (kind === undefined || actual?.foreignKeys.some((key) => isExactly(key.columns, column)) === true) return null
  const reason = phrase`${label} looks polymorphic: ${titleOfName(kind.name)} seems to say which table it references, so it may not reference a user. ${waysOut(auditField)}`
  return { code: 'polymorphic-column', reason }
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

function waysOut(auditField: UserField): Phrase {
  return phrase`Set another column in the policy ("fields": { "${auditField}": { "column": … } }), or set "relation": false there to omit the foreign key.`
}

interface ResolvedForeignKey {
  readonly foreignKey: ForeignKeyTarget | null
  readonly warnings: readonly Warning[]
}

/** An existing one under any name, otherwise as in the schema's relation, otherwise as in the policy. */
function resolveForeignKey(context: FieldContext, auditField: UserField, user: UserKey): ResolvedForeignKey {
  const { actual, column, expected, policy, usesForeignKeys } = context
  const inSchema = expected.foreignKeys.find((key) => isExactly(key.columns, column))
  const wanted = usesForeignKeys && (policy.fields[auditField].relation || inSchema !== undefined)
  if (!wanted) return { foreignKey: null, warnings: [] }
  const existing = actual?.foreignKeys.find(
    (key) =>
      isExactly(key.columns, column) &&
      key.referencedSchema === user.schema &&
      key.referencedTable === user.table &&
      isExactly(key.referencedColumns, user.column),
  )
  if (existing !== undefined) {
    const { name, onDelete, onUpdate, validated } = existing
    return {
      foreignKey: { user, name, onDelete, onUpdate, state: validated ? 'validated' : 'not validated' },
      warnings: [],
    }
  }
  const wantedName = inSchema?.name ?? foreignKeyName(expected.name, [column])
  const name = freeConstraintName(context, wantedName)
  const asked = inSchema?.onDelete ?? ACTIONS[policy.fields[auditField].onDelete]
  const isImpossible = asked === 'SET NULL' && isRequired(context, auditField)
  const warnings = [
    ...(context.databaseColumn !== null && inSchema === undefined ? [isConstrained(context, user)] : []),
    ...(isImpossible ? [cannotBeSetNull(context)] : []),
    ...(name === wantedName ? [] : [nameTaken(context, wantedName, name)]),
  ]
  const onDelete = isImpossible ? 'RESTRICT' : asked
  return { foreignKey: { user, name, onDelete, onUpdate: inSchema?.onUpdate ?? 'CASCADE', state: 'missing' }, warnings }
}

/** A CHECK may have the name; and two columns of a table with a long name may get the same name after truncation. */
function freeConstraintName({ actual, expected, column, takenConstraints }: FieldContext, wanted: string): string {
  const standing = actual === null ? new Set<string>() : constraintNamesOf(actual)
  const isTaken = (name: string) => takenConstraints.has(name) || standing.has(name)
  let name = wanted
  for (let number = 1; isTaken(name); number++) name = nameWithSuffix(`${expected.name}_${column}`, `_fkey${number}`)
  takenConstraints.add(name)
  return name
}

/** The column has no setting of its own: the policy's defaults apply. */
function isConstrained({ column, expected, schemaName }: FieldContext, user: UserKey): Warning {
  const label = titleOfColumn({ schema: schemaName, table: expected.name, column })
  const text = phrase`${label} already exists and gets a foreign key to ${titleOfTable(user)}: from then on, a write of any other value fails. If the column means something else, set "relation": false in the policy.`
  return { code: 'column-constrained', object: label, text }
}

function cannotBeSetNull({ column, expected }: FieldContext): Warning {
  const text = phrase`${titleOfName(expected.name)}.${titleOfName(column)} is required, so ON DELETE SET NULL is not possible: a user who still owns rows cannot be deleted (ON DELETE RESTRICT).`
  return { code: 'delete-restricted', object: `${titleOfName(expected.name)}.${titleOfName(column)}`, text }
}

function nameTaken({ column }: FieldContext, wanted: string, name: string): Warning {
  const text = phrase`The name ${titleOfName(wanted)} is taken, so the foreign key of ${titleOfName(column)} is named ${titleOfName(name)}: add map: "${name}" to its @relation.`
  return { code: 'name-replaced', object: titleOfName(wanted), text }
}

function isExactly(columns: readonly string[], column: string): boolean {
  return columns.length === 1 && columns[0] === column
}

const ACTIONS: Readonly<Record<OnDelete, ReferentialAction>> = {
  SetNull: 'SET NULL',
  Restrict: 'RESTRICT',
  NoAction: 'NO ACTION',
  Cascade: 'CASCADE',
  SetDefault: 'SET DEFAULT',
}
