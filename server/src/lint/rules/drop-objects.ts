import type { Node } from 'libpg-query'
import type { LintContext } from '../context'
import type { TableName } from '../script'
import { strings } from '../syntax'

/** The objects of one kind of `DROP …`, each name with its schema in the statement. */
export function droppedObjects({ statement: { node } }: LintContext, kind: string): TableName[] {
  if (node === null || !('DropStmt' in node) || node.DropStmt.removeType !== kind) return []
  return (node.DropStmt.objects ?? []).map(nameOf)
}

function nameOf(node: Node): TableName {
  const parts =
    'List' in node ? strings(node.List.items) : 'TypeName' in node ? strings(node.TypeName.names) : strings([node])
  return { schema: parts.at(-2) ?? null, name: parts.at(-1) ?? '' }
}
