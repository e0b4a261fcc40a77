import type { ApplicationEdit } from '../application/model'
import type { TextEdit } from '../schema/edits/text-edit'

/**
 * Adds a comment on its own line above the place. In a template literal of code, a GraphQL comment begins after the
 * backtick.
 */
export function silencing(
  text: string,
  { file, place, kind }: Pick<ApplicationEdit, 'file' | 'place' | 'kind'>,
): TextEdit {
  const { line, character } = place.start
  const before = text.split(/\r\n|\n|\r/)[line]?.slice(0, character) ?? ''
  const start = { line, character: kind === 'graphql' ? Math.max(before.search(/type\s+$/), 0) : 0 }
  const indent = start.character === 0 ? (/^[ \t]*/.exec(before)?.[0] ?? '') : ''
  const eol = text.includes('\r\n') ? '\r\n' : '\n'
  const newText = `${indent}${kind === 'graphql' ? '#' : '//'} @audit-ignore${eol}`
  return { file, range: { start, end: start }, newText }
}
