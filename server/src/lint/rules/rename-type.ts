import type { Node } from 'libpg-query'
import { quoteIdentifier } from '../../database/quote'
import type { LintRule } from '../context'
import { strings } from '../syntax'
import { phrase } from '../../text/phrase'

/** Prisma Client casts the values of an enum to the type's name. */
export const renameType: LintRule = {
  code: 'rename-type',
  check({ statement: { node }, state, foreseen }) {
    const name = node === null ? null : renamedType(node)
    if (name === null || state.newTypes.has(name)) return []
    // Another type gets the name, as when an enum is replaced: see enum-replaced.
    if (foreseen.typeNames.has(name)) return []
    return [
      {
        severity: 'warning',
        message: phrase`Clients that use the type name ${quoteIdentifier(name)} fail until they are redeployed.`,
        advice: phrase`Leave the name in the database and add @@map to the enum.`,
      },
    ]
  },
}

function renamedType(node: Node): string | null {
  if ('RenameStmt' in node && node.RenameStmt.renameType === 'OBJECT_TYPE') return lastName(node.RenameStmt.object)
  if ('AlterObjectSchemaStmt' in node && node.AlterObjectSchemaStmt.objectType === 'OBJECT_TYPE')
    return lastName(node.AlterObjectSchemaStmt.object)
  return null
}

function lastName(object: Node | undefined): string | null {
  return object !== undefined && 'List' in object ? (strings(object.List.items).at(-1) ?? null) : null
}
