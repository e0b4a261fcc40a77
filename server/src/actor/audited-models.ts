import { actorWhen } from '../audit-fields/actor-trigger'
import type { AuditField } from '../audit-fields/kinds'
import type { Policy } from '../audit-fields/policy'
import { presentField } from '../audit-fields/present-fields'
import { requirementsOf } from '../audit-fields/requirements'
import { oppositeOf, relationOver, scalarNamesOf } from '../schema/edits/relations'
import { fieldNamesArgument, findAttribute, findField, modelsOf } from '../schema/lookup'
import type { Field, ModelBlock, SchemaModel } from '../schema/model'

/**
 * What the extension needs to know about the schema: the fields that it fills, and the relations through which a write
 * reaches them.
 */
export interface AuditedModels {
  /** By name: each model with such a field, or with relations through which a write reaches one. */
  readonly models: ReadonlyMap<string, AuditedModel>
  /** The names of the filled fields, without duplicates: `updatedById`. */
  readonly fieldNames: readonly string[]
  /** The TypeScript type of a user's key. */
  readonly userId: UserIdType
  /** Required by the policy but not filled, with the reason. */
  readonly left: readonly UnfilledField[]
}

export type UserIdType = 'number' | 'bigint' | 'string'

export interface AuditedModel {
  readonly fields: readonly FilledField[]
  readonly relations: ReadonlyMap<string, ModelRelation>
  /** Only for a model with a field named `data`: the names of all its fields. */
  readonly names: readonly string[] | null
}

export interface FilledField {
  readonly scalar: string
  /** Only in new rows, or at each change. */
  readonly on: 'create' | 'write'
  /** Null for a plain column, and for a key of several fields. */
  readonly relation: { readonly name: string; readonly key: string } | null
}

export interface ModelRelation {
  readonly model: string
  readonly opposite: string | null
  readonly isList: boolean
  /** The fields of this model that hold the other row's key; empty if the other side holds it. */
  readonly scalars: readonly string[]
}

export interface UnfilledField {
  readonly model: string
  readonly field: AuditField
  readonly why: WhyUnfilled
}

type WhyUnfilled =
  | 'not in the schema'
  | 'ignored by Prisma Client'
  | 'it does not have the type of a user key'
  | 'it does not reference a user'
  | 'it references a field other than the user key'

/**
 * Which user fields the policy requires in which models, and their names in Prisma Client. The owner is included only
 * if the policy says that the creator of a row owns it.
 */
export function auditedModels(schema: SchemaModel, policy: Policy): AuditedModels {
  const blocks = modelsOf(schema)
    .map(({ model }) => model)
    .filter((model) => findAttribute(model, 'ignore') === null)
  const byName = new Map(blocks.map((model) => [model.name.text, model]))
  const user = byName.get(policy.userModel)
  const left: UnfilledField[] = []
  const candidates = requirementsOf(schema, policy).flatMap(({ model, required }) =>
    required
      .filter((field) => actorWhen(field, policy) !== null)
      .flatMap((field) => {
        const present = presentField(policy, model, field)
        const why = present === null ? 'not in the schema' : whyUnfilled(model, present.field, policy, user)
        if (present !== null && why === null) return [{ model, field, scalar: present.field }]
        left.push({ model: model.name.text, field, why: why ?? 'not in the schema' })
        return []
      }),
  )
  const userId = typeOfUsers(
    user,
    candidates.map(({ scalar }) => scalar),
  )
  const filled = new Map<string, FilledField[]>()
  for (const { model, field, scalar } of candidates) {
    if (userIdType(scalar) !== userId) {
      left.push({ model: model.name.text, field, why: 'it does not have the type of a user key' })
      continue
    }
    const fields = filled.get(model.name.text) ?? []
    fields.push({
      scalar: scalar.name.text,
      on: actorWhen(field, policy) ?? 'write',
      relation: relationOf(model, scalar),
    })
    filled.set(model.name.text, fields)
  }
  const reaching = modelsThatReach(blocks, byName, filled)
  const models = new Map(
    blocks
      .filter((model) => reaching.has(model.name.text))
      .map((model) => [model.name.text, describe(model, byName, filled.get(model.name.text) ?? [])]),
  )
  const fieldNames = [...new Set([...filled.values()].flatMap((fields) => fields.map(({ scalar }) => scalar)))]
  return { models, fieldNames, userId, left }
}

