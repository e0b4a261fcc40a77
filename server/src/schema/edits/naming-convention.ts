import { modelsOf } from '../lookup'
import type { ModelBlock, SchemaModel } from '../model'

/**
 * Are the fields called `created_at` rather than `createdAt`? What most fields of the model say; where it has none of
 * either kind, or as many of both, what most fields of the schema say, which is counted once at most.
 */
export function namingConventionOf(schema: SchemaModel): (model: ModelBlock) => boolean {
  let ofSchema: number | null = null
  return (model) => {
    const balance = balanceOf(model)
    if (balance !== 0) return balance > 0
    ofSchema ??= modelsOf(schema).reduce((sum, found) => sum + balanceOf(found.model), 0)
    return ofSchema > 0
  }
}

/** `updatedById` → `updated_by_id`. */
export function snakeCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
}

function balanceOf(model: ModelBlock): number {
  return model.fields.reduce((sum, { name }) => sum + kindOf(name.text), 0)
}

/** A name of one word says nothing. */
function kindOf(name: string): number {
  if (/^[^A-Z]*[^A-Z_]_[^A-Z_][^A-Z]*$/.test(name)) return 1
  return /^[a-z][^_]*[A-Z]/.test(name) ? -1 : 0
}
