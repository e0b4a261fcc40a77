import { quoteIdentifier, quoteLiteral, quoteQualified } from '../../database/quote'
import type { ColumnType } from './audit-target'

/** `"public"."User"`. */
export function tableName(target: { readonly schema: string; readonly table: string }): string {
  return quoteQualified(target.schema, target.table)
}

/** `"a", "b"`. */
export function quotedList(names: readonly string[]): string {
  return names.map(quoteIdentifier).join(', ')
}

/** The type's own operator, which another operator of the same name cannot replace. */
export function operator(name: '=' | '>', type: Pick<ColumnType, 'operatorSchema'> | null): string {
  const schema = type?.operatorSchema
  return `OPERATOR(${schema === undefined ? 'pg_catalog' : quoteIdentifier(schema)}.${name})`
}

/** A DO block whose tag does not occur in its body, regardless of the names in it. */
export function doBlock(body: string): string {
  const quote = dollarQuote(body)
  return `DO ${quote}\n${body}\n${quote}`
}

/** For a statement without IF EXISTS: runs only if the column exists, so that it can be run twice. */
export function whenColumnExists(
  target: { readonly schema: string; readonly table: string; readonly column: string },
  statement: string,
): string {
  return doBlock(
    [
      'BEGIN',
      '  IF EXISTS (',
      '    SELECT FROM pg_catalog.pg_attribute',
      `    WHERE attrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(${quoteLiteral(tableName(target))})`,
      `      AND attname = ${quoteLiteral(target.column)} AND NOT attisdropped`,
      '  ) THEN',
      `    ${statement};`,
      '  END IF;',
      'END',
    ].join('\n'),
  )
}

/** In PL/pgSQL, for the transaction: PostgreSQL rejects a query from which row-level security would hide rows. */
export const SEE_ALL_ROWS = `PERFORM pg_catalog.set_config('row_security', 'off', true);`

/** Indents SQL of several lines, except quoted text: a name may contain a line break. */
export function indented(sql: string, spaces: string): string {
  return sql.replace(/"[^"]*"|'[^']*'|\n/g, (part) => (part === '\n' ? `\n${spaces}` : part))
}

/** `$block$`, or the first of `$block1$`, `$block2$` … that the text does not contain. */
export function dollarQuote(text: string, word = 'block'): string {
  let quote = `$${word}$`
  for (let number = 1; text.includes(quote); number++) quote = `$${word}${number}$`
  return quote
}
