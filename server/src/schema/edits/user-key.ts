import { findAttribute, fieldNamesArgument, findField, nativeTypeOf } from '../lookup'
import type { Attribute, Expression, Field, ModelBlock } from '../model'

/** The field that references to a user point to, with the type that a reference repeats. */
export interface UserKey {
  readonly field: Field
  readonly type: string
  /** `@db.Uuid`, with the datasource's own name; empty if there is none. */
  readonly nativeType: string
}

/** Null if the key of the user model is not a single field: no single column can reference it. */
export function userKeyOf(user: ModelBlock): UserKey | null {
  const field = user.fields.find((candidate) => findAttribute(candidate, 'id') !== null) ?? fieldOfBlockId(user)
  if (field?.type.arity !== 'required' || field.type.name === '' || field.type.unsupported !== null) return null
  const native = nativeTypeOf(field)
  return { field, type: field.type.name, nativeType: native === null ? '' : `@${renderCall(native)}` }
}

function fieldOfBlockId(user: ModelBlock): Field | null {
  const attribute = findAttribute(user, 'id')
  const names = attribute === null ? [] : fieldNamesArgument(attribute, 'fields', 0)
  const [name] = names
  return names.length === 1 && name !== undefined ? findField(user, name) : null
}

function renderCall(attribute: Attribute): string {
  const values = attribute.arguments.map((argument) => renderValue(argument.value))
  return attribute.name.text + (values.length === 0 ? '' : `(${values.join(', ')})`)
}

function renderValue(value: Expression): string {
  return value.kind === 'number' || value.kind === 'word' ? value.value : ''
}