/**
 * A field of that name that holds something else must not get a user's key; see the plan's `resolve-user-reference`.
 */
function whyUnfilled(
  model: ModelBlock,
  scalar: Field,
  policy: Policy,
  user: ModelBlock | undefined,
): WhyUnfilled | null {
  if ([model, scalar].some((node) => findAttribute(node, 'ignore') !== null)) return 'ignored by Prisma Client'
  const relations = model.fields.filter((field) => scalarNamesOf(field).includes(scalar.name.text))
  for (const relation of relations) {
    if (relation.type.name !== policy.userModel) return 'it does not reference a user'
    const attribute = findAttribute(relation, 'relation')
    const referenced = attribute === null ? [] : fieldNamesArgument(attribute, 'references')
    const key = referenced[scalarNamesOf(relation).indexOf(scalar.name.text)]
    if (user !== undefined && key !== undefined && !isKey(user, key)) {
      return 'it references a field other than the user key'
    }
  }
  const stem = scalar.name.text.replace(/_?id$/i, '').toLowerCase()
  const isPolymorphic = model.fields.some(({ name }) =>
    ['type', '_type', 'kind', '_kind'].some((ending) => name.text.toLowerCase() === stem + ending),
  )
  return relations.length === 0 && isPolymorphic ? 'it does not reference a user' : null
}

function isKey(user: ModelBlock, name: string): boolean {
  const field = findField(user, name)
  const whole = findAttribute(user, 'id')
  if (field !== null && findAttribute(field, 'id') !== null) return true
  return whole !== null && fieldNamesArgument(whole, 'fields', 0).includes(name)
}

/**
 * The type of the user model's key if one of the fields has it. Otherwise the fields' own type, because the users may
 * be stored elsewhere.
 */
function typeOfUsers(user: ModelBlock | undefined, scalars: readonly Field[]): UserIdType {
  const types = scalars.flatMap((scalar) => userIdType(scalar) ?? [])
  const id = user?.fields.find((field) => findAttribute(field, 'id') !== null)
  const ofModel = id === undefined ? null : userIdType(id)
  return ofModel !== null && types.includes(ofModel) ? ofModel : (types[0] ?? 'number')
}

function userIdType({ type }: Field): UserIdType | null {
  if (type.name === 'Int') return 'number'
  if (type.name === 'BigInt') return 'bigint'
  return type.name === 'String' ? 'string' : null
}

function relationOf(model: ModelBlock, scalar: Field): FilledField['relation'] {
  const relation = relationOver(model, scalar)
  const attribute = relation === null ? null : findAttribute(relation, 'relation')
  if (relation === null || attribute === null || findAttribute(relation, 'ignore') !== null) return null
  const [key] = fieldNamesArgument(attribute, 'references')
  return key === undefined ? null : { name: relation.name.text, key }
}

/** Searches backwards from the models that have a field, because only models with a path to one matter. */
function modelsThatReach(
  blocks: readonly ModelBlock[],
  byName: ReadonlyMap<string, ModelBlock>,
  filled: ReadonlyMap<string, unknown>,
): ReadonlySet<string> {
  const holders = new Map<string, string[]>()
  for (const model of blocks) {
    for (const { type } of model.fields) {
      if (byName.has(type.name)) holders.set(type.name, [...(holders.get(type.name) ?? []), model.name.text])
    }
  }
  const reaching = new Set<string>()
  const open = [...filled.keys()]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (reaching.has(name)) continue
    reaching.add(name)
    open.push(...(holders.get(name) ?? []))
  }
  return reaching
}

function describe(
  model: ModelBlock,
  byName: ReadonlyMap<string, ModelBlock>,
  fields: readonly FilledField[],
): AuditedModel {
  const visible = model.fields.filter((field) => findAttribute(field, 'ignore') === null)
  const relations = visible.flatMap((field): [string, ModelRelation][] => {
    const other = byName.get(field.type.name)
    if (other === undefined) return []
    const opposite = oppositeOf(model, field, other)?.name.text ?? null
    const relation = {
      model: other.name.text,
      opposite,
      isList: field.type.arity === 'list',
      scalars: scalarNamesOf(field),
    }
    return [[field.name.text, relation]]
  })
  const hasData = visible.some(({ name }) => name.text === 'data')
  return { fields, relations: new Map(relations), names: hasData ? visible.map(({ name }) => name.text) : null }
}
