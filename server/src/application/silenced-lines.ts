import { ignoreComments, type IgnoreComment } from '../audit-fields/ignore-comments'

/** By line (zero-based): the `@audit-ignore` comments of that line. */
export type SilencedLines = ReadonlyMap<number, readonly IgnoreComment[]>

/** The `// @audit-ignore updatedBy: why` comments of a text, in GraphQL with `#`. */
export function silencedLines(text: string): SilencedLines {
  if (!text.includes(IGNORE)) return new Map()
  const found = new Map<number, IgnoreComment[]>()
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    const comment = commentIn(line)
    const comments = comment === null ? [] : ignoreComments([comment])
    if (comments.length > 0) found.set(index, comments)
  }
  return found
}

/** From the first `@audit-ignore` that begins a comment to the end of that comment. */
function commentIn(line: string): string | null {
  for (let at = line.indexOf(IGNORE); at >= 0; at = line.indexOf(IGNORE, at + 1)) {
    const before = line.slice(0, at).trimEnd()
    if (!COMMENT_MARKS.some((mark) => before.endsWith(mark))) continue
    const end = line.indexOf('*/', at)
    return line.slice(at, end === -1 ? undefined : end)
  }
  return null
}

const IGNORE = '@audit-ignore'

const COMMENT_MARKS = ['//', '*', '#']

/** Whether a comment silences the field on this line: on the line itself, or on the comment lines directly above it. */
export function isSilenced(silenced: SilencedLines, lines: readonly number[], auditField: string): boolean {
  return lines.some((line) =>
    [line, line - 1].some((each) =>
      (silenced.get(each) ?? []).some(({ names }) => names.has('*') || names.has(auditField)),
    ),
  )
}
