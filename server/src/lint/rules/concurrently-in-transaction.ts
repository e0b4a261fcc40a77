import type { Node } from 'libpg-query'
import type { LintContext, LintRule } from '../context'
import { alterActions } from '../syntax'
import { phrase } from '../../text/phrase'

export const concurrentlyInTransaction: LintRule = {
  code: 'concurrently-in-transaction',
  check(context) {
    const { statement, transaction, isInBlock } = context
    const what = statement.node === null ? null : refusesTransaction(context, statement.node)
    if (what === null || (transaction === null && !isInBlock)) return []
    return [
      {
        severity: 'error',
        message: phrase`${what} cannot run inside a transaction block. ${isInBlock ? phrase`A DO block is one.` : WHY[context.options.runner]}`,
        advice: phrase`Put it in a separate migration, as its only statement.`,
      },
    ]
  },
}

const WHY = {
  prisma: phrase`Prisma runs a file with several statements as one transaction.`,
  psql: phrase`It follows a BEGIN.`,
}

/** Statements that PostgreSQL runs only outside transactions; null for all others. */
function refusesTransaction({ statement }: LintContext, node: Node): string | null {
  if ('IndexStmt' in node) return node.IndexStmt.concurrent === true ? 'CREATE INDEX CONCURRENTLY' : null
  if ('DropStmt' in node) return node.DropStmt.concurrent === true ? 'DROP INDEX CONCURRENTLY' : null
  if ('ReindexStmt' in node) {
    const isConcurrent = (node.ReindexStmt.params ?? []).some(
      (option) => 'DefElem' in option && option.DefElem.defname === 'concurrently',
    )
    return isConcurrent ? 'REINDEX CONCURRENTLY' : null
  }
  if ('VacuumStmt' in node) return node.VacuumStmt.is_vacuumcmd === true ? 'VACUUM' : null
  if ('CreatedbStmt' in node) return 'CREATE DATABASE'
  if ('DropdbStmt' in node) return 'DROP DATABASE'
  if ('AlterSystemStmt' in node) return 'ALTER SYSTEM'
  const detaches = alterActions(statement).some(
    ({ command: { def } }) => def !== undefined && 'PartitionCmd' in def && def.PartitionCmd.concurrent === true,
  )
  return detaches ? 'DETACH PARTITION CONCURRENTLY' : null
}
