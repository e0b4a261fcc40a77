/**
 * Where the repetitions of these parts at the end of a text start; the length of the text if it ends with none of them.
 * A regular expression such as `/=+$/` would start again at each of them wherever they are in the text, which takes the
 * square of their number.
 */
export function startOfTrailing(text: string, ...parts: readonly string[]): number {
  let start = text.length
  for (;;) {
    const part = parts.find((candidate) => text.startsWith(candidate, start - candidate.length))
    if (part === undefined || part.length > start) return start
    start -= part.length
  }
}

/** A text without the repetitions of these parts at its end. */
export function withoutTrailing(text: string, ...parts: readonly string[]): string {
  return text.slice(0, startOfTrailing(text, ...parts))
}
