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

/** What a model looks like. An opinion: whoever writes the policy decides. */
export type ModelRole = 'users' | 'join' | 'log' | 'owned' | 'other'

export interface ModelAdvice {
  readonly name: string
  readonly role: ModelRole
  /** The audit fields that the schema has of it. */
  readonly present: readonly AuditField[]
  /** Those that a first policy would require of it, and that can be given to it. */
  readonly suggested: readonly AuditField[]
}

export interface PolicyAdvice {
  /** Models to which `updatedBy` and `ownerId` can refer, the likeliest first. */
  readonly userModels: readonly { readonly name: string; readonly isLikely: boolean }[]
  /** In the order of the schema. */
  readonly models: readonly ModelAdvice[]
}

/** What the models of a schema look like, by their names, fields and relations; `userModel` null: by the likeliest users. */
export function advisePolicy(schema: SchemaModel, userModel: string | null = null): PolicyAdvice {
  const models = modelsOf(schema).map(({ model }) => model)
  const scored = models
    .filter((model) => userKeyOf(model) !== null)
    .map((model) => ({ name: model.name.text, score: userScore(model, models) }))
    // Equals stay in the order of the schema.
    .sort((left, right) => right.score - left.score)
  const userModels = scored.map(({ name, score }) => ({ name, isLikely: score >= LIKELY }))
  const users = userModel ?? userModels.find(({ isLikely }) => isLikely)?.name ?? null
  return { userModels, models: models.map((model) => adviceOn(model, models, users)) }
}

function adviceOn(model: ModelBlock, models: readonly ModelBlock[], users: string | null): ModelAdvice {
  const policy = { ...DEFAULT_POLICY, userModel: users ?? DEFAULT_POLICY.userModel }
  const role = roleOf(model, models, users)
  const suggested = SUGGESTED[role].filter((field) => users !== null || isTimestampField(field))
  return {
    name: model.name.text,
    role,
    present: AUDIT_FIELDS.filter((field) => presentField(policy, model, field) !== null),
    suggested: findAttribute(model, 'ignore') === null ? suggested : [],
  }
}

/** Rows of joins are made and removed, those of logs are never changed: when they last changed says nothing. */
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
  if (isLog(model)) return 'log'
  const isOwned = users !== null && model.fields.some((field) => field.type.name === users && isOwnSide(field))
  return isOwned && models.some(({ name }) => name.text === users) ? 'owned' : 'other'
}

/** Its rows say which of two others belong together, and hardly more. */
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

/** Its rows tell what happened, and are not written again. */
function isLog(model: ModelBlock): boolean {
  if (LOG_NAME.test(model.name.text)) return true
  const isMade = findField(model, 'createdAt') ?? findField(model, 'created_at') ?? findField(model, 'timestamp')
  const isChanged = model.fields.some(
    (field) => findAttribute(field, 'updatedAt') !== null || /^updated_?at$/i.test(field.name.text),
  )
  return isMade !== null && !isChanged && model.fields.some(({ name }) => LOG_FIELD.test(name.text))
}

const LOG_NAME =
  /(log|logs|event|events|history|histories|audit|audits|session|sessions|token|tokens|attempt|attempts|activity|activities|webhookdelivery|metric|metrics|verification_?request)$/i

const LOG_FIELD = /^(event|eventType|event_type|action|payload|ipAddress|ip_address|userAgent|user_agent|level)$/

function userScore(model: ModelBlock, models: readonly ModelBlock[]): number {
  const name = model.name.text.toLowerCase().replace(/s$/, '')
  const has = (pattern: RegExp) => model.fields.some((field) => isScalar(field) && pattern.test(field.name.text))
  const references = models
    .flatMap(({ fields }) => fields)
    .filter((field) => field.type.name === model.name.text && isOwnSide(field))
  const isNamedSo = references.filter((field) => PERSON.test(field.name.text)).length
  return (
    (NAMES.includes(name) ? 6 : name.endsWith('user') ? 4 : 0) +
    (has(/^e?_?mail(_?address)?$/i) ? 2 : 0) +
    (has(/password|passwd|hash$/i) ? 2 : 0) +
    (has(/^(first|last|full|user|display)_?name$/i) ? 1 : 0) +
    Math.min(isNamedSo, 3) +
    (references.length > 3 ? 1 : 0) -
    (isLog(model) || isJoin(model) ? 6 : 0)
  )
}

const NAMES = ['user', 'account', 'member', 'person', 'people', 'employee', 'profile', 'customer', 'staff', 'admin']

const PERSON = /user|owner|author|creat|updat|assign|member|account|person|reviewer|editor/i

const LIKELY = 5

function isOwnSide(field: Field): boolean {
  return scalarNamesOf(field).length > 0
}

function isScalar(field: Field): boolean {
  return field.type.arity !== 'list' && findAttribute(field, 'relation') === null
}
