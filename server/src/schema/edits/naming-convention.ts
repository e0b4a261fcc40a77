import { columnNameOf, modelsOf } from '../lookup'
import type { ModelBlock, SchemaModel } from '../model'

/**
 * Whether fields are named `created_at` rather than `createdAt`, judged by the model's own fields; if they use both or
 * neither, by most models of the schema, which are counted at most once. A model copied from a library's documentation
 * has both, such as `userId` and `expires_at`.
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

/** Whether most tables' columns are named `created_at`, regardless of the fields. */
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

/** One vote per model, regardless of its number of fields. */
function votesOf(models: readonly (readonly string[])[]): number {
  return sumOf(models.map((names) => Math.sign(sumOf(names.map(kindOf)))))
}

function fieldNamesOf({ fields }: ModelBlock): string[] {
  return fields.map(({ name }) => name.text)
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0)
}

/** A single-word name shows nothing. */
function kindOf(name: string): number {
  if (/^[^A-Z]*[^A-Z_]_[^A-Z_][^A-Z]*$/.test(name)) return 1
  return /^[a-z][^_]*[A-Z]/.test(name) ? -1 : 0
}
