import type { LintRule } from '../context'
import { concurrentlyFix } from '../fixes'
import { phrase } from '../../text/phrase'

export const reindexNotConcurrent: LintRule = {
  code: 'reindex-not-concurrent',
  check(context) {
    const { node } = context.statement
    if (node === null || !('ReindexStmt' in node)) return []
    const { params, kind } = node.ReindexStmt
    if ((params ?? []).some((option) => 'DefElem' in option && option.DefElem.defname === 'concurrently')) return []
    const word = kind === undefined ? null : WORDS[kind]
    return [
      {
        severity: 'warning',
        message: phrase`Blocks writes to the table, and most reads, while the index is rebuilt (ACCESS EXCLUSIVE lock on the index).`,
        advice: phrase`Use REINDEX … CONCURRENTLY as the only statement of its migration.`,
        fix: word === null || word === undefined ? null : concurrentlyFix(context, word, phrase`Reindex CONCURRENTLY`),
      },
    ]
  },
}

/** System catalogs cannot be rebuilt CONCURRENTLY. */
const WORDS: Readonly<Record<string, string | null>> = {
  REINDEX_OBJECT_INDEX: 'INDEX',
  REINDEX_OBJECT_TABLE: 'TABLE',
  REINDEX_OBJECT_SCHEMA: 'SCHEMA',
  REINDEX_OBJECT_DATABASE: 'DATABASE',
  REINDEX_OBJECT_SYSTEM: null,
}
