import { quoteIdentifier, quoteQualified } from '../../../database/quote'
import { textOf } from '../../../database/text-of-values'
import { searchPathStatement } from '../../../database/search-path'
import { SKIPPED_PREFIX, type Check } from '../../../verification/model'
import type { UserReferenceTarget } from '../audit-target'
import { isPartitioned } from '../partitions'
import { tableName } from '../sql'

/**
 * Verifies that a change without the column gets the user in `app.actor`: updates one row, in a transaction that is
 * rolled back. Null if that is not possible in one statement: without a foreign key no user is known, without another
 * column there is nothing to change, and a row of a partitioned table cannot be addressed by ctid.
 */
export function actorTriggerCheck(target: UserReferenceTarget, lookupSchema: string): Check | null {
  const { databaseTable, foreignKey, column, type } = target
  const other = databaseTable?.columns.find(
    ({ name, generated, identity }) => name !== column && generated === null && identity === null,
  )
  if (foreignKey === null || other === undefined || isPartitioned(target)) return null
  const { user } = foreignKey
  const sqlType = type?.sql ?? ''
  const users = `(SELECT ${textOf(quoteIdentifier(user.column), sqlType)} FROM ${quoteQualified(user.schema, user.table)} LIMIT 1)`
  const name = quoteIdentifier(other.name)
  return {
    title: `An UPDATE of ${target.table} fills ${column} with the user in app.actor`,
    sql: [
      // The table's other triggers fire too, and may look up names like the application.
      `${searchPathStatement('SET LOCAL', lookupSchema)};`,
      `SELECT pg_catalog.set_config('app.actor', ${users}, true);`,
      'WITH changed AS (',
      `  UPDATE ${tableName(target)} SET ${name} = ${name}`,
      `  WHERE ctid OPERATOR(pg_catalog.=) (SELECT ctid FROM ${tableName(target)} LIMIT 1 FOR UPDATE SKIP LOCKED)`,
      `  RETURNING ${textOf(quoteIdentifier(column), sqlType)} AS actor`,
      ')',
      'SELECT coalesce((',
      `  SELECT CASE WHEN actor OPERATOR(pg_catalog.=) pg_catalog.current_setting('app.actor', true)`,
      `    THEN 'the user' ELSE pg_catalog.format('%s', coalesce(actor, 'NULL')) END FROM changed`,
      `), '${SKIPPED_PREFIX}the table has no rows to update, or there are no users') AS "found"`,
    ].join('\n'),
    expected: 'the user',
    mode: 'transaction',
    writes: { schema: target.schema, table: target.table },
  }
}
