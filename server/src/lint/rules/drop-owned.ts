import { quoteIdentifier } from '../../database/quote'
import type { LintRule } from '../context'
import { allOf, phrase } from '../../text/phrase'

export const dropOwned: LintRule = {
  code: 'drop-owned',
  check({ statement: { node } }) {
    if (node === null || !('DropOwnedStmt' in node)) return []
    const roles = (node.DropOwnedStmt.roles ?? []).flatMap((role) =>
      'RoleSpec' in role
        ? [role.RoleSpec.rolename === undefined ? phrase`the current role` : quoteIdentifier(role.RoleSpec.rolename)]
        : [],
    )
    return [
      {
        severity: 'warning',
        message: phrase`Drops everything that ${allOf(roles)} owns in this database, including tables with their rows, and revokes its privileges.`,
        advice: phrase`Give the objects to another role with REASSIGN OWNED, and drop the rest explicitly.`,
      },
    ]
  },
}
