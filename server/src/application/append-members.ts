/** A `{ … }` in the source, by offsets. */
export interface Braces {
  /** Of the opening brace. */
  readonly start: number
  /** After the closing brace. */
  readonly end: number
  /** The last member, without the separator after it. */
  readonly last: { readonly start: number; readonly end: number }
}

/** The style of new members, so that they match the existing ones. */
export interface Layout {
  readonly eol: string
  /** The indent of a member on its own line; null if the members share a line. */
  readonly indent: string | null
  /** The indent of one level. */
  readonly indentUnit: string
  /** Whether there is a separator after the last member. */
  readonly hasTrailingSeparator: boolean
}

/** Longer lines are wrapped, as Prettier does by default. */
export const LINE_LENGTH = 80

export function layoutOf(text: string, braces: Braces): Layout {
  const indent = indentBefore(text, braces.last.start)
  const outer = /^[ \t]*/.exec(text.slice(lineStart(text, braces.start)))?.[0] ?? ''
  const unit = indent?.startsWith(outer) === true ? indent.slice(outer.length) : ''
  return {
    eol: text.charAt(text.indexOf('\n') - 1) === '\r' ? '\r\n' : '\n',
    indent,
    indentUnit: unit === '' ? '  ' : unit,
    hasTrailingSeparator: separatorEnd(text, braces) !== null,
  }
}

/** The edit that adds members after the last one. `separator` is empty if only line breaks separate the members. */
export function appendMembers(
  text: string,
  braces: Braces,
  separator: '' | ',' | ';',
  members: readonly string[],
): { start: number; end: number; newText: string } {
  const { eol, indent } = layoutOf(text, braces)
  const behindSeparator = separatorEnd(text, braces)
  const closing = behindSeparator === null ? '' : separator
  if (indent === null) {
    const start = behindSeparator ?? braces.last.end
    const opening = behindSeparator === null ? separator : ''
    return { start, end: start, newText: `${opening} ${members.join(`${separator} `)}${closing}` }
  }
  const added = `${eol}${indent}${members.join(`${separator}${eol}${indent}`)}${closing}`
  const end = endOfLine(text, behindSeparator ?? braces.last.end, braces.end - 1)
  if (behindSeparator !== null) return { start: end, end, newText: added }
  // A comment after the last member stays with it; the separator goes before the comment.
  return { start: braces.last.end, end, newText: `${separator}${text.slice(braces.last.end, end)}${added}` }
}

/** The offset after the separator of the last member; null if it has none. */
function separatorEnd(text: string, braces: Braces): number | null {
  const offset = skipSpaceAndComments(text, braces.last.end, braces.end - 1)
  return text[offset] === ',' || text[offset] === ';' ? offset + 1 : null
}

function skipSpaceAndComments(text: string, start: number, limit: number): number {
  const pattern = /(?:\s+|(?:\/\/|#)[^\r\n]*|\/\*[\s\S]*?\*\/)*/y
  pattern.lastIndex = start
  const match = pattern.exec(text)
  return Math.min(start + (match?.[0].length ?? 0), limit)
}

/** The offset after the comments (`#` in GraphQL) on the rest of the line; `start` if anything else follows. */
function endOfLine(text: string, start: number, limit: number): number {
  const pattern = /(?:[ \t]|\/\*[^\r\n]*?\*\/)*(?:(?:\/\/|#)[^\r\n]*)?/y
  pattern.lastIndex = start
  const end = start + (pattern.exec(text)?.[0].length ?? 0)
  const isAtEnd = end < limit && (text[end] === '\n' || text[end] === '\r')
  return isAtEnd ? end - trailingSpace(text.slice(start, end)) : start
}

function trailingSpace(text: string): number {
  return text.length - text.trimEnd().length
}

function indentBefore(text: string, offset: number): string | null {
  const before = text.slice(lineStart(text, offset), offset)
  return /^[ \t]*$/.test(before) ? before : null
}

function lineStart(text: string, offset: number): number {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  // Only this line is searched: most files have none.
  return start + text.slice(start, offset).lastIndexOf('\r') + 1
}
