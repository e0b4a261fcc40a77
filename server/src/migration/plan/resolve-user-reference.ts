import { foreignKeyName, nameWithSuffix } from '../../expected/names'
import type { OnDelete } from '../../audit-fields/kind'
import type { UserField } from '../../audit-fields/kinds'
import type { ReferentialAction } from '../../database/model'
import { foreignKeyToUsers, isWithoutRelation } from '../../audit/unfit-user-columns'
import type { ForeignKeyTarget, UserKey } from './audit-target'
import { typeOfColumn } from './column-type'
import { resolveIndex } from './resolve-index'
import { resolvePlainColumn, usersElsewhere } from './resolve-plain-column'
import { populating } from './populating'
import type { Warning } from '../model'
import type { FieldContext, Resolution } from './field-context'
import { constraintNamesOf } from './taken-names'
import { isRequired, userTarget } from './user-target'
import { titleOfColumn, titleOfName, titleOfTable } from './titles'
import { phrase } from '../../text/phrase'

/** A reference to the user: a column of the user key's type, its index, its foreign key. */
export function resolveUserReference(context: FieldContext, auditField: UserField): Resolution {
  const { actual, databaseColumn, policy, unfit, userKey } = context
  if (isWithoutRelation(context, auditField) && unfit?.code !== 'refers-elsewhere')
    return resolvePlainColumn(context, auditField)
  if (unfit !== null) return { refusal: unfit }
  if (userKey.key === null) {
    const { code, reason } = userKey.refusal
    return { refusal: { code, reason: phrase`${reason} ${usersElsewhere(auditField)}` } }
  }
  const { foreignKey, warnings } = resolveForeignKey(context, auditField, userKey.key)
  if (userKey.refusal !== null && actual !== null && foreignKey?.state !== 'validated') {
    const { refusal, missingTable } = userKey
    return missingTable === undefined ? { refusal } : { refusal, missingTable }
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

interface ResolvedForeignKey {
  readonly foreignKey: ForeignKeyTarget | null
  readonly warnings: readonly Warning[]
}

/** An existing one under any name, otherwise as in the schema's relation, otherwise as in the policy. */
function resolveForeignKey(context: FieldContext, auditField: UserField, user: UserKey): ResolvedForeignKey {
  const { column, expected, policy, usesForeignKeys } = context
  const inSchema = expected.foreignKeys.find((key) => isExactly(key.columns, column))
  const wanted = usesForeignKeys && (policy.fields[auditField].relation || inSchema !== undefined)
  if (!wanted) return { foreignKey: null, warnings: [] }
  const existing = foreignKeyToUsers(context, user)
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
