import type { Node } from '@babel/types'
import { isFunction, type CallNode, type SourceTree } from '../syntax'
import { AskCode, outerScope, TooMuchCode } from './ask-code'
import { methodOf, type CodeFiles } from './code-files'
import { can, least, most, NO, UNKNOWN, YES, type Certainty, type Value } from './values'
import { passes } from './run-code'

/** How code is asked whether it lets somebody on. */
export type Gate =
  /** A statement of a function: whether what is behind it is reached. */
  | { readonly kind: 'statement'; readonly node: Node }
  /** What a router or a framework calls with `next`, or without. */
  | { readonly kind: 'middleware'; readonly node: Node }
  /** A call that is given a handler, which it may call. */
  | { readonly kind: 'wrapper'; readonly node: CallNode; readonly handler: Node }
  /** tRPC's procedure, with its middlewares. */
  | { readonly kind: 'procedure'; readonly node: Node }
  /** NestJS's class with `canActivate`. */
  | { readonly kind: 'guard'; readonly node: Node }

/**
 * Whether code surely lets on an ordinary visitor: one who is logged in and has none of the roles of staff. False where
 * it turns them away, and where that cannot be said: then its words have to say what it asks for.
 */
export function letsOn(files: CodeFiles, path: string, tree: SourceTree, gate: Gate): boolean {
  const named = new Set<string>()
  const pending: (string | null)[] = [null]
  for (const role of pending) {
    try {
      if (certaintyOf(new AskCode(files, { role, named }), path, tree, gate) === YES) return true
    } catch (error) {
      if (error instanceof TooMuchCode || error instanceof RangeError) return false
      throw error
    }
    for (const each of named) if (!pending.includes(each) && pending.length < MOST_ROLES) pending.push(each)
  }
  return false
}

const MOST_ROLES = 8

function certaintyOf(code: AskCode, path: string, tree: SourceTree, gate: Gate): Certainty {
  const scope = outerScope(path, tree)
  switch (gate.kind) {
    case 'statement':
      return passes(code, gate.node, scope)
    case 'middleware':
      return throughMiddleware(code, code.value(gate.node, scope))
    case 'wrapper': {
      const handler: Value = { kind: 'on', takesErrors: false }
      const given = gate.node.arguments.flatMap((one) => (one === gate.handler ? handler : code.items([one], scope)))
      const wrapper = code.value(gate.node.callee, scope)
      if (wrapper.kind !== 'code') return NO
      const wrapped = code.call(wrapper, given)
      if (wrapped.kind === 'code')
        code.call(
          wrapped,
          wrapped.fn.params.map(() => UNKNOWN),
        )
      return code.letOn
    }
    case 'procedure': {
      const procedure = code.value(gate.node, scope)
      if (procedure.kind !== 'procedure') return NO
      return least(...procedure.middlewares.map((one) => throughMiddleware(code, one)))
    }
    case 'guard': {
      const guard = code.value(gate.node, scope)
      const method = guard.kind === 'class' ? methodOf(guard.node, 'canActivate') : null
      if (guard.kind !== 'class' || method === null || !isFunction(method)) return NO
      return can(code.call({ kind: 'code', fn: method, scope: { ...guard.scope, owner: guard.node } }, [UNKNOWN]), true)
    }
  }
}

function throughMiddleware(code: AskCode, middleware: Value): Certainty {
  if (middleware.kind === 'list') return least(...middleware.items.map((one) => throughMiddleware(code, one)))
  if (middleware.kind === 'unknown') return middleware.isAboutRoles ? NO : YES
  if (middleware.kind !== 'code') return NO
  code.letOn = NO
  const { fn } = middleware
  const named = fn.params.map((param) => (param.type === 'Identifier' ? param.name : ''))
  const next: Value = { kind: 'on', takesErrors: fn.params.length > 2 }
  const isTold = named.some((name) => NEXT.test(name))
  const procedure: Value = {
    kind: 'record',
    members: new Map([
      ['next', { kind: 'on', takesErrors: false }],
      ['...', UNKNOWN],
    ]),
  }
  const isProcedure = fn.params[0]?.type === 'ObjectPattern' || /^(?:opts|options)$/.test(named[0] ?? '')
  const given = isProcedure ? [procedure] : named.map((name) => (NEXT.test(name) ? next : UNKNOWN))
  const paths = code.pathsOf(middleware, given)
  if (isTold || isProcedure) return code.letOn
  // Fastify's hooks go on where they end.
  const ends = paths.returns.filter(({ value }) => value.kind === 'known' && value.value === undefined)
  return most(paths.ends, ...ends.map(({ certainty }) => certainty))
}

const NEXT = /^_?(?:next|done)$/
