import { foreignKeyName } from '../../audit/expected/names'
import type { OnDelete } from '../../audit/policy'
import type { ReferentialAction } from '../../database/model'
import { quoteIdentifier, quoteQualified } from '../../database/quote'
import type { ForeignKeyTarget, UserKey, UserReferenceTarget } from './audit-target'
import { typeOfColumn } from './column-type'
import { nameWithSuffix } from './names'
import { resolveIndex } from './resolve-index'
import type { FieldContext, Resolution } from './field-context'
import { constraintNamesOf } from './taken-names'

/** `updatedBy` and `ownerId`: a column of the user key's type, its index, its foreign key. */
export function resolveUserReference(context: FieldContext, auditField: 'updatedBy' | 'ownerId'): Resolution {
  const { actual, column, databaseColumn, expected, policy, schemaColumn, schemaName, userKey } = context
  if (userKey.key === null) return { refusal: userKey.refusal }
  const { foreignKey, warnings } = resolveForeignKey(context, auditField, userKey.key)
  if (userKey.refusal !== null && actual !== null && foreignKey?.state !== 'validated')
    return { refusal: userKey.refusal }
  if (databaseColumn !== null && userKey.type !== null && foreignKey?.state === 'missing') {
    const { catalog } = userKey.type
    if (databaseColumn.type !== catalog) {
      const columnLabel = `${quoteIdentifier(column)} of ${quoteQualified(schemaName, expected.name)}`
      return {
        refusal: `${columnLabel} is ${databaseColumn.type}, and the users' key is ${catalog}: it cannot refer to it.`,
      }
    }
  }
  const { index, warnings: indexWarnings } = resolveIndex(context, policy.fields[auditField].index)
  const target: UserReferenceTarget = {
    model: expected.model,
    field: auditField,
    schema: schemaName,
    table: expected.name,
    column,
    nullable: isRequired(context, auditField) ? false : (databaseColumn?.nullable ?? true),
    databaseTable: actual,
    databaseColumn,
    isInSchema: schemaColumn !== null,
    index,
    type: databaseColumn === null ? userKey.type : typeOfColumn(databaseColumn),
    user: userKey.key,
    foreignKey,
    populate: auditField === 'ownerId' ? policy.fields.ownerId.populate : null,
  }
  return { target, warnings: [...warnings, ...indexWarnings] }
}

/** By the policy, or since the schema has the field without a question mark. */
function isRequired({ policy, schemaColumn }: FieldContext, auditField: 'updatedBy' | 'ownerId'): boolean {
  return (auditField === 'ownerId' && policy.fields.ownerId.required) || schemaColumn?.nullable === false
}

interface ResolvedForeignKey {
  readonly foreignKey: ForeignKeyTarget | null
  readonly warnings: readonly string[]
}

/** One that is there under any name, else as the schema's relation says, else as the policy says. */
function resolveForeignKey(
  context: FieldContext,
  auditField: 'updatedBy' | 'ownerId',
  user: UserKey,
): ResolvedForeignKey {
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
    return { foreignKey: { name, onDelete, onUpdate, state: validated ? 'validated' : 'not validated' }, warnings: [] }
  }
  const wantedName = inSchema?.name ?? foreignKeyName(expected.name, [column])
  const name = freeConstraintName(context, wantedName)
  const asked = inSchema?.onDelete ?? ACTIONS[policy.fields[auditField].onDelete]
  const isImpossible = asked === 'SET NULL' && isRequired(context, auditField)
  const warnings = [
    ...(isImpossible ? [cannotBeSetNull(context)] : []),
    ...(name === wantedName ? [] : [nameTaken(context, wantedName, name)]),
  ]
  const onDelete = isImpossible ? 'RESTRICT' : asked
  return { foreignKey: { name, onDelete, onUpdate: inSchema?.onUpdate ?? 'CASCADE', state: 'missing' }, warnings }
}

/** A CHECK may have the name; and two columns of a table with a long name may come to the same once it is cut. */
function freeConstraintName({ actual, expected, column, takenConstraints }: FieldContext, wanted: string): string {
  const standing = actual === null ? new Set<string>() : constraintNamesOf(actual)
  const isTaken = (name: string) => takenConstraints.has(name) || standing.has(name)
  let name = wanted
  for (let number = 1; isTaken(name); number++) name = nameWithSuffix(`${expected.name}_${column}`, `_fkey${number}`)
  takenConstraints.add(name)
  return name
}

function cannotBeSetNull({ column, expected }: FieldContext): string {
  return (
    `${quoteIdentifier(column)} of ${quoteIdentifier(expected.name)} is required, so it cannot be set to NULL when its ` +
    'user is deleted: a user who still owns rows cannot be deleted (ON DELETE RESTRICT).'
  )
}

function nameTaken({ column }: FieldContext, wanted: string, name: string): string {
  return (
    `The name ${quoteIdentifier(wanted)} is taken, so the foreign key of ${quoteIdentifier(column)} becomes ` +
    `${quoteIdentifier(name)}: write map: "${name}" into its @relation.`
  )
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
