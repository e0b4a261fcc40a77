import { findAttribute, findField, findModel } from '../lookup'
import { rangeInFile, type SchemaModel } from '../model'
import type { TextEdit } from './text-edit'

/** The edit that gives a field its column's name: `@map("name")` behind its type, or in place of the `@map` that it has. */
export function mapFieldEdit(schema: SchemaModel, model: string, field: string, column: string): TextEdit | null {
  const found = findModel(schema, model)
  const target = found === null ? null : findField(found.model, field)
  if (found === null || target === null) return null
  const map = `@map(${JSON.stringify(column)})`
  const present = findAttribute(target, 'map')
  const file = found.file.path
  if (present !== null) return { file, range: rangeInFile(found.placed, present.range), newText: map }
  const { end } = rangeInFile(found.placed, target.type.range)
  return { file, range: { start: end, end }, newText: ` ${map}` }
}
