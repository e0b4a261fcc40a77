import { fieldNamesArgument, findAttribute, stringArgument } from '../lookup'
import type { Field, ModelBlock } from '../model'

/** `"UserUpdatedBy"` in `@relation("UserUpdatedBy")`; null for a relation without a name. */
export function relationNameOf(field: Field): string | null {
  const attribute = findAttribute(field, 'relation')
  return attribute === null ? null : stringArgument(attribute, 'name', 0)
}

/** The field on the other side of a relation; null if it is missing. */
export function oppositeOf(model: ModelBlock, relation: Field, other: ModelBlock): Field | null {
  const name = relationNameOf(relation)
  const opposite = other.fields.find(
    (field) => field !== relation && field.type.name === model.name.text && relationNameOf(field) === name,
  )
  return opposite ?? null
}

/** A list on the user's side under one of the names whose other side is missing. */
export function orphanList(model: ModelBlock, user: ModelBlock, names: readonly string[]): Field | null {
  const orphan = user.fields.find(
    (field) =>
      names.includes(field.name.text) &&
      field.type.arity === 'list' &&
      field.type.name === model.name.text &&
      // Without a name, Prisma cannot distinguish the two sides of a self-relation.
      (model !== user || relationNameOf(field) !== null) &&
      oppositeOf(user, field, model) === null,
  )
  return orphan ?? null
}

/** Whether there is any relation between the two, or the model is the user model. */
export function modelsAreRelated(model: ModelBlock, user: ModelBlock): boolean {
  return model === user || fieldsBetween(model, user).length > 0
}

export function relationNamesBetween(model: ModelBlock, user: ModelBlock): Set<string> {
  return new Set(fieldsBetween(model, user).flatMap((field) => relationNameOf(field) ?? []))
}

/** The relation whose only scalar field is this one. */
export function relationOver(model: ModelBlock, scalar: Field): Field | null {
  const relation = model.fields.find((field) => {
    const names = scalarNamesOf(field)
    return names.length === 1 && names[0] === scalar.name.text
  })
  return relation ?? null
}

/** The fields in `@relation(fields: […])`; empty on the other side of a relation, and for other fields. */
export function scalarNamesOf(relation: Field): string[] {
  const attribute = findAttribute(relation, 'relation')
  return attribute === null ? [] : fieldNamesArgument(attribute, 'fields')
}

function fieldsBetween(model: ModelBlock, user: ModelBlock): Field[] {
  return [
    ...model.fields.filter((field) => field.type.name === user.name.text),
    ...user.fields.filter((field) => field.type.name === model.name.text),
  ]
}
