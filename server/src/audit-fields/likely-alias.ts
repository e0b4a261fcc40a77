import { userKeyOf } from '../schema/edits/user-key'
import { relationOver } from '../schema/edits/relations'
import { columnNameOf, nativeTypeOf } from '../schema/lookup'
import type { Field, ModelBlock } from '../schema/model'
import { AUDIT_FIELD_KINDS, AUDIT_FIELDS, kindOf, type AuditField } from './kinds'
import type { Policy } from './policy'
import { presentField } from './present-fields'

/**
 * The field of a model that may be an audit field under another common name. A person decides: adds it to the policy,
 * or ignores the suggestion. A time must be a DateTime; a user must reference the user model or, without a relation,
 * have the type of its key and not the name of another model. Null if there is none.
 */
export function likelyAlias(policy: Policy, model: ModelBlock, field: AuditField, users: UserFacts): Field | null {
  const kind = kindOf(field)
  if (kind.shape === 'user' && !kind.isForUsers && model.name.text === policy.userModel) return null
  const isClaimed = claimedFields(policy, model)
  const candidates = model.fields.filter(
    (candidate) =>
      (kind.commonNames.includes(plain(candidate.name.text)) ||
        kind.commonNames.includes(plain(columnNameOf(candidate)))) &&
      !isClaimed(candidate) &&
      (kind.shape === 'timestamp' ? isMoment(candidate) : namesUser(policy, model, candidate, users)),
  )
  const inOrder = kind.commonNames.flatMap((name) => candidates.filter((found) => plain(found.name.text) === name))
  return inOrder[0] ?? candidates[0] ?? null
}

/** The required facts about the rest of the schema. */
export interface UserFacts {
  /** The type of the user model's key as a field of the schema repeats it; null if the key is not a single field. */
  readonly keyType: string | null
  /** Models, other than the user model, whose key one of the common names could be: `Account` for `accountId`. */
  readonly otherModels: string
}

export function userFacts(policy: Policy, findModel: (name: string) => ModelBlock | null): UserFacts {
  const user = findModel(policy.userModel)
  const key = user === null ? null : userKeyOf(user)
  return {
    keyType: key === null ? null : typeOf(key.field),
    otherModels: STEMS.filter((stem) => stem !== policy.userModel && findModel(stem) !== null).join(' '),
  }
}

function namesUser(policy: Policy, model: ModelBlock, candidate: Field, { keyType, otherModels }: UserFacts): boolean {
  const relation = relationOver(model, candidate)
  if (relation !== null) return relation.type.name === policy.userModel
  const stem = stemOf(plain(candidate.name.text))
  return (
    candidate.type.arity !== 'list' &&
    typeOf(candidate) === keyType &&
    !otherModels.split(' ').some((name) => name.toLowerCase() === stem) &&
    (!NAMES_OF_PEOPLE.includes(stem) || stem === plain(policy.userModel).replace(/s$/, ''))
  )
}

function claimedFields(policy: Policy, model: ModelBlock): (field: Field) => boolean {
  const claimed = AUDIT_FIELDS.map((field) => presentField(policy, model, field)?.field)
  return (field) => claimed.includes(field)
}

function isMoment({ type }: Field): boolean {
  return type.name === 'DateTime' && type.arity !== 'list'
}

/** `Int`, `String @db.Uuid`. */
function typeOf(field: Field): string {
  const native = nativeTypeOf(field)
  const values = native?.arguments.map(({ value }) =>
    value.kind === 'number' || value.kind === 'word' ? value.value : '',
  )
  return native === null ? field.type.name : `${field.type.name} @${native.name.text}(${(values ?? []).join()})`
}

function plain(name: string): string {
  return name.replaceAll('_', '').toLowerCase()
}

function stemOf(name: string): string {
  return name.replace(/id$/, '')
}

/** Such a word is a user only if the user model has that name. */
const NAMES_OF_PEOPLE = ['user', 'account', 'member', 'person']

/** Possible model names: for `authorId` the model `Author` or `author`. */
const STEMS: readonly string[] = [
  ...new Set(
    AUDIT_FIELD_KINDS.filter(({ shape }) => shape === 'user').flatMap(({ commonNames }) =>
      commonNames.map(stemOf).flatMap((stem) => [stem, stem.charAt(0).toUpperCase() + stem.slice(1)]),
    ),
  ),
]
