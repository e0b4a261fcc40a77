import { findAttribute, wordArgument } from '../lookup'
import type { Field, ModelBlock } from '../model'
import { scalarNamesOf } from './relations'

/**
 * The models from which a reference to `target` closes a cycle of cascading deletes. If the client emulates relations
 * (`relationMode = "prisma"`), Prisma rejects one unless a relation in it restricts both actions.
 */
export function modelsThatCloseCycle(
  target: ModelBlock,
  findModel: (name: string) => ModelBlock | null,
): ReadonlySet<string> {
  const reached = new Set<string>()
  const pending = [target.name.text]
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (reached.has(name)) continue
    reached.add(name)
    for (const field of findModel(name)?.fields ?? []) if (spreads(field)) pending.push(field.type.name)
  }
  return reached
}

function spreads(field: Field): boolean {
  const relation = findAttribute(field, 'relation')
  if (relation === null || scalarNamesOf(field).length === 0) return false
  return ['onDelete', 'onUpdate'].some((action) => {
    const word = wordArgument(relation, action)
    return word !== 'Restrict' && word !== 'NoAction'
  })
}
