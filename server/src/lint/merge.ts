import type { CmdType, MergeMatchKind, MergeStmt } from 'libpg-query'
import { meetsEveryRow } from './conditions'

/**
 * Whether MERGE does this to each row that matches, or that the source lacks, without a condition in the clause or in
 * an earlier one. Rows match without a condition only if ON is always true.
 */
export function mergesEveryRow(merge: MergeStmt, kind: MergeMatchKind, command: CmdType): boolean {
  const clauses = (merge.mergeWhenClauses ?? []).flatMap((clause) =>
    'MergeWhenClause' in clause && clause.MergeWhenClause.matchKind === kind ? [clause.MergeWhenClause] : [],
  )
  const [first] = clauses
  if (first?.commandType !== command || !meetsEveryRow(first.condition)) return false
  return kind !== 'MERGE_WHEN_MATCHED' || meetsEveryRow(merge.joinCondition)
}
