import { fieldNamesArgument, findAttribute, findField, modelsOf } from '../schema/lookup'
import type { Field, ModelBlock, SchemaModel } from '../schema/model'
import { scalarNamesOf } from '../schema/edits/relations'
import { userKeyOf } from '../schema/edits/user-key'
import { createdAt } from './created-at'
import { AUDIT_FIELDS, isTimestampField, type AuditField } from './kinds'
import { DEFAULT_POLICY } from './policy'
import { presentField } from './present-fields'
import { updatedAt } from './updated-at'
import { updatedBy } from './updated-by'

/** The apparent role of a model. A suggestion: the author of the policy decides. */
export type ModelRole = 'users' | 'join' | 'log' | 'owned' | 'other'

export interface ModelAdvice {
  readonly name: string
  readonly role: ModelRole
  /** The audit fields that it has in the schema. */
  readonly present: readonly AuditField[]
  /** Those that a first policy would require of it, and that can be added. */
  readonly suggested: readonly AuditField[]
}

export interface PolicyAdvice {
  /** Models that `updatedBy` and `ownerId` can reference, the likeliest first. */
  readonly userModels: readonly { readonly name: string; readonly isLikely: boolean }[]
  /** In the order of the schema. */
  readonly models: readonly ModelAdvice[]
}

/**
 * The apparent roles of the models of a schema, by names, fields and relations. If `userModel` is null, the likeliest
 * users are used.
 */
export function advisePolicy(schema: SchemaModel, userModel: string | null = null): PolicyAdvice {
  const models = modelsOf(schema).map(({ model }) => model)
  const scored = rankedUsers(models)
  const best = scored[0]?.score ?? 0
  // Only one model can hold the users, so no second one is suggested.
  const userModels = scored.map(({ name, score }) => ({ name, isLikely: score >= LIKELY && score === best }))
  const users = userModel ?? userModels.find(({ isLikely }) => isLikely)?.name ?? null
  return { userModels, models: models.map((model) => adviceOn(model, models, users)) }
}

function adviceOn(model: ModelBlock, models: readonly ModelBlock[], users: string | null): ModelAdvice {
  const policy = { ...DEFAULT_POLICY, userModel: users ?? DEFAULT_POLICY.userModel }
  const role = roleOf(model, models, users)
  const userBlock = models.find(({ name }) => name.text === users)
  const keyType = userBlock === undefined ? undefined : userKeyOf(userBlock)?.type
  // A plan for an `updatedBy` of another model, or in free text, is refused, and with it the whole run.
  const isOfAnother = (field: AuditField) => {
    const present = isTimestampField(field) ? null : presentField(policy, model, field)
    if (present === null) return false
    return present.relation === null
      ? present.field.type.name !== (keyType ?? present.field.type.name)
      : present.relation.type.name !== policy.userModel
  }
  const suggested = SUGGESTED[role].filter(
    (field) => isTimestampField(field) || (users !== null && !isOfAnother(field)),
  )
  return {
    name: model.name.text,
    role,
    present: AUDIT_FIELDS.filter((field) => presentField(policy, model, field) !== null && !isOfAnother(field)),
    suggested: findAttribute(model, 'ignore') === null ? suggested : [],
  }
}

/** Rows of joins are inserted and deleted, and those of logs never change, so `updatedAt` would say nothing. */
const SUGGESTED: Readonly<Record<ModelRole, readonly AuditField[]>> = {
  users: [updatedAt.name, updatedBy.name],
  owned: [updatedAt.name, updatedBy.name],
  other: [updatedAt.name],
  log: [createdAt.name],
  join: [],
}

function roleOf(model: ModelBlock, models: readonly ModelBlock[], users: string | null): ModelRole {
  if (model.name.text === users) return 'users'
  if (isJoin(model)) return 'join'
  // A session or an activity that says when it was changed is no log.
  if (isLog(model)) return isChanged(model) ? 'other' : 'log'
  const isOwned = users !== null && model.fields.some((field) => field.type.name === users && isOwnSide(field))
  return isOwned && models.some(({ name }) => name.text === users) ? 'owned' : 'other'
}

