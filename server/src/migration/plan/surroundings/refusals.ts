import type { TableSurroundings } from '../../../database/model-surroundings'
import type { Refusal, Step } from '../../model'
import { tableName } from '../sql'
import { titleOfColumn, titleOfName, titleOfQuoted, titleOfTable } from '../titles'
import { whyTooWide } from '../column-limit'
import { addedColumns, namedRules, writesRows, type ChangedTable } from './changed-table'
import { whyRowTooLong } from './row-limit'
import { phrase, type Phrase } from '../../../text/phrase'

/** Why the steps on a table cannot run. `tables` are all tables of the plan, by quoted name. */
export function refusalsOfTable(table: ChangedTable, tables: ReadonlyMap<string, TableSurroundings>): Refusal[] {
  return [
    ...distributed(table),
    ...replacedUpdates(table),
    ...rejectedUpdates(table),
    ...usedRowType(table),
    ...tooManyColumns(table),
    ...ambiguousKey(table, table.around),
    ...table.steps.flatMap(({ foreignKey }) => {
      if (foreignKey === undefined) return []
      const referenced = tables.get(tableName(foreignKey.referenced))
      return [
        ...differentCollations(table, foreignKey, referenced),
        ...unloggedUsers(table, foreignKey, referenced),
        ...ambiguousKey(table, referenced),
      ]
    }),
  ]
}

type ForeignKey = NonNullable<Step['foreignKey']>

function distributed(table: ChangedTable): Refusal[] {
  if (!table.around.isDistributed) return []
  const reason = phrase`${table.label} is distributed by Citus. Distributed tables are not supported: triggers, foreign keys and batches work differently there. Remove the model from the policy, or add the audit fields yourself.`
  return [refuse(table, 'Citus', reason)]
}

function replacedUpdates(table: ChangedTable): Refusal[] {
  const { updateRules } = table.around
  if (!writesRows(table) || updateRules.length === 0) return []
  const reason = phrase`${table.label} has the ${namedRules(updateRules)} on UPDATE. PostgreSQL runs the rule instead of the UPDATEs that fill and verify the new columns. Drop the rule (DROP RULE … ON ${table.around.table}), replace it with a trigger, or remove the model from the policy.`
  return [refuse(table, 'rules', reason)]
}

function rejectedUpdates(table: ChangedTable): Refusal[] {
  const { publications, lacksIdentity, hasKey } = table.around
  if (!writesRows(table) || !lacksIdentity) return []
  const alter = `ALTER TABLE ${table.around.table} REPLICA IDENTITY`
  const reason = phrase`${table.label} is published (${publications}) and has no replica identity, so PostgreSQL rejects every UPDATE. ${hasKey ? phrase`Run ${alter} DEFAULT.` : phrase`Add a primary key, or run ${alter} FULL.`}`
  return [refuse(table, 'replica identity', reason)]
}

function usedRowType(table: ChangedTable): Refusal[] {
  const [user] = table.around.columnsOfRows
  if (user === undefined || !table.steps.some(({ addsDefault }) => addsDefault === true)) return []
  const reason = phrase`${titleOfColumn(user)} uses the row type of ${table.label}, so PostgreSQL adds no column with a default to ${table.label}. Set "populate" of the audit field in the policy to an SQL expression: its column is then added first and gets its default afterwards. Or remove the model from the policy.`
  return [refuse(table, 'row type', reason)]
}

function tooManyColumns(table: ChangedTable): Refusal[] {
  const reason = whyTooWide(table.label, table.around.columnsEver, addedColumns(table).length) ?? whyRowTooLong(table)
  return reason === null ? [] : [refuse(table, 'columns', reason)]
}

/** Rows are found by their key when they are filled and when a rollback saves their values, and users by theirs. */
function ambiguousKey(table: ChangedTable, of: TableSurroundings | undefined): Refusal[] {
  const [found] = Object.entries(of?.notComparable ?? {})
  if (of === undefined || found === undefined || table.steps.length === 0) return []
  const [column, cast] = found
  const reason = phrase`The key column ${titleOfQuoted(of.table)}.${titleOfName(column)} has a type with an implicit cast (${cast}), so PostgreSQL finds more than one operator that compares two of its values and uses none (operator is not unique). Drop the cast and create it AS ASSIGNMENT, or remove the model from the policy.`
  return [refuse(table, 'key', reason)]
}

/** Only one of the collations is nondeterministic, or the two differ. */
function differentCollations(
  table: ChangedTable,
  { columns, referenced }: ForeignKey,
  users: TableSurroundings | undefined,
): Refusal[] {
  const own = table.around.collations
  const others = users?.collations ?? {}
  return columns.flatMap((column, index) => {
    const key = referenced.columns[index] ?? ''
    const collation = others[key] ?? own[column]
    if (collation === undefined || others[key] === own[column]) return []
    const columnLabel = `${table.label}.${titleOfName(column)}`
    const keyLabel = `${titleOfTable(referenced)}.${titleOfName(key)}`
    const reason = phrase`${others[key] === undefined ? columnLabel : keyLabel} has the nondeterministic collation ${collation}. From version 18 on, PostgreSQL allows no foreign key between ${columnLabel} and ${keyLabel} unless both have that collation. Add the column yourself with COLLATE ${collation}, or set "relation": false in the policy.`
    return [refuse(table, 'collation', reason)]
  })
}

function unloggedUsers(
  table: ChangedTable,
  { referenced }: ForeignKey,
  users: TableSurroundings | undefined,
): Refusal[] {
  if (users?.isUnlogged !== true || table.around.isUnlogged) return []
  const reason = phrase`${titleOfTable(referenced)} is an unlogged table, which ${table.label} cannot reference: it is empty after a crash of the server. Run ALTER TABLE ${users.table} SET LOGGED, or set "relation": false in the policy.`
  return [refuse(table, 'unlogged', reason)]
}

function refuse({ model }: ChangedTable, object: string, reason: Phrase): Refusal {
  return { code: 'table-unfit', model, object, reason, blocking: true }
}
