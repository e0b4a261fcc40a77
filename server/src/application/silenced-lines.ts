import { ignoreComments, type IgnoreComment } from '../audit-fields/ignore-comments'

/** By line (zero-based): the `@audit-ignore` comments of that line. */
export type SilencedLines = ReadonlyMap<number, readonly IgnoreComment[]>

/** The `// @audit-ignore updatedBy: why` comments of a text, in GraphQL with `#`. */
export function silencedLines(text: string): SilencedLines {
  if (!text.includes('@audit-ignore')) return new Map()
  const found = new Map<number, IgnoreComment[]>()
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    const comment = /(?:\/\/+|\/?\*+|#+)\s*(@audit-ignore.*?)(?:\*\/.*)?$/.exec(line)?.[1]
    const comments = comment === undefined ? [] : ignoreComments([comment])
    if (comments.length > 0) found.set(index, comments)
  }
  return found
}

/** Whether a comment silences the field on this line: on the line itself, or on the comment lines directly above it. */
export function isSilenced(silenced: SilencedLines, lines: readonly number[], auditField: string): boolean {
  return lines.some((line) =>
    [line, line - 1].some((each) =>
      (silenced.get(each) ?? []).some(({ names }) => names.has('*') || names.has(auditField)),
    ),
  )
}
