import { quoteIdentifier, quoteLiteral } from '../../database/quote'

/**
 * SQL without the name of one schema before the names of its objects. Prisma sets `search_path` to the schema of the URL
 * and writes its own files so; they then serve whatever `?schema=` a teammate, a test or a tenant has.
 *
 * Inside a quoted name a quote is doubled, so the name of a schema and a point cannot be found there by accident.
 */
export function unqualify(sql: string, schema: string | null): string {
  if (schema === null) return sql
  const qualifier = `${quoteIdentifier(schema)}.`
  // As it stands in SQL, and within a literal.
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
