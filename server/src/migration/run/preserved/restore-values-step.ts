import { grouped } from '../../../text/amounts'
import { quoteIdentifier, quoteQualified } from '../../../database/quote'
import { textOf, valueOf } from '../../../database/text-of-values'
import { RUNS_EACH_TIME, step } from '../../plan/steps/step'
import type { Step, TableName } from '../../model'
import { addedValues } from './added-values'
import type { PreservedColumn } from './preserved-columns'
import { isKeyValue, keyColumnOf, type KeyColumn } from './row-key'
import { titleOfColumn } from '../../plan/titles'

export interface RestoreValuesParameters {
  readonly kept: Pick<PreservedColumn, 'id' | 'schema' | 'table' | 'column'> & {
    /** The column to restore. */
    readonly type: string
  }
  /** Their number. */
  readonly values: number
  /** The key of the rows. */
  readonly key: readonly KeyColumn[]
  /** The key that the values reference; null if it no longer exists. */
  readonly user: (TableName & { readonly key: KeyColumn | null }) | null
  /**
   * Rows of `kept_column` that were preserved later with the same key: if one of them has NULL, the value is outdated.
   */
  readonly newer?: readonly string[]
}

/** The prefix of the identifiers of these steps. */
export const PUT_BACK = 'put-back:'

/**
 * Each batch removes what it restores from the side table, in the same transaction, so it can be interrupted at any
 * time. Values without a row or a user stay there.
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
  const key = givenKey.map(keyColumnOf)
  const table = quoteQualified(kept.schema, kept.table)
  const alias = quoteIdentifier(kept.table)
  const column = quoteIdentifier(kept.column)
  const mine = `column_id = ${kept.id}`
  const sameRow = key
    .map((one, index) =>
      isKeyValue(`${alias}.${quoteIdentifier(one.name)}`, valueOf(`(k.key)[${index + 1}]`, one.type), one),
    )
    .join(' AND ')
  return step({
    recipe: { builder: 'put-back', parameters: { kept, values, key, user, ...(newer.length === 0 ? {} : { newer }) } },
    id: `${PUT_BACK}${kept.id}`,
    kind: 'put-back',
    title: `Restore ${grouped(values)} preserved values to ${titleOfColumn(kept)}`,
    schema: kept.schema,
    table: kept.table,
    up: [],
    // On a rollback, the values are dropped with the column, and preserved again.
    down: [],
    verify: RUNS_EACH_TIME,
    lock: { mode: 'ROW EXCLUSIVE', tables: [table], duration: 'row-batches' },
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
        // Read once: within the condition it seems costly for each row, and the planner reads the whole table for each
        // batch.
        '), added AS MATERIALIZED (',
        `  ${addedValues(kept)}`,
        '), filled AS (',
        `  UPDATE ${table} SET ${column} = ${valueOf('k.value', kept.type)}`,
        `  FROM known AS k WHERE ${sameRow}`,
        `    AND (${alias}.${column} IS NULL OR ${textOf(`${alias}.${column}`, kept.type, 'text')} IN (SELECT value FROM added))`,
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
  const since = `SELECT FROM prisma_audit_kept.kept_null AS n WHERE n.column_id IN (${newer.join(', ')}) AND n.key OPERATOR(pg_catalog.=) k.key`
  return [`    AND NOT EXISTS (${since})`]
}

/** The UPDATE checks the foreign key again; if a user is deleted at this moment, the batch is retried. */
function userStillExists(user: RestoreValuesParameters['user']): string {
  if (user === null) return ''
  if (user.key === null) return ' WHERE false'
  const { schema, table, key } = user
  return ` WHERE EXISTS (SELECT FROM ${quoteQualified(schema, table)} AS u WHERE ${isKeyValue(`u.${quoteIdentifier(key.name)}`, valueOf('k.value', key.type), key)})`
}
