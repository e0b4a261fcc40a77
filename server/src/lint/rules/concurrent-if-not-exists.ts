import type { LintRule } from '../context'
import { phrase } from '../../text/phrase'

export const concurrentIfNotExists: LintRule = {
  code: 'concurrent-if-not-exists',
  check({ statement, foreseen }) {
    const { node } = statement
    if (node === null || !('IndexStmt' in node)) return []
    const { concurrent, if_not_exists: ifNotExists, idxname } = node.IndexStmt
    if (concurrent !== true || ifNotExists !== true) return []
    if ((foreseen.clearedIndexes.get(idxname ?? '') ?? Infinity) < statement.start) return []
    return [
      {
        severity: 'information',
        message: phrase`An interrupted build leaves an invalid index with this name, and IF NOT EXISTS then reports success.`,
        advice: phrase`Drop it first with DROP INDEX CONCURRENTLY IF EXISTS in a separate migration, or omit IF NOT EXISTS.`,
      },
    ]
  },
}
