import { referenceNames } from '../audit-fields/edits/reference-names'
import { isRequiredField } from '../audit-fields/field-policies'
import { AUDIT_FIELDS, isTimestampField, userKind, type AuditField } from '../audit-fields/kinds'
import type { Policy } from '../audit-fields/policy'
import type { ModelAuditField } from '../audit-fields/present-fields'
import type { Field, ModelBlock, SchemaModel } from '../schema/model'
import { namedAuditField } from '../audit-fields/present-fields'
import { findAttribute, modelsOf } from '../schema/lookup'
import { clientNameOf } from './mentions-model'
import type { AddedMember, DisplayField, ModelAddition } from './model'

/** The additions by model, with what the schema says of the model and of the users that its new fields refer to. */
export function modelAdditions(
  schema: SchemaModel,
  policy: Policy,
  additions: readonly ModelAuditField[],
): readonly ModelAddition[] {
  const models = new Map(modelsOf(schema).map(({ model }) => [model.name.text, model]))
  const isColumn = (field: Field) => !models.has(field.type.name)
  const user = models.get(policy.userModel)
  const displayFields = user === undefined ? [] : displayFieldsOf(user.fields.filter(isColumn))

  return [...new Set(additions.map(({ model }) => model))].flatMap((name) => {
    const model = models.get(name)
    if (model === undefined) return []
    const columns = model.fields.filter(isColumn)
    const wanted = new Set(additions.filter((addition) => addition.model === name).map(({ field }) => field))
    return {
      model: name,
      clientName: clientNameOf(name),
      scalarFields: new Set(columns.map((field) => field.name.text)),
      dateFields: new Set(columns.filter((field) => field.type.name === 'DateTime').map((field) => field.name.text)),
      members: AUDIT_FIELDS.filter((field) => wanted.has(field)).map((field) =>
        memberFor(field, model, policy, displayFields),
      ),
    }
  })
}

/** Under the names that the schema gives the field; where it is not written yet, under those that it will get. */
function memberFor(
  field: AuditField,
  model: ModelBlock,
  policy: Policy,
  displayFields: readonly DisplayField[],
): AddedMember {
  const present = namedAuditField(policy, model, field)
  const name = present?.field.name.text
  if (isTimestampField(field)) return { name: name ?? field, shape: { kind: 'date' } }

  const kind = userKind(field)
  const hasRelation = present === null ? policy.fields[field].relation : present.relation !== null
  const newNames = referenceNames(field, model.name.text, hasRelation, { model: false, user: false })
  if (kind.shownAs === 'user' && hasRelation) {
    const isOwnModel = model.name.text === policy.userModel
    return {
      name: present?.relation?.name.text ?? newNames.relations[0] ?? field,
      shape: { kind: 'user', fields: displayFields, isOwnModel },
    }
  }
  const { relation, type: elsewhere } = policy.fields[field]
  const keyType =
    !relation && elsewhere !== null
      ? (JSON_TYPES.get(elsewhere.field) ?? 'string')
      : (displayFields[0]?.type ?? 'number')
  return {
    name: name ?? newNames.scalars[0] ?? field,
    shape: {
      kind: 'value',
      type: present === null ? `${keyType}${isRequiredField(field, policy) ? '' : ' | null'}` : jsonType(present.field),
    },
  }
}

/** The user's key first, then what a person is known by. */
function displayFieldsOf(columns: readonly Field[]): readonly DisplayField[] {
  const key = columns.filter((field) => findAttribute(field, 'id') !== null)
  const known = ['name', 'email'].flatMap((name) => columns.filter((field) => field.name.text === name))
  const shown = known.length > 0 ? known : columns.filter((field) => field.name.text === 'username')
  return [...key, ...shown.filter((field) => !key.includes(field))].map((field) => ({
    name: field.name.text,
    type: jsonType(field),
  }))
}

function jsonType(field: Field): string {
  const type = JSON_TYPES.get(field.type.name) ?? 'string'
  return field.type.arity === 'optional' ? `${type} | null` : type
}

/** Whatever is not here (text, uuid, moments, decimals, big integers, enums) travels as a string. */
const JSON_TYPES: ReadonlyMap<string, string> = new Map([
  ['Int', 'number'],
  ['Float', 'number'],
  ['Boolean', 'boolean'],
  ['Json', 'unknown'],
])
