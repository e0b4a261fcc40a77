import type { Node } from '@babel/types'
import { isCall, memberOf, unwrap } from './syntax'

export function awaited(node: Node): Node {
  const inner = unwrap(node)
  return inner.type === 'AwaitExpression' ? unwrap(inner.argument) : inner
}

/** `requireAdmin` of `requireAdmin(…)`, of `this.auth.requireAdmin(…)` and of `requireAdmin` itself. */
export function nameOf(node: Node): string {
  const inner = awaited(node)
  const called = isCall(inner) ? unwrap(inner.callee) : inner
  return memberOf(called)?.name ?? (called.type === 'Identifier' ? called.name : '')
}
