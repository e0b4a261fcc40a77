import type { Node } from '@babel/types'
import type { FunctionNode, SourceTree } from '../syntax'

/** The names that a piece of code has, those around it included. */
export interface Scope {
  readonly path: string
  readonly tree: SourceTree
  readonly names: Map<string, Value>
  readonly outer: Scope | null
  /** What `this` is. */
  readonly owner: Node | null
}

/** How surely something can happen: what an ordinary visitor may do, what no one here can say, or what they cannot. */
export type Certainty = 0 | 1 | 2
export const NO = 0
export const MAYBE = 1
export const YES = 2

/** A value in the code of a guard, while an ordinary visitor is asked: somebody who is logged in, and no staff. */
export type Value =
  | { readonly kind: 'known'; readonly value: string | number | boolean | null | undefined }
  /** Their role, of which is only known that it is none of staff. */
  | { readonly kind: 'role' }
  /** `user.isAdmin`: false or missing. */
  | { readonly kind: 'flag' }
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  | { readonly kind: 'record'; readonly members: ReadonlyMap<string, Value> }
  | { readonly kind: 'code'; readonly fn: FunctionNode; readonly scope: Scope }
  | {
      readonly kind: 'class'
      readonly node: Extract<Node, { type: 'ClassDeclaration' | 'ClassExpression' }>
      readonly scope: Scope
    }
  /** `import * as auth from …`, `require(…)` */
  | { readonly kind: 'module'; readonly path: string }
  /** What the visitor's request brings: they choose it. */
  | { readonly kind: 'given' }
  /** A response, or an error: what a guard answers to those whom it turns away. */
  | { readonly kind: 'response' }
  /** `next`, or the handler that a guard is put around: who gets it called is let on. `takesErrors`: not with an argument. */
  | { readonly kind: 'on'; readonly takesErrors: boolean }
  /** tRPC's procedures and the middlewares before them. */
  | { readonly kind: 'procedure'; readonly middlewares: readonly Value[] }
  /** Nothing is known of it but whether it says what somebody may do. What says nothing of it is as the visitor needs it. */
  | { readonly kind: 'unknown'; readonly isAboutRoles: boolean; readonly isTrue?: boolean; readonly mayThrow?: boolean }
  | { readonly kind: 'either'; readonly options: readonly Option[] }
  /** Of a call that throws or redirects. */
  | { readonly kind: 'never' }

export interface Option {
  readonly value: Value
  readonly certainty: Certainty
}

export const known = (value: string | number | boolean | null | undefined): Value => ({ kind: 'known', value })
export const UNKNOWN: Value = { kind: 'unknown', isAboutRoles: false }
export const PRESENT: Value = { kind: 'unknown', isAboutRoles: false, isTrue: true }
export const UNDECIDED: Value = { kind: 'unknown', isAboutRoles: true }
/** Of a call that may end in an error for whoever lacks a role. */
export const UNDECIDED_CALL: Value = { kind: 'unknown', isAboutRoles: true, mayThrow: true }
export const NEVER: Value = { kind: 'never' }
export const ROLE: Value = { kind: 'role' }

export const least = (...all: readonly Certainty[]): Certainty => Math.min(YES, ...all) as Certainty
export const most = (...all: readonly Certainty[]): Certainty => Math.max(NO, ...all) as Certainty

/** Whether the visitor can get a value to be true, or false. */
export function can(value: Value, wanted: boolean): Certainty {
  switch (value.kind) {
    case 'known':
      return Boolean(value.value) === wanted ? YES : NO
    case 'flag':
      return wanted ? NO : YES
    case 'given':
      return YES
    case 'unknown':
      if (value.isAboutRoles) return MAYBE
      return wanted || value.isTrue !== true ? YES : NO
    case 'either':
      return most(...value.options.map((each) => least(each.certainty, can(each.value, wanted))))
    case 'never':
      return NO
    case 'role':
    case 'list':
    case 'record':
    case 'code':
    case 'class':
    case 'module':
    case 'response':
    case 'on':
    case 'procedure':
      return wanted ? YES : NO
  }
}

/** Whether code goes on after a value is computed. */
export function completes(value: Value): Certainty {
  if (value.kind === 'never') return NO
  if (value.kind === 'unknown' && value.mayThrow === true) return MAYBE
  return value.kind === 'either'
    ? most(...value.options.map((each) => least(each.certainty, completes(each.value))))
    : YES
}

export function either(options: readonly Option[]): Value {
  const possible = options.flatMap((each): readonly Option[] => {
    if (each.certainty === NO || each.value.kind === 'never') return []
    if (each.value.kind !== 'either') return [each]
    return each.value.options.map(({ value, certainty }) => ({ value, certainty: least(certainty, each.certainty) }))
  })
  const [first] = possible
  if (first === undefined) return NEVER
  if (possible.length === 1 && first.certainty === YES) return first.value
  return possible.length > MOST_OPTIONS ? UNDECIDED : { kind: 'either', options: possible }
}

const MOST_OPTIONS = 12

/** What is left of a value where it is known to be true, or false. */
export function narrowed(value: Value, wanted: boolean): Value {
  if (value.kind === 'either')
    return either(value.options.map((option) => ({ ...option, value: narrowed(option.value, wanted) })))
  if (can(value, wanted) === NO) return NEVER
  if (value.kind !== 'unknown' || value.isAboutRoles) return value
  return wanted ? PRESENT : known(undefined)
}

/** The same for each value that it may be. */
export function each(value: Value, of: (one: Value) => Value): Value {
  if (value.kind !== 'either') return of(value)
  return either(value.options.map((option) => ({ value: of(option.value), certainty: option.certainty })))
}

/** A yes or no of which is known how surely the visitor can have it either way. */
export function verdict(yes: Certainty, no: Certainty): Value {
  return either([
    { value: known(true), certainty: yes },
    { value: known(false), certainty: no },
  ])
}

export function isAbout(value: Value): boolean {
  if (value.kind === 'role' || value.kind === 'flag') return true
  if (value.kind === 'either') return value.options.some((option) => isAbout(option.value))
  if (value.kind === 'list') return value.items.some(isAbout)
  return value.kind === 'unknown' && value.isAboutRoles
}
