import type { Node } from 'libpg-query'
import { quoteIdentifier } from '../../database/quote'
import type { LintContext, LintRule } from '../context'
import { strings } from '../syntax'
import { phrase } from '../../text/phrase'

/** Prisma Client casts the values of an enum to the type's name. */
export const renameType: LintRule = {
  code: 'rename-type',
  check(context) {
    const { node } = context.statement
    const name = node === null ? null : renamedType(node)
    if (name === null || context.state.newTypes.has(name) || isNamedAgain(context, name)) return []
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

/** Another type gets the name, as where an enum is replaced: enum-replaced speaks of that. */
function isNamedAgain({ script, state }: LintContext, name: string): boolean {
  return script.statements.some(({ node }) => {
    if (node === null) return false
    if ('RenameStmt' in node) return node.RenameStmt.renameType === 'OBJECT_TYPE' && node.RenameStmt.newname === name
    return (
      'CreateEnumStmt' in node && strings(node.CreateEnumStmt.typeName).at(-1) === name && !state.newTypes.has(name)
    )
  })
}

function lastName(object: Node | undefined): string | null {
  return object !== undefined && 'List' in object ? (strings(object.List.items).at(-1) ?? null) : null
}
