import { quoteIdentifier } from '../../database/quote'
import type { LintRule } from '../context'

export const dropOwned: LintRule = {
  code: 'drop-owned',
  check({ statement: { node } }) {
    if (node === null || !('DropOwnedStmt' in node)) return []
    const roles = (node.DropOwnedStmt.roles ?? []).flatMap((role) =>
      'RoleSpec' in role
        ? [role.RoleSpec.rolename === undefined ? 'the current role' : quoteIdentifier(role.RoleSpec.rolename)]
        : [],
    )
    return [
      {
        severity: 'warning',
        message: `Everything in this database that ${roles.join(' and ')} owns is dropped, tables with their rows included, and what was granted is revoked.`,
        advice: 'REASSIGN OWNED gives the objects to another role. Drop what is to go by name.',
      },
    ]
  },
}
