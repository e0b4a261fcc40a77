import { grouped } from '../../../text/amounts'
import { quoteIdentifier, quoteQualified } from '../../../database/quote'
import { valueOf } from '../../../database/text-of-values'
import type { Step } from '../../model'
import { RUNS_EACH_TIME, step } from '../../plan/steps/step'
import { titleOfColumn } from '../../plan/titles'
import type { PreservedColumn } from './preserved-columns'
import { PUT_BACK } from './restore-values-step'
import { isKeyValue, keyColumnOf, type KeyColumn } from './row-key'

export interface CountNullsParameters {
  readonly kept: Pick<PreservedColumn, 'id' | 'schema' | 'table' | 'column'>
  /** Their number. */
  readonly nulls: number
  /** The key of the rows. */
  readonly key: readonly KeyColumn[]
}

/**
 * After the fill, which skipped these rows: nothing in the table is written. Each NULL whose row exists is counted and
 * deleted, one batch per transaction; the rest stays preserved.
 */
export function countNullsStep({ kept: given, nulls, key: givenKey }: CountNullsParameters): Step {
  const { id, schema, table: name, column } = given
  const key = givenKey.map(keyColumnOf)
  const kept = { id, schema, table: name, column }
  const table = quoteQualified(schema, name)
  const mine = `column_id = ${id}`
  const sameRow = key.map((one, index) =>
    isKeyValue(`t.${quoteIdentifier(one.name)}`, valueOf(`(k.key)[${index + 1}]`, one.type), one),
  )
  return step({
    recipe: { builder: 'count-nulls', parameters: { kept, nulls, key } },
    id: `${PUT_BACK}${id}${NULLS}`,
    kind: 'put-back',
    title: `Check ${grouped(nulls)} preserved ${nulls === 1 ? 'NULL' : 'NULLs'} in ${titleOfColumn(kept)}`,
    schema,
    table: name,
    up: [],
    down: [],
    verify: RUNS_EACH_TIME,
    lock: { mode: 'ACCESS SHARE', tables: [table], duration: 'batches' },
    transaction: 'batches',
    batch: {
      keyColumns: key.map(({ name }) => quoteIdentifier(name)),
      column,
      value: null,
      isOneValue: false,
      size: 2000,
      start: `SELECT (SELECT ARRAY[(number - 1)::text] FROM prisma_audit_kept.kept_null WHERE ${mine} ORDER BY number LIMIT 1) AS "cursor"`,
      next: [
        'WITH page AS MATERIALIZED (',
        '  SELECT number, key FROM prisma_audit_kept.kept_null',
        `  WHERE ${mine} AND number > ($1::text[])[1]::bigint ORDER BY number LIMIT $2::bigint`,
        '), there AS MATERIALIZED (',
        `  SELECT k.number, t.${quoteIdentifier(column)} IS NULL AS is_null`,
        `  FROM page AS k JOIN ${table} AS t ON ${sameRow.join(' AND ')}`,
        '), removed AS (',
        `  DELETE FROM prisma_audit_kept.kept_null WHERE ${mine} AND number IN (SELECT number FROM there)`,
        '), counted AS (',
        '  SELECT (SELECT count(*) FROM page) AS page, (SELECT count(*) FROM there) AS there,',
        '    (SELECT count(*) FROM there WHERE is_null) AS left_null',
        '), noted AS (',
        '  UPDATE prisma_audit_kept.kept_column SET put_back = put_back + counted.left_null,',
        '    row_gone = row_gone + counted.page - counted.there, overtaken = overtaken + counted.there - counted.left_null',
        `  FROM counted WHERE kept_column.id = ${id}`,
        ')',
        'SELECT counted.left_null AS "filled",',
        '  CASE WHEN counted.page = $2::bigint THEN (SELECT ARRAY[max(number)::text] FROM page) END AS "cursor"',
        'FROM counted',
      ].join('\n'),
    },
    estimatedRows: nulls,
  })
}

/** The suffix of the identifiers of these steps. */
export const NULLS = ':nulls'
