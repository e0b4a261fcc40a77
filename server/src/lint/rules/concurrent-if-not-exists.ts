import type { LintRule } from '../context'
import type { Statement } from '../script'
import { nodesNamed } from '../syntax'
import { phrase } from '../../text/phrase'

export const concurrentIfNotExists: LintRule = {
  code: 'concurrent-if-not-exists',
  check({ statement, script }) {
    const { node } = statement
    if (node === null || !('IndexStmt' in node)) return []
    const { concurrent, if_not_exists: ifNotExists, idxname } = node.IndexStmt
    if (concurrent !== true || ifNotExists !== true) return []
    const before = script.statements.filter(({ start }) => start < statement.start)
    if (before.some((other) => clearsAway(other, idxname ?? ''))) return []
    return [
      {
        severity: 'information',
        message: phrase`An interrupted build leaves an invalid index with this name, and IF NOT EXISTS then reports success.`,
        advice: phrase`Drop it first with DROP INDEX CONCURRENTLY IF EXISTS in a separate migration, or omit IF NOT EXISTS.`,
      },
    ]
  },
}

/** The script drops the index first, or checks whether it is valid. */
function clearsAway({ node, source }: Statement, name: string): boolean {
  if (node === null) return false
  if ('DropStmt' in node) return [...nodesNamed(node, 'String')].some(({ sval }) => sval === name)
  return source.includes('indisvalid') && [...nodesNamed(node, 'A_Const')].some(({ sval }) => sval?.sval === name)
}