/** Its rows link two other models, and contain little else. */
function isJoin(model: ModelBlock): boolean {
  const keys = model.fields.filter(isOwnSide).map(scalarNamesOf)
  if (keys.length < 2) return false
  const joined = new Set(keys.flat())
  const id = findAttribute(model, 'id')
  const key = id === null ? [] : fieldNamesArgument(id, 'fields', 0)
  const isKeyOfBoth = keys.filter((names) => names.every((name) => key.includes(name))).length >= 2
  const others = model.fields.filter(
    (field) => isScalar(field) && !joined.has(field.name.text) && findAttribute(field, 'id') === null,
  )
  const isBare = others.every(({ type, name }) => type.name === 'DateTime' || ORDERS.test(name.text))
  return (isKeyOfBoth && others.length <= MOST_OF_A_JOIN) || isBare
}

const MOST_OF_A_JOIN = 3

const ORDERS = /^(order|position|sort|rank|index|primary|isPrimary)/i

/** Its rows record events and are never updated. */
function isLog(model: ModelBlock): boolean {
  if (LOG_NAME.test(model.name.text)) return true
  const isMade = findField(model, 'createdAt') ?? findField(model, 'created_at') ?? findField(model, 'timestamp')
  return isMade !== null && !isChanged(model) && model.fields.some(({ name }) => LOG_FIELD.test(name.text))
}

function isChanged(model: ModelBlock): boolean {
  return model.fields.some(
    (field) => findAttribute(field, 'updatedAt') !== null || /^updated_?at$/i.test(field.name.text),
  )
}

const LOG_NAME =
  /(log|logs|event|events|history|histories|audit|audits|session|sessions|token|tokens|attempt|attempts|activity|activities|webhookdelivery|metric|metrics|verification_?request)$/i

const LOG_FIELD = /^(event|eventType|event_type|action|payload|ipAddress|ip_address|userAgent|user_agent|level)$/

/** Models that user fields can reference, the likeliest first; equal ones in schema order. */
function rankedUsers(models: readonly ModelBlock[]): { readonly name: string; readonly score: number }[] {
  const scores = new Map(models.map((model) => [model.name.text, userScore(model, models)]))
  const scoreOf = (name: string) => scores.get(name) ?? 0
  return models
    .filter((model) => userKeyOf(model) !== null)
    .map((model) => {
      const name = model.name.text
      // A model that belongs to a likelier one is its login, profile or membership.
      const isOfAnother = model.fields.some(
        (field) => isOwnSide(field) && isPersonal(field) && scoreOf(field.type.name) > scoreOf(name),
      )
      return { name, score: scoreOf(name) - (isOfAnother ? NO_USERS : 0) }
    })
    .sort((left, right) => right.score - left.score)
}

/** How much a model looks like the user model: by its name, its fields about a person, and references to it. */
function userScore(model: ModelBlock, models: readonly ModelBlock[]): number {
  const name = model.name.text.toLowerCase().replace(/s$/, '')
  const has = (pattern: RegExp) => model.fields.some((field) => isScalar(field) && pattern.test(field.name.text))
  const references = models
    .flatMap(({ fields }) => fields)
    .filter((field) => field.type.name === model.name.text && isOwnSide(field))
  // A field named `member` or `memberOne` says nothing about whether a member is a person.
  const asPerson = references.filter(
    ({ name: { text } }) => PERSON.test(text) && !text.toLowerCase().startsWith(name),
  ).length
  return (
    (/^(auth)?_?user$/.test(name) ? 6 : name.endsWith('user') ? 4 : PEOPLE.has(name) ? 3 : 0) +
    (has(/^e?_?mail(_?address)?$/i) ? 2 : 0) +
    (has(/password|passwd|^hash$/i) ? 2 : 0) +
    (has(/^(first|last|full|user|display|sur)_?name$/i) ? 1 : 0) +
    Math.min(asPerson, 3) +
    (references.length > 3 ? 1 : 0) -
    (isLog(model) || isJoin(model) ? NO_USERS : 0)
  )
}

const PEOPLE: ReadonlySet<string> = new Set(
  'account admin author customer employee member people person player profile staff'.split(' '),
)

const PERSON =
  /user|owner|author|creat|updat|assign|member|person|reviewer|editor|sender|receiver|manager|approve|invite/i

/** Whether the field is the person who owns the rows, not one who did something with them. */
function isPersonal({ name, type }: Field): boolean {
  return /^(user|owner|account|profile|person|member|customer|employee)$/i.test(name.text) || /users?$/i.test(type.name)
}

const NO_USERS = 6

const LIKELY = 5

function isOwnSide(field: Field): boolean {
  return scalarNamesOf(field).length > 0
}

function isScalar(field: Field): boolean {
  return field.type.arity !== 'list' && findAttribute(field, 'relation') === null
}
