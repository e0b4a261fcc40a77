import { getDMMF } from '@prisma/internals'
import {
  enumsOf,
  fieldNamesArgument,
  findArgument,
  findAttribute,
  modelsOf,
  stringArgument,
  viewsOf,
  wordArgument,
} from '../../../server/src/schema/lookup'
import type { Attribute, Expression, Field, ModelBlock, SchemaModel } from '../../../server/src/schema/model'

/** What Prisma itself reads in a schema, in the shape of `asPrismaReads`. */
export async function readByPrisma(text: string) {
  const { datamodel } = await getDMMF({ datamodel: text })
  return {
    models: datamodel.models.map((model) => ({
      name: model.name,
      dbName: model.dbName ?? null,
      documentation: model.documentation ?? '',
      fields: model.fields.map((field) => ({
        name: field.name,
        dbName: field.dbName ?? null,
        documentation: field.documentation ?? '',
        type: field.type,
        arity: field.isList ? 'list' : field.isRequired ? 'required' : 'optional',
        isId: field.isId,
        isUnique: field.isUnique,
        isUpdatedAt: field.isUpdatedAt ?? false,
        default: plain(field.default),
        nativeType: !field.nativeType ? null : { name: field.nativeType[0], arguments: [...field.nativeType[1]] },
        relationFields: field.relationFromFields ?? [],
        references: field.relationToFields ?? [],
        onDelete: field.relationOnDelete ?? null,
        onUpdate: field.relationOnUpdate ?? null,
      })),
      primaryKey:
        model.primaryKey === null ? null : { name: model.primaryKey.name ?? null, fields: model.primaryKey.fields },
      uniques: model.uniqueIndexes.map(({ name, fields }) => ({ name, fields })),
    })),
    enums: datamodel.enums.map(({ name, dbName, values }) => ({
      name,
      dbName: dbName ?? null,
      values: values.map((value) => ({ name: value.name, dbName: value.dbName ?? null })),
    })),
  }
}

/** The same from our own parser's model. Prisma leaves out what it does not support and what is ignored. */
export function asPrismaReads(schema: SchemaModel) {
  const enums = new Map(enumsOf(schema).map(({ block }) => [block.name.text, block]))
  return {
    models: [...modelsOf(schema), ...viewsOf(schema)]
      .filter(({ model }) => !isIgnored(model))
      .map(({ model }) => ({
        name: model.name.text,
        dbName: mapped(model),
        documentation: model.documentation.join('\n'),
        fields: model.fields
          .filter((field) => field.type.unsupported === null && !isIgnored(field))
          .map((field) => asPrismaReadsField(model, field)),
        primaryKey: keyOf(model, 'id'),
        uniques: model.attributes.filter(({ name }) => name.text === 'unique').map(asPrismaReadsUnique),
      })),
    enums: [...enums.values()].map((block) => ({
      name: block.name.text,
      dbName: mapped(block),
      values: block.values.map((value) => ({ name: value.name.text, dbName: mapped(value) })),
    })),
  }
}

function asPrismaReadsField(model: ModelBlock, field: Field) {
  const native = field.attributes.find(({ name }) => name.text.startsWith('db.'))
  const relation = findAttribute(field, 'relation')
  const given = findAttribute(field, 'default')
  return {
    name: field.name.text,
    dbName: mapped(field),
    documentation: field.documentation.join('\n'),
    type: field.type.name,
    arity: field.type.arity,
    isId: findAttribute(field, 'id') !== null,
    isUnique: isUnique(model, field),
    isUpdatedAt: findAttribute(field, 'updatedAt') !== null,
    default: given === null ? null : defaultOf(findArgument(given, 'value', 0), field.type.name),
    nativeType:
      native === undefined
        ? null
        : { name: native.name.text.slice(3), arguments: native.arguments.map(({ value }) => textOf(value)) },
    relationFields: relation === null ? [] : fieldNamesArgument(relation, 'fields'),
    references: relation === null ? [] : fieldNamesArgument(relation, 'references'),
    onDelete: relation === null ? null : wordArgument(relation, 'onDelete'),
    onUpdate: relation === null ? null : wordArgument(relation, 'onUpdate'),
  }
}

/** Prisma reads a block's unique of one field as the field's own, and none on a key, which is unique anyway. */
function isUnique(model: ModelBlock, field: Field): boolean {
  if (findAttribute(field, 'id') !== null) return false
  const isByBlock = model.attributes.some((attribute) => {
    const fields = fieldNamesArgument(attribute, 'fields', 0)
    return attribute.name.text === 'unique' && fields.length === 1 && fields[0] === field.name.text
  })
  return isByBlock || findAttribute(field, 'unique') !== null
}

function isIgnored(node: { readonly attributes: readonly Attribute[] }): boolean {
  return findAttribute(node, 'ignore') !== null
}

function keyOf(model: ModelBlock, name: string) {
  const attribute = findAttribute(model, name)
  return attribute === null ? null : asPrismaReadsUnique(attribute)
}

function asPrismaReadsUnique(attribute: Attribute) {
  return { name: stringArgument(attribute, 'name'), fields: fieldNamesArgument(attribute, 'fields', 0) }
}

function mapped(node: { readonly attributes: readonly Attribute[] }): string | null {
  const attribute = findAttribute(node, 'map')
  return attribute === null ? null : stringArgument(attribute, 'name', 0)
}

function defaultOf(value: Expression | null, type: string): unknown {
  if (value === null || value.kind === 'missing' || value.kind === 'object') return null
  if (value.kind === 'array') return value.items.map((item) => defaultOf(item, type))
  if (value.kind === 'function') {
    const args = value.arguments.map((item) => defaultOf(item.value, ''))
    return { name: value.name, args: args.length === 0 ? (USUAL_ARGUMENTS[value.name] ?? []) : args }
  }
  if (value.kind === 'number') return type === 'BigInt' ? value.value : Number(value.value)
  if (value.kind === 'word' && type === 'Boolean') return value.value === 'true'
  return value.value
}

/** Prisma fills in the version that it takes where none is said. */
const USUAL_ARGUMENTS: Readonly<Record<string, number[]>> = { uuid: [4], cuid: [1] }

function textOf(value: Expression): string {
  return value.kind === 'number' || value.kind === 'string' || value.kind === 'word' ? value.value : ''
}

/** Functions without the prototype that Prisma gives them, and nothing for no default. */
function plain(value: unknown): unknown {
  return value === undefined ? null : JSON.parse(JSON.stringify(value))
}
