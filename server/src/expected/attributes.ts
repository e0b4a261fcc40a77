import type { Argument, Attribute, EnumValue, Expression } from '../schema/model'
import { findAttribute } from '../schema/lookup'

/** `@db.VarChar(20)`; the part before the dot is the name of the datasource. */
export function nativeTypeOf(node: { readonly attributes: readonly Attribute[] }): Attribute | undefined {
  return node.attributes.find((attribute) => attribute.name.text.includes('.'))
}

/**
 * The value of `name: …` in an attribute or a function or, if that is missing, the positional argument at `position`.
 */
export function argumentOf(call: Call, name: string, position?: number): Expression | undefined {
  const named = call.arguments.find((argument) => argument.name?.text === name)
  if (named !== undefined || position === undefined) return named?.value
  return call.arguments.filter((argument) => argument.name === null)[position]?.value
}

export interface Call {
  readonly arguments: readonly Argument[]
}

export function stringOf(expression: Expression | undefined): string | null {
  return expression?.kind === 'string' ? expression.value : null
}

export function wordOf(expression: Expression | undefined): string | null {
  return expression?.kind === 'word' ? expression.value : null
}

/** The items of `[a, b]`; a single value is a list of one, as in Prisma. */
export function itemsOf(expression: Expression | undefined): readonly Expression[] {
  if (expression === undefined || expression.kind === 'missing') return []
  return expression.kind === 'array' ? expression.items : [expression]
}

/** The label in the database: `@map`'s, or the value's own name. */
export function labelOf(value: EnumValue): string {
  const map = findAttribute(value, 'map')
  return (map === null ? null : stringOf(argumentOf(map, 'name', 0))) ?? value.name.text
}
