/**
 * Patterns of model names: `*`, `?`, `[a-z]`, `[!a]`, `{A,B}`, and `\` to escape a character. Names are case-sensitive.
 * Policies come from repositories of others, so matching costs at most pattern × name for any pattern, which a regular
 * expression does not guarantee.
 */
export type NameMatcher = (name: string) => boolean

/** Null if the pattern is longer, or expands to more alternatives, than is tried. */
export function compileModelGlob(pattern: string): NameMatcher | null {
  if (pattern.length > LONGEST) return null
  if (isPlainName(pattern)) return (name) => name === pattern
  const alternatives = expandBraces(pattern, 0)
  if (alternatives === null) return null
  const compiled = alternatives.map(tokensOf)
  // A plain name matches itself, even with special characters.
  return (name) => name === pattern || compiled.some((tokens) => matchesTokens(tokens, name))
}

/** Whether the pattern names exactly one model. */
export function isPlainName(pattern: string): boolean {
  return !/[*?[\]{}\\]/.test(pattern)
}

/** In characters. A policy is validated as a whole: a pattern that is too long is compiled all the same. */
export const LONGEST = 300

const MOST_ALTERNATIVES = 100

/** Nested braces, as in `{A,{B,C}D}`. */
const DEEPEST = 8

function expandBraces(pattern: string, depth: number): string[] | null {
  const group = firstGroup(pattern)
  if (group === null) return [pattern]
  if (depth >= DEEPEST) return null
  const rest = expandBraces(pattern.slice(group.end), depth + 1)
  if (rest === null) return null
  const expanded: string[] = []
  for (const option of group.options) {
    const inner = expandBraces(option, depth + 1)
    if (inner === null || expanded.length + inner.length * rest.length > MOST_ALTERNATIVES) return null
    for (const text of inner) for (const tail of rest) expanded.push(pattern.slice(0, group.start) + text + tail)
  }
  return expanded
}

/** The first complete `{…,…}`. Braces without a comma are literal. */
function firstGroup(pattern: string): { start: number; end: number; options: string[] } | null {
  let start = -1
  let depth = 0
  let commas: number[] = []
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at]
    if (character === '\\') at++
    else if (character === '{') {
      if (depth++ === 0) {
        start = at
        commas = []
      }
    } else if (character === ',' && depth === 1) commas.push(at)
    else if (character === '}' && depth > 0 && --depth === 0 && commas.length > 0) {
      const ends = [...commas, at]
      const options = ends.map((end, index) => pattern.slice((ends[index - 1] ?? start) + 1, end))
      return { start, end: at + 1, options }
    }
  }
  return null
}

interface CharacterClass {
  readonly kind: 'class'
  readonly isNegated: boolean
  readonly ranges: readonly (readonly [string, string])[]
}

type Token =
  | { readonly kind: 'any text' | 'any character' }
  | { readonly kind: 'character'; readonly character: string }
  | CharacterClass

const ANY_TEXT: Token = { kind: 'any text' }
const ANY_CHARACTER: Token = { kind: 'any character' }

function tokensOf(pattern: string): Token[] {
  const characters = Array.from(pattern)
  const tokens: Token[] = []
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? ''
    if (character === '*') {
      if (tokens.at(-1) !== ANY_TEXT) tokens.push(ANY_TEXT)
    } else if (character === '?') tokens.push(ANY_CHARACTER)
    else if (character === '\\' && at + 1 < characters.length) tokens.push(itself(characters[++at] ?? ''))
    else if (character === '[') {
      const end = characters.indexOf(']', at + 2)
      // An unterminated one is literal.
      if (end === -1) tokens.push(itself(character))
      else {
        tokens.push(classOf(characters.slice(at + 1, end)))
        at = end
      }
    } else tokens.push(itself(character))
  }
  return tokens
}

function itself(character: string): Token {
  return { kind: 'character', character }
}

function classOf(characters: readonly string[]): CharacterClass {
  const isNegated = characters[0] === '!' || characters[0] === '^'
  const ranges: [string, string][] = []
  for (let at = isNegated ? 1 : 0; at < characters.length; at++) {
    const from = characters[at] ?? ''
    const to = characters[at + 1] === '-' ? characters[at + 2] : undefined
    ranges.push([from, to ?? from])
    if (to !== undefined) at += 2
  }
  return { kind: 'class', isNegated, ranges }
}

/** On a mismatch, only the last `*` takes one more character: what precedes it has matched as early as possible. */
function matchesTokens(tokens: readonly Token[], name: string): boolean {
  const characters = Array.from(name)
  let token = 0
  let at = 0
  let star = -1
  let starAt = 0
  while (at < characters.length) {
    const current = tokens[token]
    if (current === ANY_TEXT) {
      star = token++
      starAt = at
    } else if (current !== undefined && matchesOne(current, characters[at] ?? '')) {
      token++
      at++
    } else if (star !== -1) {
      token = star + 1
      at = ++starAt
    } else return false
  }
  return tokens.slice(token).every((rest) => rest === ANY_TEXT)
}

function matchesOne(token: Token, character: string): boolean {
  if (token.kind === 'character') return token.character === character
  if (token.kind !== 'class') return true
  return token.ranges.some(([from, to]) => from <= character && character <= to) !== token.isNegated
}
