import { isDeepStrictEqual } from 'node:util'
import type { ExpectationPolicy } from '../audit-fields/application-policy'
import { phrase, type Phrase } from '../text/phrase'

/**
 * Describes each unmet expectation; empty if the answer meets all. A path goes through every element of an array: each
 * must have it, or one of them must have the expected value. A path that ends early at null is met, because an audit
 * field may be empty. `hide` removes secrets from values, before they are cut.
 */
export function unmetExpectations(
  answer: unknown,
  expectations: readonly ExpectationPolicy[],
  hide: (text: string) => string = (text) => text,
): Phrase[] {
  const inShort = (value: unknown): string => cut(hide(asJson(value)))
  return expectations.flatMap((expectation) => {
    const found = valuesAt(answer, expectation.path.split('.'))
    if (found === 'no elements') return [phrase`${expectation.path}: the response has no records`]
    if ('equals' in expectation) {
      if (found.some((value) => value !== ABSENT && isDeepStrictEqual(value, expectation.equals))) return []
      const seen = found.filter((value) => value !== ABSENT)
      const shown = seen.length === 0 ? phrase`nothing` : seen.slice(0, SHOWN).map(inShort)
      return [phrase`${expectation.path}: expected ${inShort(expectation.equals)}, found ${shown}`]
    }
    const absent = found.filter((value) => value === ABSENT).length
    if (absent === 0) return []
    if (found.length === 1) return [phrase`${expectation.path}: missing`]
    return [phrase`${expectation.path}: missing in ${absent} of ${found.length}`]
  })
}

/** Marks a missing value; null and undefined in an answer are values. */
const ABSENT = Symbol('absent')

const SHOWN = 3

function valuesAt(value: unknown, path: readonly string[]): unknown[] | 'no elements' {
  const [name, ...rest] = path
  if (name === undefined || value === null) return [value]
  if (Array.isArray(value)) {
    if (/^\d+$/.test(name)) return Number(name) < value.length ? valuesAt(value[Number(name)], rest) : [ABSENT]
    const parts = value.map((element) => valuesAt(element, path))
    const found = parts.flatMap((part) => (part === 'no elements' ? [] : part))
    return found.length === 0 ? 'no elements' : found
  }
  if (typeof value !== 'object' || !Object.hasOwn(value, name)) return [ABSENT]
  return valuesAt((value as Readonly<Record<string, unknown>>)[name], rest)
}

function asJson(value: unknown): string {
  // `undefined` has no JSON.
  return value === undefined ? 'nothing' : JSON.stringify(value)
}

function cut(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text
}
