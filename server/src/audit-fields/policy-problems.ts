import { findNodeAtLocation, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser'
import type { core } from 'zod'
import { closestName } from '../text/closest-name'
import { fixedPhrase, inPlainEnglish, phrase, type Phrase } from '../text/phrase'

/** Something that makes a policy invalid. */
export interface PolicyProblem {
  readonly message: string
  /** The message as a phrase, for an editor in another language. */
  readonly phrase: Phrase
  /** Where in the file's value: `['rules', 0, 'require']`; empty for the whole. */
  readonly path: readonly (string | number)[]
  /** Where in the text, in UTF-16 code units. */
  readonly offset: number
}

export function policyProblem(said: Phrase, path: PolicyProblem['path'] = [], offset = 0): PolicyProblem {
  return { message: inPlainEnglish(said), phrase: said, path, offset }
}

export function tooDeepProblem(deepest: number): PolicyProblem {
  return policyProblem(phrase`The policy is not valid: its brackets nest deeper than ${deepest} levels.`)
}

/** The first error of the JSON; undefined for an empty text. */
export function syntaxProblem(error: ParseError | undefined): PolicyProblem {
  const what = error === undefined ? phrase`it is empty` : SYNTAX_ERRORS[printParseErrorCode(error.error)]
  return policyProblem(phrase`The policy is not JSON: ${what ?? phrase`invalid symbol`}.`, [], error?.offset ?? 0)
}

const SYNTAX_ERRORS: Readonly<Record<string, Phrase>> = {
  InvalidSymbol: phrase`invalid symbol`,
  InvalidNumberFormat: phrase`invalid number format`,
  PropertyNameExpected: phrase`property name expected`,
  ValueExpected: phrase`value expected`,
  ColonExpected: phrase`colon expected`,
  CommaExpected: phrase`comma expected`,
  CloseBraceExpected: phrase`close brace expected`,
  CloseBracketExpected: phrase`close bracket expected`,
  EndOfFileExpected: phrase`end of file expected`,
  InvalidCommentToken: phrase`comments are not allowed`,
  UnexpectedEndOfComment: phrase`unexpected end of comment`,
  UnexpectedEndOfString: phrase`unexpected end of string`,
  UnexpectedEndOfNumber: phrase`unexpected end of number`,
  InvalidUnicode: phrase`invalid unicode`,
  InvalidEscapeCharacter: phrase`invalid escape character`,
  InvalidCharacter: phrase`invalid character`,
}

interface IssuePlaces {
  readonly tree: Node
  /** The keys of the policy at a place. */
  readonly keysAt: (path: readonly (string | number)[]) => readonly string[]
}

/**
 * One problem, or one for each unknown key, because an editor marks keys one by one; with the key or value that was
 * probably meant.
 */
export function problemsOfIssue(issue: core.$ZodIssue, { tree, keysAt }: IssuePlaces): PolicyProblem[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))
  if (issue.code !== 'unrecognized_keys') {
    const node = findNodeAtLocation(tree, [...path])
    // Said where it belongs: what is not there has no place.
    if (node === undefined && path.length > 0) {
      const around = path.slice(0, -1)
      const said = phrase`${describePath(around)}: "${String(path.at(-1))}" is missing.`
      return [policyProblem(said, path, offsetOf(around, tree))]
    }
    const written: unknown = node?.value
    const what =
      issue.code === 'invalid_value' ? wrongValue(written, issue.values) : phrase`${issuePhrase(issue, written)}.`
    return [policyProblem(phrase`${describePath(path)}: ${what}`, path, offsetOf(path, tree))]
  }
  return issue.keys.slice(0, MOST_KEYS).map((key) => {
    // The node is the property's value; its parent starts at the key.
    const offset = findNodeAtLocation(tree, [...path, key])?.parent?.offset ?? tree.offset
    const meant = didYouMean(key, keysAt(path))
    const said =
      path.length === 0
        ? phrase`Unknown key "${key}".${meant}`
        : phrase`Unknown key "${key}" in ${describePath(path)}.${meant}`
    return policyProblem(said, [...path, key], offset)
  })
}

/** The most problems that are reported for one place. */
const MOST_KEYS = 50

/** What replaces zod's own texts, so that only ours are left; `issuePhrase` says the others by their codes. */
export const NOT_OURS = ''

function issuePhrase(issue: core.$ZodIssue, written: unknown): Phrase {
  if (issue.code === 'custom' && issue.params?.phrase !== undefined) return issue.params.phrase as Phrase
  if (issue.message !== NOT_OURS) return fixedPhrase(issue.message)
  if (issue.code === 'invalid_type') return phrase`must be of type ${issue.expected}, not ${typeOf(written)}`
  if (issue.code === 'too_small') return tooSmall(issue.origin, Number(issue.minimum))
  if (issue.code === 'too_big') return tooBig(issue.origin, Number(issue.maximum))
  return issue.code === 'invalid_format' && issue.format === 'url' ? phrase`must be a URL` : phrase`is not valid`
}

function tooSmall(origin: string, least: number): Phrase {
  return origin === 'string' || origin === 'array' ? phrase`must not be empty` : phrase`must be at least ${least}`
}

function tooBig(origin: string, most: number): Phrase {
  if (origin === 'string') return phrase`must have at most ${most} characters`
  return origin === 'array' ? phrase`must have at most ${most} items` : phrase`must be at most ${most}`
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

/** The allowed values: the one that was probably meant, otherwise all. */
function wrongValue(written: unknown, values: readonly unknown[]): Phrase {
  const shown = written === undefined ? phrase`this` : JSON.stringify(written)
  const meant = didYouMean(written, values)
  if (meant !== '') return phrase`${shown} is not allowed.${meant}`
  return phrase`${shown} is not one of ${values.map((value) => JSON.stringify(value))}.`
}

function didYouMean(written: unknown, names: readonly unknown[]): Phrase | '' {
  const known = names.filter((name) => typeof name === 'string')
  const meant = typeof written === 'string' ? closestName(written, known) : null
  return meant === null ? '' : phrase` Did you mean "${meant}"?`
}

function offsetOf(path: readonly (string | number)[], tree: Node): number {
  return findNodeAtLocation(tree, [...path])?.offset ?? tree.offset
}

/** `rules[0].require`. */
function describePath(path: readonly (string | number)[]): string | Phrase {
  if (path.length === 0) return phrase`The policy`
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    '',
  )
}
