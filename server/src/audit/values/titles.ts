import { quoteIdentifier } from '../../database/quote'

/** `Lead`, `crm.Lead`, `"my table"`: a table in a title, quoted only if necessary, and without `public`. */
export function titleOfTable({ schema, table }: { readonly schema: string; readonly table: string }): string {
  return schema === 'public' || schema === '' ? titleOfName(table) : `${titleOfName(schema)}.${titleOfName(table)}`
}

/** The same for a table of the catalog. */
export function titleOfRelation({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return titleOfTable({ schema, table: name })
}

/** `Lead.ownerId`. */
export function titleOfColumn(place: {
  readonly schema: string
  readonly table: string
  readonly column: string
}): string {
  return titleOfColumns(place, [place.column])
}

/** `Lead.ownerId`, `Lead (tenant, id)`. */
export function titleOfColumns(
  place: { readonly schema: string; readonly table: string },
  columns: readonly string[],
): string {
  const names = columns.map(titleOfName)
  return names.length === 1 ? `${titleOfTable(place)}.${names.join()}` : `${titleOfTable(place)} (${names.join(', ')})`
}

export function titleOfName(name: string): string {
  return /^[\p{L}_][\p{L}\p{N}_$]*$/u.test(name) ? name : quoteIdentifier(name)
}
