import type { DatabaseClient } from '../../../database/connect'
import { quoteIdentifier, quoteQualified } from '../../../database/quote'
import type { Step } from '../../model'
import { dropKeptTablesWhenEmpty, keptTablesExist } from './kept-tables'
import { addedValues } from './added-values'
import { isColumn, readKeptColumns, type KeptColumn } from './kept-columns'
import { readKeyColumns, type ColumnName, type KeyColumn } from './row-key'

/** What became of the values that were kept of one column. */
export interface PutBackResult extends ColumnName {
  readonly putBack: number
  /** No row has their key: it was deleted, or has another key now. They stay kept. */
  readonly rowGone: number
  /** The user that they name was deleted meanwhile. They stay kept. */
  readonly userGone: number
  /** Something newer had been written into the row already. */
  readonly overtaken: number
}

/**
 * The plan's steps, and among them one for each set of kept values that belongs into a column that they add: after the
 * column and its foreign key, before the step that fills what is still empty.
 */
export async function withPutBackSteps(client: DatabaseClient, steps: readonly Step[]): Promise<Step[]> {
  const result = [...steps]
  // The newest is put back first: the older ones fill what is left.
  for (const kept of (await readKeptColumns(client)).reverse()) {
    const isAdded = steps.some((step) => step.kind === 'add-column' && isColumn(kept, columnOf(step)))
    const key = await readKeyColumns(client, kept, kept.keyColumns)
    if (kept.state !== 'kept' || kept.values === 0 || !isAdded || key === null) continue
    result.splice(placeFor(kept, result), 0, await putBackStep(client, kept, key))
  }
  return result
}

/** What the put-back steps of a run came to; what has served is forgotten. To be called once the steps are done. */
export async function finishPutBack(client: DatabaseClient, steps: readonly Step[]): Promise<PutBackResult[]> {
  const ids = steps.flatMap((step) => (step.kind === 'put-back' ? [step.id.slice(ID_PREFIX.length)] : []))
  if (ids.length === 0 || !(await keptTablesExist(client))) return []
  const { rows } = await client.query<PutBackResult>(
    `SELECT schema_name AS schema, table_name AS "table", column_name AS "column", put_back::float8 AS "putBack",
       row_gone::float8 AS "rowGone", user_gone::float8 AS "userGone", overtaken::float8 AS overtaken
     FROM prisma_audit_kept.kept_column WHERE id::text = ANY ($1) ORDER BY kept_column.id`,
    [ids],
  )
  // What stays is counted anew the next time.
  await client.query(
    `UPDATE prisma_audit_kept.kept_column SET put_back = 0, row_gone = 0, user_gone = 0, overtaken = 0 WHERE id::text = ANY ($1)`,
    [ids],
  )
  await dropKeptTablesWhenEmpty(client)
  return rows
}

const ID_PREFIX = 'put-back:'

function placeFor(kept: KeptColumn, steps: readonly Step[]): number {
  const filling = steps.findIndex(
    (step) =>
      step.kind === 'populate' &&
      step.batch !== null &&
      isColumn(kept, { ...columnOf(step), column: step.batch.column }),
  )
  const last = steps.findLastIndex(
    (step) =>
      (step.kind === 'add-column' || step.kind === 'add-foreign-key') &&
      step.schema === kept.schema &&
      step.table === kept.table,
  )
  return filling === -1 ? last + 1 : filling
}

function columnOf(step: Step): ColumnName {
  return { schema: step.schema, table: step.table, column: step.object ?? '' }
}

/**
 * Each batch takes what it puts back out of the side table, in the same transaction, so it may break off at any moment. What
 * finds no row, or no user, stays there.
 */
async function putBackStep(client: DatabaseClient, kept: KeptColumn, key: readonly KeyColumn[]): Promise<Step> {
  const table = quoteQualified(kept.schema, kept.table)
  const alias = quoteIdentifier(kept.table)
  const column = quoteIdentifier(kept.column)
  const mine = `column_id = ${kept.id}`
  const sameRow = key
    .map(({ name, type }, index) => `${alias}.${quoteIdentifier(name)} = (k.key)[${index + 1}]::${type}`)
    .join(' AND ')
  return {
    id: `${ID_PREFIX}${kept.id}`,
    kind: 'put-back',
    title: `Put ${kept.values} kept values back into ${column} of ${table}`,
    schema: kept.schema,
    table: kept.table,
    object: null,
    leftovers: null,
    up: [],
    // The values go with the column, and are kept again.
    down: [],
    verify: [],
    lock: { mode: 'ROW EXCLUSIVE', tables: [table], duration: 'a batch at a time, its rows only' },
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
        `  SELECT k.* FROM page AS k${await userStillExists(client, kept)}`,
        '), there AS MATERIALIZED (',
        `  SELECT k.number, ${key.map((_, index) => `k.key[${index + 1}] AS key_${index + 1}`).join(', ')}`,
        `  FROM known AS k JOIN ${table} ON ${sameRow}`,
        '), filled AS (',
        `  UPDATE ${table} SET ${column} = k.value::${kept.type}`,
        `  FROM known AS k WHERE ${sameRow}`,
        `    AND (${alias}.${column} IS NULL OR ${alias}.${column}::text IN (${addedValues(kept)}))`,
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
    privileges: [{ action: 'own', name: table }],
    rewrites: false,
    scans: false,
    estimatedRows: kept.values,
  }
}

/** The foreign key is asked again by the UPDATE; a user who goes at this very moment makes the batch be tried again. */
async function userStillExists(client: DatabaseClient, { refersTo }: KeptColumn): Promise<string> {
  if (refersTo === null) return ''
  const [schema, table, column] = refersTo
  const [key] = (await readKeyColumns(client, { schema, table }, [column])) ?? []
  if (key === undefined) return ' WHERE false'
  const users = quoteQualified(schema, table)
  return ` WHERE EXISTS (SELECT FROM ${users} AS u WHERE u.${quoteIdentifier(column)} = k.value::${key.type})`
}
