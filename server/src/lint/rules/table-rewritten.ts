import type { Node } from 'libpg-query'
import type { LintRule } from '../context'
import { phrase } from '../../text/phrase'

export const tableRewritten: LintRule = {
  code: 'table-rewritten',
  check({ statement: { node } }) {
    const what = node === null ? null : rewriteOf(node)
    if (what === null) return []
    return [
      {
        severity: 'warning',
        message: phrase`${what} blocks reads and writes of the table while it is rewritten (ACCESS EXCLUSIVE lock).`,
        advice: phrase`It does not belong in a migration. Use pg_repack, pg_squeeze or plain VACUUM.`,
      },
    ]
  },
}

function rewriteOf(node: Node): string | null {
  if ('ClusterStmt' in node) return 'CLUSTER'
  if (!('VacuumStmt' in node)) return null
  const isFull = (node.VacuumStmt.options ?? []).some(
    (option) => 'DefElem' in option && option.DefElem.defname === 'full',
  )
  return isFull ? 'VACUUM FULL' : null
}
