/** Adds the lines of one `///` or block comment, without its marks, one leading space, and the stars of a framed one. */
export function addDocumentation(lines: string[], comment: string): void {
  if (comment.startsWith('///')) {
    lines.push(comment.slice(comment.startsWith('/// ') ? 4 : 3))
    return
  }
  const content = comment
    .slice(2, -2)
    .split(/\r\n|\n|\r/)
    .map((line) => line.replace(/^\s*\*+[ \t]?/, '').trim())
  const first = content.findIndex((line) => line !== '')
  const last = content.findLastIndex((line) => line !== '')
  if (first >= 0) for (const line of content.slice(first, last + 1)) lines.push(line)
}
