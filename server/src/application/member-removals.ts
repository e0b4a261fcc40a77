import { startOfTrailing } from '../text/trailing'

/** A member of a `{ … }`, by offsets, and all members there. */
export interface Member {
  readonly name: string
  readonly start: number
  readonly end: number
  readonly siblings: readonly { readonly start: number; readonly end: number }[]
  readonly position: number
}

export interface Removal {
  readonly start: number
  readonly end: number
}

/**
 * The ranges to delete, with the members' separators and lines that would become empty: the result is the text before
 * `appendMembers`. In order, without overlaps.
 */
export function memberRemovals(text: string, members: readonly Member[]): Removal[] {
  const removed = new Set(members.map(({ start }) => start))
  return members
    .flatMap((member) => {
      const { siblings, position } = member
      const cut = cutOf(text, member)
      const isLast = siblings.slice(position + 1).every(({ start }) => removed.has(start))
      const before = siblings.slice(0, position).findLast(({ start }) => !removed.has(start))
      const closing = separatorEnd(text, siblings.at(-1)?.end ?? member.end)
      // The first of the removed ones at the end: the separator before it was added with it, unless the last one has
      // one too.
      const isFirstOfLast = isLast && siblings[position - 1] === before
      if (!isFirstOfLast || before === undefined || closing !== null) return [cut]
      const separator = separatorEnd(text, before.end)
      return separator === null ? [cut] : [{ start: separator - 1, end: separator }, cut]
    })
    .sort((left, right) => left.start - right.start)
}

export function textWithout(text: string, removals: readonly Removal[]): string {
  let result = ''
  let from = 0
  for (const { start, end } of removals) {
    result += text.slice(from, start)
    from = end
  }
  return result + text.slice(from)
}

function cutOf(text: string, member: Member): Removal {
  const end = separatorEnd(text, member.end) ?? member.end
  const lines = isSpaced(text, member) ? /(?:(?:\r\n|\n|\r)[ \t]*){0,2}$/ : /(?:\r\n|\n|\r)?[ \t]*$/
  const around = text.slice(0, member.start)
  // Only there, because the expression would be tried at each of the text's characters.
  const before = lines.exec(around.slice(startOfTrailing(around, ' ', '\t', '\r', '\n')))?.[0] ?? ''
  const isAlone = /^[\r\n]/.test(before) && /^[ \t]*(?:[\r\n]|$)/.test(text.slice(end))
  // On a line with others, the space before it is removed, or the one after it if it is the first.
  if (isAlone || member.position > 0) return { start: member.start - (isAlone ? before : spaceOf(before)).length, end }
  return { start: member.start, end: end + spaceOf(/^[ \t]*/.exec(text.slice(end))?.[0] ?? '').length }
}

/** Blank lines between members, as between decorated ones, are removed with them. */
function isSpaced(text: string, { siblings, position }: Member): boolean {
  const [one, other] = siblings.slice(Math.max(0, position - 2), position)
  return one !== undefined && other !== undefined && /\n[ \t]*\r?\n/.test(text.slice(one.end, other.start))
}

function spaceOf(before: string): string {
  return before.replace(/^[\r\n]+/, '')
}

/**
 * The offset after a member's separator, which TypeScript counts as part of the member in a type; null if there is
 * none.
 */
function separatorEnd(text: string, end: number): number | null {
  if (/[,;]/.test(text[end - 1] ?? '')) return end
  const match = /^\s*[,;]/.exec(text.slice(end))
  return match === null ? null : end + match[0].length
}
