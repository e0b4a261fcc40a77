import type { Column } from '../../database/model'
import { quoteIdentifier, quoteLiteral } from '../../database/quote'
import { textOf, valueOf } from '../../database/text-of-values'
import type { Batch } from '../model'
import { typeOfReferences } from './column-type'
import { KEEP_UPDATED_AT } from './clock-function'
import { isNotSpared, type SparedNulls } from './spared-nulls'
import { doBlock, indented, SEE_ALL_ROWS } from './sql'

/**
 * The table, the column and the value; names are quoted except `columnName`. `alias` is the table's name without its
 * schema.
 */
export interface Walk {
  readonly table: string
  readonly alias: string
  readonly column: string
  /** Whether the alias must be written, because the table has another name. */
  readonly isAliased: boolean
  readonly columnName: string
  /** Of the column, as SQL. */
  readonly type: string
  /** A scalar expression in parentheses, which may use the row's columns. */
  readonly value: string
  /** True where the value does not depend on the row. */
  readonly isOneValue: boolean
  /** The rows that a run leaves NULL. A script has none: it runs where nothing was preserved. */
  readonly spared?: readonly SparedNulls[]
}

export interface Batches {
  /** The complete fill for psql, as one DO block that commits each batch. */
  readonly script: string
  readonly batch: Batch
}

/** All rows at once, where they are few. */
export function wholeFill(walk: Walk): string {
  const keep = (value: string) =>
    `  PERFORM pg_catalog.set_config(${quoteLiteral(KEEP_UPDATED_AT)}, ${quoteLiteral(value)}, true);`
  return doBlock(
    [
      'BEGIN',
      `  ${SEE_ALL_ROWS}`,
      keep('on'),
      `  UPDATE ${updated(walk)} SET ${walk.column} = ${indented(walk.value, '  ')} WHERE ${walk.column} IS NULL;`,
      keep(''),
      'END',
    ].join('\n'),
  )
}

function spare({ alias, spared = [] }: Walk): string[] {
  return spared.map((nulls) => isNotSpared(alias, nulls))
}

function updated({ table, alias, isAliased }: Walk): string {
  return isAliased ? `${table} AS ${alias}` : table
}

/** Small enough that a writer hardly waits for one of the rows, large enough to be fast. */
const ROWS = 2000

/** About as many rows, at about sixty per block. */
const BLOCKS = 32

/**
 * Walks the primary key in ascending order. Each batch starts at the last key of the previous one, which now has a
 * value (or is skipped again), and the first one with fewer rows than its limit is the last.
 */
export function keyBatches(walk: Walk, key: readonly Column[]): Batches {
  const columns = key.map((column) => quoteIdentifier(column.name))
  // A domain's checks would run for each bound.
  const types = key.map((column) => typeOfReferences(column).sql)
  const list = columns.join(', ')
  const reaches = (bounds: readonly string[]) => `(${list}) OPERATOR(pg_catalog.>=) (${bounds.join(', ')})`
  const aliases = columns.map((_, index) => `prisma_audit_key_${index + 1}`)
  const variables = columns.map((_, index) => `prisma_audit_from_${index + 1}`)
  const fill = (bounds: readonly string[]) =>
    [
      'WITH prisma_audit_batch AS MATERIALIZED (',
      `  SELECT ${columns.map((column, index) => `${column} AS ${aliases[index] ?? ''}`).join(', ')}`,
      `  FROM ${walk.table}`,
      `  WHERE ${walk.column} IS NULL AND ${reaches(bounds)}`,
      `  ORDER BY ${list} LIMIT ${ROWS} FOR NO KEY UPDATE`,
      '), prisma_audit_filled AS (',
      `  UPDATE ${updated(walk)} SET ${walk.column} = ${walk.value}`,
      '  FROM prisma_audit_batch',
      `  WHERE ${columns.map((column, index) => `${walk.alias}.${column} OPERATOR(pg_catalog.=) ${aliases[index] ?? ''}`).join(' AND ')}`,
      `  RETURNING ${walk.alias}.${walk.column}`,
      '), prisma_audit_last AS (',
      `  SELECT * FROM prisma_audit_batch ORDER BY ${aliases.map((alias) => `${alias} DESC`).join(', ')} LIMIT 1`,
      ')',
    ].join('\n')
  const count = 'SELECT pg_catalog.count(*) FROM prisma_audit_batch'
  const script = doBlock(
    [
      'DECLARE',
      ...key.map((_, index) => `  ${variables[index] ?? ''} ${types[index] ?? ''};`),
      '  prisma_audit_rows bigint;',
      'BEGIN',
      `  ${SEE_ALL_ROWS}`,
      `  SELECT ${list} INTO ${variables.join(', ')}`,
      `  FROM ${walk.table} WHERE ${walk.column} IS NULL ORDER BY ${list} LIMIT 1;`,
      '  LOOP',
      `    PERFORM pg_catalog.set_config(${quoteLiteral(KEEP_UPDATED_AT)}, 'on', true);`,
      `    ${SEE_ALL_ROWS}`,
      `    ${indented(fill(variables), '    ')}`,
      `    SELECT (${count}), ${aliases.map((alias) => `(SELECT ${alias} FROM prisma_audit_last)`).join(', ')}`,
      `    INTO prisma_audit_rows, ${variables.join(', ')};`,
      '    COMMIT;',
      `    EXIT WHEN prisma_audit_rows < ${ROWS};`,
      '  END LOOP;',
      'END',
    ].join('\n'),
  )
  const bounds = types.map((type, index) => valueOf(`($1::pg_catalog.text[])[${index + 1}]`, type))
  const cursor = (parts: readonly string[]) =>
    `ARRAY[${parts.map((part, index) => textOf(part, types[index] ?? '')).join(', ')}]`
  return {
    script,
    batch: {
      keyColumns: columns,
      column: walk.columnName,
      value: walk.value,
      isOneValue: walk.isOneValue,
      size: ROWS,
      start: [
        `SELECT (SELECT ${cursor(columns)} FROM ${walk.table}`,
        `WHERE ${walk.column} IS NULL ORDER BY ${list} LIMIT 1) AS "cursor"`,
      ].join('\n'),
      // Uses a key range instead of locking a list of rows and finding them again, which takes twice the time.
      next: [
        'WITH prisma_audit_page AS MATERIALIZED (',
        `  SELECT ${columns.map((column, index) => `${column} AS ${aliases[index] ?? ''}`).join(', ')}`,
        `  FROM ${walk.table} WHERE ${reaches(bounds)} ORDER BY ${list} LIMIT $2::bigint`,
        '), prisma_audit_last AS MATERIALIZED (',
        `  SELECT * FROM prisma_audit_page ORDER BY ${aliases.map((alias) => `${alias} DESC`).join(', ')} LIMIT 1`,
        '), prisma_audit_filled AS (',
        `  UPDATE ${updated(walk)} SET ${walk.column} = ${walk.value}`,
        `  WHERE ${[`${walk.column} IS NULL`, ...spare(walk), reaches(bounds)].join(' AND ')}`,
        `    AND (${list}) OPERATOR(pg_catalog.<=) (SELECT ${aliases.join(', ')} FROM prisma_audit_last)`,
        `  RETURNING ${walk.alias}.${walk.column}`,
        ')',
        'SELECT (SELECT pg_catalog.count(*) FROM prisma_audit_filled) AS "filled",',
        ...(walk.isOneValue
          ? [`  (SELECT pg_catalog.min(${textOf(walk.column, walk.type)}) FROM prisma_audit_filled) AS "value",`]
          : []),
        `  CASE WHEN (SELECT pg_catalog.count(*) FROM prisma_audit_page) = $2::bigint`,
        `    THEN (SELECT ${cursor(aliases)} FROM prisma_audit_last) END AS "cursor"`,
      ].join('\n'),
    },
  }
}

