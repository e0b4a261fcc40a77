import type { Node } from 'libpg-query'
import type { LintRule } from '../context'
import { alterActions } from '../syntax'
import { phrase } from '../../text/phrase'

export const dropCascade: LintRule = {
  code: 'drop-cascade',
  check({ statement }) {
    const { node } = statement
    if (node === null) return []
    const spans = alterActions(statement)
      .filter(({ command: { subtype, behavior } }) => DROPS.has(subtype ?? '') && behavior === 'DROP_CASCADE')
      .map(({ span }) => span)
    if (cascades(node)) spans.push(statement)
    return spans.map((span) => ({
      severity: 'warning',
      message: phrase`CASCADE also drops all dependent objects (views, foreign keys, functions). Other databases may have more of them than this one.`,
      advice: phrase`Omit CASCADE: PostgreSQL then lists the dependent objects. Drop those explicitly.`,
      span,
    }))
  },
}

const DROPS: ReadonlySet<string> = new Set(['AT_DropColumn', 'AT_DropConstraint'])

function cascades(node: Node): boolean {
  if ('DropStmt' in node) return node.DropStmt.behavior === 'DROP_CASCADE'
  return 'DropOwnedStmt' in node && node.DropOwnedStmt.behavior === 'DROP_CASCADE'
}
