import type { Node } from '@babel/types'
import type { Certainty, Scope, Value } from './values'

/** Code that a visitor is asked by, as its statements and the methods of lists and promises see it. */
export interface Code {
  /** How surely the visitor gets to the code that runs now. */
  readonly certainty: Certainty
  value(node: Node, scope: Scope): Value
  /** The elements of a list or the arguments of a call. */
  items(nodes: readonly (Node | null)[], scope: Scope): readonly Value[]
  call(fn: Extract<Value, { kind: 'code' }>, given: readonly Value[]): Value
  /** A member of an object; `undefined` of one that has no such member. */
  member(object: Value, name: string): Value
  /** The value for those who get there. */
  valueFor(certainty: Certainty, node: Node, scope: Scope): Value
  /** Gives a pattern's names their values. */
  bind(pattern: Node, value: Value, scope: Scope): void
  /** What happens only to those who get there. */
  reaching<Result>(certainty: Certainty, work: () => Result): Result
  equal(one: Value, other: Value): Value
  includes(items: readonly Value[], value: Value): Value
}
