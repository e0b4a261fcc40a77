import { quoteIdentifier, quoteLiteral } from '../../../database/quote'
import { textOf } from '../../../database/text-of-values'
import { phrase } from '../../../text/phrase'
import type { HeldData } from '../../model'
import { doBlock, SEE_ALL_ROWS, tableName } from '../sql'

/** Set to `on` by a user who accepts the loss of values: `rollback --drop-data`, or `SET` before a down script. */
export const DROP_DATA = 'prisma_audit.drop_data'

/**
 * What a dropped table would lose, and the statement that drops it only if it is empty, which also protects a script
 * that is run manually.
 */
export function dropTableWhenEmpty(table: { readonly schema: string; readonly table: string }) {
  const name = tableName(table)
  const held: HeldData = { what: phrase`rows in ${name}`, count: `SELECT pg_catalog.count(*) AS "found" FROM ${name}` }
  const down = doBlock(
    [
      'BEGIN',
      `  IF pg_catalog.to_regclass(${quoteLiteral(name)}) IS NOT NULL THEN`,
      ...refuseWhile(`SELECT FROM ${name}`, `${name} has rows, which would be lost.`),
      `    DROP TABLE ${name};`,
      '  END IF;',
      'END',
    ].join('\n'),
  )
  return { held, down }
}

/**
 * As `dropTableWhenEmpty`, for a column. `filled` is the default that its rows got; null for none. Values are compared
 * as text, because some types (point, json, xml) have no equality.
 */
export function dropColumnWhenEmpty(
  place: { readonly schema: string; readonly table: string; readonly column: string },
  filled: { readonly value: string; readonly type: string } | null,
) {
  const table = tableName(place)
  const column = quoteIdentifier(place.column)
  const written =
    filled === null
      ? `${column} IS NOT NULL`
      : `${textOf(column, filled.type)} IS DISTINCT FROM ${textOf(`((${filled.value})::${filled.type})`, filled.type)}`
  const held: HeldData = {
    what: phrase`values in ${column} of ${table}`,
    count: `SELECT pg_catalog.count(*) AS "found" FROM ${table} WHERE ${written}`,
  }
  const down = doBlock(
    [
      'BEGIN',
      '  IF EXISTS (',
      '    SELECT FROM pg_catalog.pg_attribute',
      `    WHERE attrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(${quoteLiteral(table)})`,
      `      AND attname = ${quoteLiteral(place.column)} AND NOT attisdropped`,
      '  ) THEN',
      ...refuseWhile(`SELECT FROM ${table} WHERE ${written}`, `${column} of ${table} has values, which would be lost.`),
      `    ALTER TABLE ${table} DROP COLUMN ${column};`,
      '  END IF;',
      'END',
    ].join('\n'),
  )
  return { held, down }
}

function refuseWhile(query: string, message: string): string[] {
  const hint = `Save them first, or allow the loss with rollback --drop-data or SET ${DROP_DATA} = 'on'.`
  return [
    `    IF pg_catalog.current_setting('${DROP_DATA}', true) IS DISTINCT FROM 'on' THEN`,
    `      ${SEE_ALL_ROWS}`,
    `      IF EXISTS (${query}) THEN`,
    `        RAISE EXCEPTION USING MESSAGE = ${quoteLiteral(message)}, HINT = ${quoteLiteral(hint)};`,
    '      END IF;',
    '    END IF;',
  ]
}
