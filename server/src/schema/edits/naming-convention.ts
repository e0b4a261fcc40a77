import { columnNameOf, modelsOf } from '../lookup'
import type { ModelBlock, SchemaModel } from '../model'

/**
 * Are the fields called `created_at` rather than `createdAt`? What those of the model say; where they say both or nothing,
 * what most models of the schema say, which are counted once at most. A model that was copied from the documentation of a
 * library has both, such as `userId` beside `expires_at`.
 */
export function namingConventionOf(schema: SchemaModel): (model: ModelBlock) => boolean {
  let ofSchema: number | null = null
  return (model) => {
    const kinds = fieldNamesOf(model).map(kindOf)
    const isMixed = kinds.includes(1) && kinds.includes(-1)
    const own = sumOf(kinds)
    if (own !== 0 && !isMixed) return own > 0
    ofSchema ??= votesOf(modelsOf(schema).map((found) => fieldNamesOf(found.model)))
    return (ofSchema === 0 ? own : ofSchema) > 0
  }
}

/** Are most tables' columns called `created_at`, whatever the fields are called? */
export function hasSnakeCaseColumns(schema: SchemaModel): boolean {
  const models = modelsOf(schema).map(({ model }) => model)
  const names = new Set(models.map(({ name }) => name.text))
  return votesOf(models.map(({ fields }) => fields.filter(({ type }) => !names.has(type.name)).map(columnNameOf))) > 0
}

/** `updatedById` → `updated_by_id`. */
export function snakeCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
}

/** One vote a model, however many fields it has. */
function votesOf(models: readonly (readonly string[])[]): number {
  return sumOf(models.map((names) => Math.sign(sumOf(names.map(kindOf)))))
}

function fieldNamesOf({ fields }: ModelBlock): string[] {
  return fields.map(({ name }) => name.text)
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0)
}

/** A name of one word says nothing. */
function kindOf(name: string): number {
  if (/^[^A-Z]*[^A-Z_]_[^A-Z_][^A-Z]*$/.test(name)) return 1
  return /^[a-z][^_]*[A-Z]/.test(name) ? -1 : 0
}
