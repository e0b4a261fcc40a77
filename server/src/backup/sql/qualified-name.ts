import { quoteIdentifier } from '../../database/quote'

/** Reads `public."User"` at a position, as PostgreSQL and pg_dump write it; null if there is no such name. */
export function parseQualifiedName(text: string, from = 0): { schema: string; name: string } | null {
  NAME.lastIndex = from
  const match = NAME.exec(text)
  if (match === null) return null
  const [, schema = '', name = ''] = match
  return { schema: unquote(schema), name: unquote(name) }
}

/** The normalized form for comparing names, because the rules for quoting differ between versions. */
export function canonicalName(name: string): string {
  if (!WHOLE_NAME.test(name)) return name
  return Array.from(name.matchAll(PART), ([part]) => quoteIdentifier(unquote(part))).join('.')
}

const WHOLE_NAME = /^(?:[^\s."(]+|"[^"]*(?:""[^"]*)*")(?:\.(?:[^\s."(]+|"[^"]*(?:""[^"]*)*"))*$/
const PART = /[^\s."(]+|"[^"]*(?:""[^"]*)*"/g

const NAME = /((?:[^\s."(]+)|"[^"]*(?:""[^"]*)*")\.((?:[^\s."(]+)|"[^"]*(?:""[^"]*)*")/y

function unquote(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name
}
