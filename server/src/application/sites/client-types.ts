import type { Node } from '@babel/types'
import type { CodeModel } from '../model'
import type { FileContext } from '../facts'

/** The audited model whose type in the generated client has this name; null for a type of any other origin. */
export function clientModel(
  name: Node,
  { imports, models }: Pick<FileContext, 'imports' | 'models'>,
): CodeModel | null {
  // `Prisma.User` comes from a namespace that the client is imported as.
  const isQualified = name.type === 'TSQualifiedName' && name.left.type === 'Identifier'
  const root = isQualified ? name.left : name
  const imported = root.type === 'Identifier' ? imports.get(root.name) : undefined
  if (imported === undefined || !CLIENT.test(imported.from) || /graphql/i.test(imported.from)) return null
  if (isQualified && imported.name !== '*' && imported.name !== 'Prisma') return null
  const model = models.get(isQualified ? name.right.name : imported.name)
  return model === undefined || model.members.length === 0 ? null : model
}

/** `@prisma/client`, the folder of a generated client, or a package of the workspace that re-exports it, `@repo/database`. */
const CLIENT = /prisma|generated|^@[\w-]+\/(?:database|db)(?:\/|$)/i
