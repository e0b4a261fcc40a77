import { quoteIdentifier, quoteLiteral } from '../../database/quote'

/**
 * SQL without one schema's name as a qualifier. Prisma sets `search_path` to the schema of the URL and writes its files
 * this way; they then work for any `?schema=` of a teammate, a test or a tenant. Quotes are doubled inside a quoted
 * name, so a schema's name followed by a dot cannot occur there by accident.
 */
export function unqualify(sql: string, schema: string | null): string {
  if (schema === null) return sql
  const qualifier = `${quoteIdentifier(schema)}.`
  // In SQL, and within a literal.
  const forms = new Set([
    qualifier,
    quoteLiteral(qualifier)
      .trim()
      .replace(/^E?'|'$/g, ''),
  ])
  return [...forms].reduce(withoutQualifier, sql)
}

function withoutQualifier(sql: string, qualifier: string): string {
  let result = ''
  let rest = 0
  for (let found = sql.indexOf(qualifier); found !== -1; found = sql.indexOf(qualifier, found + 1)) {
    if (sql[found - 1] === '"') continue
    result += sql.slice(rest, found)
    rest = found + qualifier.length
  }
  return result + sql.slice(rest)
}