/**
 * Walks the table's blocks, for a table without a primary key. A filled row moves to a later block, where it is
 * recognized as filled.
 */
export function blockBatches(walk: Walk): Batches {
  const lastBlock = `pg_catalog.pg_relation_size(${quoteLiteral(walk.table)}::pg_catalog.regclass) / pg_catalog.current_setting('block_size')::bigint`
  const fill = (block: string, blocks: string, spared: readonly string[] = []) =>
    [
      `UPDATE ${updated(walk)} SET ${walk.column} = ${walk.value}`,
      `WHERE ${[`${walk.column} IS NULL`, ...spared].join(' AND ')}`,
      `  AND ctid >= pg_catalog.format('(%s,0)', ${block})::pg_catalog.tid AND ctid < pg_catalog.format('(%s,0)', ${block} + ${blocks})::pg_catalog.tid`,
    ].join('\n')
  const script = doBlock(
    [
      'DECLARE',
      '  prisma_audit_block bigint := 0;',
      'BEGIN',
      `  WHILE prisma_audit_block <= ${lastBlock} LOOP`,
      `    PERFORM pg_catalog.set_config(${quoteLiteral(KEEP_UPDATED_AT)}, 'on', true);`,
      `    ${SEE_ALL_ROWS}`,
      `    ${indented(fill('prisma_audit_block', String(BLOCKS)), '    ')};`,
      '    COMMIT;',
      `    prisma_audit_block := prisma_audit_block + ${BLOCKS};`,
      '  END LOOP;',
      'END',
    ].join('\n'),
  )
  const from = '($1::pg_catalog.text[])[1]::bigint'
  return {
    script,
    batch: {
      keyColumns: [],
      column: walk.columnName,
      value: walk.value,
      isOneValue: walk.isOneValue,
      size: BLOCKS,
      start: `SELECT ARRAY['0'] AS "cursor"`,
      next: [
        'WITH prisma_audit_filled AS (',
        `  ${indented(fill(from, '$2::bigint', spare(walk)), '  ')}`,
        `  RETURNING ${walk.alias}.${walk.column}`,
        ')',
        'SELECT pg_catalog.count(*) AS "filled",',
        ...(walk.isOneValue ? [`  pg_catalog.min(${textOf(walk.column, walk.type)}) AS "value",`] : []),
        `  CASE WHEN ${from} + $2::bigint <= ${lastBlock} THEN ARRAY[(${from} + $2::bigint)::pg_catalog.text] END AS "cursor"`,
        'FROM prisma_audit_filled',
      ].join('\n'),
    },
  }
}
