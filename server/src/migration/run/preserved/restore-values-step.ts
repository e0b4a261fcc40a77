import { quoteIdentifier, quoteQualified } from '../../../database/quote'
import { step } from '../../plan/steps/step'
import type { Step } from '../../model'
import { addedValues } from './added-values'
import type { PreservedColumn } from './preserved-columns'
import type { KeyColumn, TableName } from './row-key'
import { titleOfColumn } from '../../plan/titles'

export interface RestoreValuesParameters {
  readonly kept: Pick<PreservedColumn, 'id' | 'schema' | 'table' | 'column'> & {
    /** Of the column that they are put back into. */
    readonly type: string
  }
  /** How many there are. */
  readonly values: number
  /** What the rows are told apart by. */
  readonly key: readonly KeyColumn[]
  /** What the values refer to; its key is null where it is gone. */
  readonly user: (TableName & { readonly key: KeyColumn | null }) | null
  /** Rows of `kept_column` that were preserved later, with the same key: where one says NULL, the value is overtaken. */
  readonly newer?: readonly string[]
}

/** The beginning of the identifiers of these steps. */
export const PUT_BACK = 'put-back:'

/**
 * Each batch takes what it puts back out of the side table, in the same transaction, so it may break off at any moment. What
 * finds no row, or no user, stays there.
 */
export function restoreValuesStep({
  kept: given,
  values,
  key: givenKey,
  user,
  newer = [],
}: RestoreValuesParameters): Step {
  const { id, schema, table: name, column: columnName, type } = given
  const kept = { id, schema, table: name, column: columnName, type }
  const key = givenKey.map(({ name: keyName, type: keyType }) => ({ name: keyName, type: keyType }))
  const table = quoteQualified(kept.schema, kept.table)
  const alias = quoteIdentifier(kept.table)
  const column = quoteIdentifier(kept.column)
  const mine = `column_id = ${kept.id}`
  const sameRow = key
    .map(({ name, type }, index) => `${alias}.${quoteIdentifier(name)} = (k.key)[${index + 1}]::${type}`)
    .join(' AND ')
  return step({
    recipe: { builder: 'put-back', parameters: { kept, values, key, user, ...(newer.length === 0 ? {} : { newer }) } },
    id: `${PUT_BACK}${kept.id}`,
    kind: 'put-back',
    title: `Restore ${values} preserved values to ${titleOfColumn(kept)}`,
    schema: kept.schema,
    table: kept.table,
    up: [],
    // The values go with the column, and are kept again.
    down: [],
    verify: [],
    lock: { mode: 'ROW EXCLUSIVE', tables: [table], duration: 'row locks, one batch at a time' },
    transaction: 'batches',
    batch: {
      keyColumns: key.map(({ name }) => quoteIdentifier(name)),
      column: kept.column,
      value: null,
      isOneValue: false,
      size: 2000,
      start: `SELECT (SELECT ARRAY[(number - 1)::text] FROM prisma_audit_kept.kept_value WHERE ${mine} ORDER BY number LIMIT 1) AS "cursor"`,
      next: [
        'WITH page AS MATERIALIZED (',
        '  SELECT number, key, value FROM prisma_audit_kept.kept_value',
        `  WHERE ${mine} AND number > ($1::text[])[1]::bigint ORDER BY number LIMIT $2::bigint`,
        '), known AS MATERIALIZED (',
        `  SELECT k.* FROM page AS k${userStillExists(user)}`,
        '), there AS MATERIALIZED (',
        `  SELECT k.number, ${key.map((_, index) => `k.key[${index + 1}] AS key_${index + 1}`).join(', ')}`,
        `  FROM known AS k JOIN ${table} ON ${sameRow}`,
        '), filled AS (',
        `  UPDATE ${table} SET ${column} = k.value::${kept.type}`,
        `  FROM known AS k WHERE ${sameRow}`,
        `    AND (${alias}.${column} IS NULL OR ${alias}.${column}::text IN (${addedValues(kept)}))`,
        ...newerNulls(newer),
        '  RETURNING k.number',
        '), removed AS (',
        `  DELETE FROM prisma_audit_kept.kept_value WHERE ${mine} AND number IN (SELECT number FROM there)`,
        '), counted AS (',
        '  SELECT (SELECT count(*) FROM page) AS page, (SELECT count(*) FROM known) AS known,',
        '    (SELECT count(*) FROM there) AS there, (SELECT count(*) FROM filled) AS filled',
        '), noted AS (',
        '  UPDATE prisma_audit_kept.kept_column SET put_back = put_back + counted.filled,',
        '    user_gone = user_gone + counted.page - counted.known, row_gone = row_gone + counted.known - counted.there,',
        '    overtaken = overtaken + counted.there - counted.filled',
        `  FROM counted WHERE kept_column.id = ${kept.id}`,
        ')',
        'SELECT counted.filled AS "filled",',
        '  CASE WHEN counted.page = $2::bigint THEN (SELECT ARRAY[max(number)::text] FROM page) END AS "cursor"',
        'FROM counted',
      ].join('\n'),
    },
    estimatedRows: values,
  })
}

function newerNulls(newer: readonly string[]): string[] {
  if (newer.length === 0) return []
  const since = `SELECT FROM prisma_audit_kept.kept_null AS n WHERE n.column_id IN (${newer.join(', ')}) AND n.key = k.key`
  return [`    AND NOT EXISTS (${since})`]
}

/** The foreign key is asked again by the UPDATE; a user who goes at this very moment makes the batch be tried again. */
function userStillExists(user: RestoreValuesParameters['user']): string {
  if (user === null) return ''
  if (user.key === null) return ' WHERE false'
  const { schema, table, key } = user
  return ` WHERE EXISTS (SELECT FROM ${quoteQualified(schema, table)} AS u WHERE u.${quoteIdentifier(key.name)} = k.value::${key.type})`
}
