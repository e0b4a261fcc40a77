import { referenceNames } from '../audit-fields/edits/reference-names'
import { isRequiredField } from '../audit-fields/field-policies'
import { AUDIT_FIELDS, isTimestampField, userKind, type AuditField } from '../audit-fields/kinds'
import type { Policy } from '../audit-fields/policy'
import { presentField, type ModelAuditField } from '../audit-fields/present-fields'
import { findAttribute, modelsOf } from '../schema/lookup'
import type { Field, ModelBlock, SchemaModel } from '../schema/model'
import { clientNameOf } from './model-names'
import type { AddedMember, CodeModel, CodeModels, DisplayField } from './model'

/** All models by name, with what the schema says about them and what the added fields are in code. */
export function codeModels(schema: SchemaModel, policy: Policy, additions: readonly ModelAuditField[]): CodeModels {
  const models = new Map(modelsOf(schema).map(({ model }) => [model.name.text, model]))
  const isColumn = (field: Field) => !models.has(field.type.name)
  const user = models.get(policy.userModel)
  const displayFields = user === undefined ? [] : displayFieldsOf(user.fields.filter(isColumn))

  const entries = [...models].map(([name, model]): [string, CodeModel] => {
    const columns = model.fields.filter(isColumn)
    const wanted = new Set(additions.filter((addition) => addition.model === name).map(({ field }) => field))
    return [
      name,
      {
        model: name,
        clientName: clientNameOf(name),
        scalarFields: new Set(columns.map((field) => field.name.text)),
        keyFields: new Set(
          columns.filter((field) => findAttribute(field, 'id') !== null).map((field) => field.name.text),
        ),
        dateFields: new Set(columns.filter((field) => field.type.name === 'DateTime').map((field) => field.name.text)),
        relations: new Map(
          model.fields
            .filter((field) => !isColumn(field))
            .map((field) => [field.name.text, { model: field.type.name, isList: field.type.arity === 'list' }]),
        ),
        isUser: name === policy.userModel,
        members: AUDIT_FIELDS.filter((field) => wanted.has(field)).map((field) =>
          memberFor(field, model, policy, displayFields),
        ),
      },
    ]
  })
  return new Map(entries)
}

/** Under the names that the field has in the schema, or will get if it is not there yet. */
function memberFor(
  field: AuditField,
  model: ModelBlock,
  policy: Policy,
  displayFields: readonly DisplayField[],
): AddedMember {
  const present = presentField(policy, model, field)
  const name = present?.field.name.text
  const isNullable = present === null ? !isRequiredField(field, policy) : present.field.type.arity === 'optional'
  if (isTimestampField(field)) {
    const shown = name ?? field
    const column = { name: shown, type: 'Date', isNullable: present !== null && isNullable }
    return { name: shown, auditField: field, shape: { kind: 'date' }, column }
  }

  const kind = userKind(field)
  const hasRelation = present === null ? policy.fields[field].relation : present.relation !== null
  const newNames = referenceNames(field, model.name.text, hasRelation, { model: false, user: false })
  const { relation, type: elsewhere } = policy.fields[field]
  const keyType =
    !relation && elsewhere !== null
      ? (JSON_TYPES.get(elsewhere.field) ?? 'string')
      : (displayFields[0]?.type ?? 'number')
  const column = {
    name: name ?? newNames.scalars[0] ?? field,
    type: present === null ? keyType : (JSON_TYPES.get(present.field.type.name) ?? 'string'),
    isNullable,
  }
  if (kind.shownAs === 'user' && hasRelation && displayFields.length > 0) {
    const isOwnModel = model.name.text === policy.userModel
    return {
      name: present?.relation?.name.text ?? newNames.relations[0] ?? field,
      auditField: field,
      shape: { kind: 'user', fields: displayFields, isOwnModel },
      column,
    }
  }
  return {
    name: column.name,
    auditField: field,
    shape: { kind: 'value', type: `${column.type}${isNullable ? ' | null' : ''}` },
    column,
  }
}

/** The user's key first, then the names of a person. */
function displayFieldsOf(columns: readonly Field[]): readonly DisplayField[] {
  const key = columns.filter((field) => findAttribute(field, 'id') !== null)
  const named = (pattern: RegExp) => columns.filter((field) => pattern.test(field.name.text) && !key.includes(field))
  const names = [/^name$/, /^(?:full|display)_?name$/i, /^(?:first|last)_?name$/i, /^(?:user_?name|login)$/i].map(named)
  return [...key, ...(names.find(({ length }) => length > 0) ?? []), ...named(/^email$/)].map((field) => ({
    name: field.name.text,
    type: jsonType(field),
  }))
}

function jsonType(field: Field): string {
  const type = JSON_TYPES.get(field.type.name) ?? 'string'
  return field.type.arity === 'optional' ? `${type} | null` : type
}

/** All other types (text, uuid, timestamps, decimals, big integers, enums) become strings in JSON. */
const JSON_TYPES: ReadonlyMap<string, string> = new Map([
  ['Int', 'number'],
  ['Float', 'number'],
  ['Boolean', 'boolean'],
  ['Json', 'unknown'],
])
