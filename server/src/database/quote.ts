/** Doubles inner quotes; always quotes, so that case, reserved words and spaces are safe. A name cannot contain NUL. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** `"public"."User"`. */
export function quoteQualified(schema: string, name: string): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`
}

/** A string constant with the same meaning for any `standard_conforming_strings`. */
export function quoteLiteral(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`
  return text.includes('\\') ? ` E${quoted.replaceAll('\\', '\\\\')}` : quoted
}

/** NAMEDATALEN - 1: the maximum bytes of a name in PostgreSQL. */
const LONGEST_NAME = 63

/**
 * The name that PostgreSQL truncates a longer one to: the first 63 bytes of its UTF-8, without a partial character
 * (`pg_mbcliplen`).
 */
export function cutName(name: string): string {
  // A UTF-16 code unit is at most three bytes of UTF-8.
  if (name.length * 3 <= LONGEST_NAME) return name
  const bytes = new TextEncoder().encode(name)
  if (bytes.length <= LONGEST_NAME) return name
  let end = LONGEST_NAME
  // A byte 10xxxxxx continues a character.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return new TextDecoder().decode(bytes.subarray(0, end))
}
