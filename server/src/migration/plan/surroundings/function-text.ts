import { nextToken } from '../../../text/sql-tokens'

/** A token of a function's text. Words are folded to lower case, names are without their quotes. */
export interface Word {
  readonly text: string
  /** The number of parentheses around it. */
  readonly depth: number
}

/** A SELECT, a PERFORM or a RETURNING clause. Positions are those of the words that were searched. */
export interface ResultList {
  /** Of its keyword. */
  readonly at: number
  readonly depth: number
  readonly items: readonly (readonly string[])[]
  /** Of the first word behind the items. */
  readonly listEnd: number
  /** Of the first word behind the whole SELECT: UNION, a parenthesis, a semicolon. */
  readonly end: number
}

/** Without comments. */
export function wordsOf(source: string): Word[] {
  const words: Word[] = []
  let depth = 0
  for (let token = nextToken(source, 0); token !== null; token = nextToken(source, token.end)) {
    const { kind, text } = token
    if (kind === 'comment') continue
    if (text === ')') depth--
    const name = kind === 'name' ? text.slice(1, -1).replaceAll('""', '"') : text
    words.push({ text: kind === 'word' ? text.toLowerCase() : name, depth })
    if (text === '(') depth++
  }
  return words
}

/** The result lists of all queries in the words, in their order; without those that nest too deeply to be anyone's. */
export function resultLists(words: readonly Word[]): ResultList[] {
  return words.flatMap(({ text, depth }, at) => {
    if (!QUERIES.has(text) || depth > DEEPEST) return []
    const until = (from: number, ends: ReadonlySet<string>) =>
      positionOf(words, from, (word) => word.depth < depth || (word.depth === depth && ends.has(word.text)))
    const start = afterDistinct(words, at + 1)
    const listEnd = until(start, LIST_ENDS)
    const end = until(start, QUERY_ENDS)
    return [{ at, depth, items: itemsOf(words.slice(start, listEnd), depth), listEnd, end }]
  })
}

const QUERIES: ReadonlySet<string> = new Set(['select', 'perform', 'returning'])

/** So that the text of a hostile function takes a time that grows with its length. */
const DEEPEST = 20

/** Of the first word from there on that matches; behind the last word if there is none. */
export function positionOf(words: readonly Word[], from: number, matches: (word: Word) => boolean): number {
  for (let at = from; at < words.length; at++) {
    const word = words[at]
    if (word !== undefined && matches(word)) return at
  }
  return words.length
}

/** Whether it is `*`, `t.*`, `(t).*` or `t.*::t`; null if not, else what stands before the period. */
export function starOf(item: readonly string[]): { readonly of: string | null } | null {
  const star = item.findIndex((text, at) => text === '*' && (at === 0 || item[at - 1] === '.'))
  if (star === -1) return null
  const before = item.slice(0, Math.max(0, star - 1))
  return { of: before.findLast((text) => text !== ')') ?? null }
}

/** The names by which the query of a result list reads a table: its own, or its aliases; empty if it does not. */
export function namesOf(
  table: string,
  words: readonly Word[],
  { depth, listEnd, end }: Pick<ResultList, 'depth' | 'listEnd' | 'end'>,
): string[] {
  return words.slice(listEnd, end).flatMap((word, position) => {
    const at = listEnd + position
    if (word.text !== table || word.depth !== depth || !BEFORE_RELATION.has(words[at - 1]?.text ?? '')) return []
    const next = words[at + 1]?.text === 'as' ? words[at + 2] : words[at + 1]
    const isAlias = next?.depth === depth && /^[\p{L}_]/u.test(next.text) && !BEHIND_RELATION.has(next.text)
    return [isAlias ? next.text : table]
  })
}

function afterDistinct(words: readonly Word[], from: number): number {
  const [first, second] = words.slice(from, from + 2)
  if (first?.text === 'all') return from + 1
  if (first?.text !== 'distinct') return from
  if (second?.text !== 'on') return from + 1
  return positionOf(words, from + 2, ({ text, depth }) => text === ')' && depth === first.depth) + 1
}

function itemsOf(words: readonly Word[], depth: number): string[][] {
  const items: string[][] = [[]]
  for (const word of words) {
    if (word.text === ',' && word.depth === depth) items.push([])
    else items.at(-1)?.push(word.text)
  }
  return items
}

/** Operators that need the same number of columns on both sides. */
export const COMBINES: ReadonlySet<string> = new Set(['union', 'intersect', 'except'])

const QUERY_ENDS: ReadonlySet<string> = new Set([...COMBINES, 'select', ';', 'loop'])

const LIST_ENDS: ReadonlySet<string> = new Set([
  ...QUERY_ENDS,
  ...['from', 'into', 'where', 'group', 'having', 'window', 'order', 'limit', 'offset', 'fetch', 'for'],
])

const BEFORE_RELATION: ReadonlySet<string> = new Set(['from', 'join', ',', 'only', '.'])

const BEHIND_RELATION: ReadonlySet<string> = new Set([
  ...LIST_ENDS,
  ...['join', 'inner', 'left', 'right', 'full', 'cross', 'natural', 'on', 'using', 'tablesample', 'returning'],
])
