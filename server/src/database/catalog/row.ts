/** One row of a catalog query: each value as the server's text, null for NULL. */
export type Row = readonly (string | null)[]

/** The text of a value that is never null. */
export function text(row: Row, position: number): string {
  return row[position] ?? ''
}

export function flag(row: Row, position: number): boolean {
  return row[position] === 't'
}

export function number(row: Row, position: number): number {
  return Number(row[position])
}

/** An `int2vector` or `oidvector` (`1 2`) or an array of them (`{1,2}`). There are thousands, mostly of one. */
export function numbers(row: Row, position: number): number[] {
  const written = row[position] ?? ''
  const value = written.startsWith('{') ? written.slice(1, -1) : written
  if (value === '') return []
  const separator = value.includes(',') ? ',' : ' '
  return value.includes(separator) ? value.split(separator).map(Number) : [Number(value)]
}

/** Compares names nearly like PostgreSQL in the C locale, and identically on every machine. */
export function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}

export function compareNames(left: { readonly name: string }, right: { readonly name: string }): number {
  return compareText(left.name, right.name)
}

export function compareQualified(
  left: { readonly schema: string; readonly name: string },
  right: { readonly schema: string; readonly name: string },
): number {
  return compareText(left.schema, right.schema) || compareNames(left, right)
}
