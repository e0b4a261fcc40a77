import { findAttribute, modelsOf, wordArgument } from '../lookup'
import type { Field, ModelBlock, SchemaModel } from '../model'
import { scalarNamesOf } from './relations'

/**
 * Whether a reference from `model` to `target` would close a cycle of cascading deletes. If the client emulates
 * relations (`relationMode = "prisma"`), Prisma rejects one unless a relation in it restricts both actions.
 */
export function closesCycle(schema: SchemaModel, model: ModelBlock, target: ModelBlock): boolean {
  const models = new Map(modelsOf(schema).map((found) => [found.model.name.text, found.model]))
  const seen = new Set<string>()
  const pending = [target.name.text]
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (name === model.name.text) return true
    if (seen.has(name)) continue
    seen.add(name)
    for (const field of models.get(name)?.fields ?? []) if (spreads(field)) pending.push(field.type.name)
  }
  return false
}

function spreads(field: Field): boolean {
  const relation = findAttribute(field, 'relation')
  if (relation === null || scalarNamesOf(field).length === 0) return false
  return ['onDelete', 'onUpdate'].some((action) => {
    const word = wordArgument(relation, action)
    return word !== 'Restrict' && word !== 'NoAction'
  })
}
