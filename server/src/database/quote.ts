/** Doubles quotes inside; always quotes, so that case, reserved words and spaces are safe. NUL cannot be in a name. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** `"public"."User"`. */
export function quoteQualified(schema: string, name: string): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`
}

/** A string constant that means the same whatever `standard_conforming_strings` says. */
export function quoteLiteral(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`
  return text.includes('\\') ? ` E${quoted.replaceAll('\\', '\\\\')}` : quoted
}

/** NAMEDATALEN - 1: the bytes of a name that PostgreSQL keeps. */
const LONGEST_NAME = 63

/**
 * The name that PostgreSQL makes of a longer one: the first 63 bytes of its UTF-8, less a character that would be cut in
 * two (`pg_mbcliplen`).
 */
export function cutName(name: string): string {
  const bytes = new TextEncoder().encode(name)
  if (bytes.length <= LONGEST_NAME) return name
  let end = LONGEST_NAME
  // A byte 10xxxxxx goes on with a character that began before it.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return new TextDecoder().decode(bytes.subarray(0, end))
}
