import type { RowFunction } from '../../../database/model-surroundings'
import { quoteIdentifier } from '../../../database/quote'
import type { Warning } from '../../model'
import { titleOfName, titleOfTable } from '../titles'
import { firstOf } from '../../../text/bounded-list'
import { addedColumns, namedPublications, namedRules, writesRows, type ChangedTable } from './changed-table'
import { whyBroken } from './row-functions'
import { mayBeTooLong, whyRowTooLong } from './row-limit'
import { allOf, phrase } from '../../../text/phrase'
import { phraseOfFault } from '../../../text/fault-texts'

/** What the steps on a table change for those who read or write it. */
export function warningsOfTable(table: ChangedTable, functions: readonly RowFunction[]): Warning[] {
  return [
    ...codeOfOthers(table),
    ...insertRules(table),
    ...updateRules(table),
    ...published(table),
    ...columnPrivileges(table),
    ...longRows(table),
    ...brokenFunctions(table, functions),
  ]
}

/** That a table belongs to such a role as a whole is said of all of them together. */
function codeOfOthers(table: ChangedTable): Warning[] {
  const code = table.around.codeOfOthers
  if (table.steps.length === 0 || code.length === 0) return []
  const text = phrase`Writing rows of ${table.label} runs code of a role with fewer privileges than yours, with your privileges: ${firstOf(code.map(phraseOfFault), '; ')}. The application's writes are not tested before the run. Connect as a role with fewer privileges, unless you trust it.`
  return [{ code: 'code-of-others', object: `${table.around.table} code`, text }]
}

function insertRules(table: ChangedTable): Warning[] {
  const rules = table.around.insertRules
  if (table.steps.length === 0 || rules.length === 0) return []
  const text = phrase`${table.label} has the ${namedRules(rules)} on INSERT. A rule knows only the columns that existed when it was created, so rows that it writes elsewhere lack the audit fields. Recreate the rule after the migration.`
  return [{ code: 'insert-rule', object: `${table.label}: ${rules.join(', ')}`, text }]
}

/** If the plan writes rows itself, it is refused instead. */
function updateRules(table: ChangedTable): Warning[] {
  const rules = table.around.updateRules
  if (table.steps.length === 0 || writesRows(table) || rules.length === 0) return []
  const text = phrase`${table.label} has the ${namedRules(rules)} on UPDATE. A rule knows only the columns that existed when it was created, so rows that it writes lack the audit fields. Recreate the rule after the migration.`
  return [{ code: 'update-rule', object: `${table.label}: ${rules.join(', ')}`, text }]
}

/** A publication that lists the table's columns does not publish a new one. */
function published(table: ChangedTable): Warning[] {
  const { publications: all, publicationsOfColumns } = table.around
  const publications = all.filter((name) => !publicationsOfColumns.includes(name))
  const columns = addedColumns(table)
  if (columns.length === 0 || publications.length === 0) return []
  const text = phrase`${table.label} is published in ${namedPublications(publications)}. Replication to a subscriber whose table lacks ${allOf(columns.map(titleOfName))} stops at the first change. Add the columns on every subscriber first.`
  return [{ code: 'published', object: `${table.label}: ${publications.join(', ')}`, text }]
}

/** A role with privileges on single columns has none on a new one; Prisma Client reads all fields of a model. */
function columnPrivileges(table: ChangedTable): Warning[] {
  const columns = addedColumns(table)
  if (columns.length === 0) return []
  return Object.entries(table.around.columnPrivileges).map(([role, privileges]) => {
    const isPublic = role === 'public'
    const granted = privileges
      .map((privilege) => `${privilege} (${columns.map(quoteIdentifier).join(', ')})`)
      .join(', ')
    const text = phrase`${isPublic ? 'PUBLIC' : phrase`The role ${titleOfName(role)}`} has ${privileges} on single columns of ${table.label}, and none on ${columns.map(titleOfName)}, which Prisma Client will read. If the application uses that role, run after the migration: GRANT ${granted} ON ${table.around.table} TO ${isPublic ? 'PUBLIC' : quoteIdentifier(role)}.`
    return { code: 'column-privileges', object: `${table.around.table} ${role}`, text }
  })
}

/** If no row could be written, the plan is refused instead. */
function longRows(table: ChangedTable): Warning[] {
  const text = whyRowTooLong(table) === null ? mayBeTooLong(table) : null
  return text === null ? [] : [{ code: 'row-too-long', object: table.around.table, text }]
}

/** Functions that no trigger calls, so that no write of the run tests them. */
function brokenFunctions(table: ChangedTable, functions: readonly RowFunction[]): Warning[] {
  const added = addedColumns(table)
  const [step] = table.steps
  if (added.length === 0 || step === undefined) return []
  return functions.flatMap((code): Warning[] => {
    const why = whyBroken(code, { table: table.around.table, name: step.table, added })
    if (why === null) return []
    const label = `${titleOfTable({ schema: code.schema, table: code.name })}()`
    const text = phrase`The function ${label} uses ${table.label} and ${why}. It can fail once ${table.label} has ${allOf(added.map(titleOfName))}. Read it and change it before the migration: SELECT * where it returns rows of the table, names of columns everywhere else.`
    return [{ code: 'function-breaks', object: `${table.around.table} ${label}`, text }]
  })
}
