import type { DatabaseEnum, DatabaseModel, Table } from '../../database/model'
import { primaryKeyName } from '../../expected/names'
import { datasourceSettingsOf, previewFeaturesOf } from '../../schema/lookup'
import type { SchemaFile, SchemaModel } from '../../schema/model'
import { renderRow, widthsOf, type FieldRow } from '../../schema/edits/field-rows'
import { firstFree } from '../../schema/edits/names'
import type { SourceLines } from '../../schema/edits/source-lines'
import { indexAttribute } from './index-attribute'
import { prismaDefaultOf } from './prisma-default'
import { prismaTypeOf } from './prisma-type'
import type { SchemaFix } from './schema-fix'
import type { Translate } from '../../text/translate'

/** Where a new block is written: at the end of a file. */
export interface NewBlockPlace {
  readonly t: Translate
  readonly schema: SchemaModel
  readonly file: SchemaFile
  readonly lines: SourceLines
  readonly database: DatabaseModel
}

/** `enum-unmapped`: adds the enum to the schema. */
export function enumUnmappedFixes(actual: DatabaseEnum, place: NewBlockPlace): SchemaFix[] {
  const name = identifier(actual.name)
  const values = actual.values.map((value) => ({ name: identifier(value), type: '', attributes: mapOf(value, '@map') }))
  const lines = values.map(({ name: value, attributes }) => (attributes === '' ? value : `${value} ${attributes}`))
  const attributes = [...placeOf(actual, place), ...mapped(actual.name)]
  return [newBlock('enum', name, [...lines, ...behindBlank(attributes)], place)]
}

/** `table-unmapped`: adds a model without relations; each of its foreign keys then becomes a finding. */
export function tableUnmappedFixes(table: Table, place: NewBlockPlace): SchemaFix[] {
  if (table.kind !== 'table' && table.kind !== 'partitioned table') return []
  const { schema, database } = place
  const types = table.columns.map((column) => prismaTypeOf(column, schema, database.defaultSchema))
  if (types.some((type) => type === null)) return []
  const taken = new Set<string>()
  const fields = new Map(
    table.columns.map(({ name }) => {
      const field = firstFree([identifier(name)], (candidate) => taken.has(candidate))
      taken.add(field)
      return [name, field] as const
    }),
  )
  const indexPlace = {
    table: table.name,
    fieldOf: (column: string) => fields.get(column) ?? null,
    hasConditions: previewFeaturesOf(schema).includes('partialIndexes'),
  }
  const indexes = table.indexes
    .filter(({ primary }) => !primary)
    .flatMap((index) => indexAttribute(index, indexPlace) ?? [])
  const key = table.primaryKey
  const map = key === null || key.name === primaryKeyName(table.name) ? [] : [`map: ${JSON.stringify(key.name)}`]
  const rows = table.columns.map((column, position): FieldRow => {
    const type = types[position]
    const name = fields.get(column.name) ?? column.name
    if (type === null || type === undefined) return { name, type: '', attributes: '' }
    const value = prismaDefaultOf(column, type)
    const isKey = key?.columns.length === 1 && key.columns[0] === column.name
    const unique = indexes.find(({ ofField }) => ofField?.field === name)
    const arity = (column.base ?? column).isArray ? '[]' : column.nullable ? '?' : ''
    const attributes = [
      ...(isKey ? [map.length === 0 ? '@id' : `@id(${map.join('')})`] : []),
      ...(unique?.ofField === null || unique === undefined ? [] : [unique.ofField.text]),
      ...(value === null ? [] : [`@default(${value})`]),
      ...(name === column.name ? [] : [`@map(${JSON.stringify(column.name)})`]),
      ...(type.native === null ? [] : [type.native.text]),
    ]
    return { name, type: type.name + arity, attributes: attributes.join(' ') }
  })
  const isIdentified = key !== null || indexes.some(({ name }) => name === 'unique')
  const keyFields =
    key === null || key.columns.length < 2 ? [] : key.columns.flatMap((column) => fields.get(column) ?? [])
  const attributes = [
    ...(keyFields.length === 0 ? [] : [`@@id(${[`[${keyFields.join(', ')}]`, ...map].join(', ')})`]),
    ...indexes.filter(({ name, ofField }) => name === 'unique' && ofField === null).map(({ ofModel }) => ofModel),
    ...indexes.filter(({ name }) => name === 'index').map(({ ofModel }) => ofModel),
    ...mapped(table.name),
    // Prisma Client cannot address the rows of a table without a key.
    ...(isIdentified ? [] : ['@@ignore']),
    ...placeOf(table, place),
  ]
  const widths = widthsOf(rows)
  const lines = rows.map((row) => renderRow('', row, widths))
  return [newBlock('model', identifier(table.name), [...lines, ...behindBlank(attributes)], place)]
}

function newBlock(kind: 'model' | 'enum', wanted: string, lines: readonly string[], place: NewBlockPlace): SchemaFix {
  const { t, schema, file, lines: source } = place
  const taken = new Set(schema.files.flatMap(({ blocks }) => blocks.map(({ block }) => block.name.text)))
  const name = firstFree([wanted], (candidate) => taken.has(candidate))
  const { lineBreak } = source
  const body = lines.map((line) => (line === '' ? '' : `  ${line}`))
  const text = [`${kind} ${name} {`, ...body, '}', ''].join(lineBreak)
  const last = source.endOf(source.count - 1)
  const isOnNewLine = last.character === 0
  return {
    title: t('Add {0}, as in the database', `${kind} ${name}`),
    edits: [
      {
        file: file.path,
        range: { start: last, end: last },
        newText: (isOnNewLine ? '' : lineBreak) + lineBreak + text,
      },
    ],
    isPreferred: false,
  }
}

function behindBlank(attributes: readonly string[]): string[] {
  return attributes.length === 0 ? [] : ['', ...attributes]
}

/** A valid name in a schema. */
export function identifier(name: string): string {
  const valid = name.replace(/[^A-Za-z\d_]/g, '_').replace(/^[^A-Za-z]+/, '')
  return valid === '' ? 'Unnamed' : valid
}

export function mapOf(name: string, attribute: '@map' | '@@map'): string {
  return identifier(name) === name ? '' : `${attribute}(${JSON.stringify(name)})`
}

function mapped(name: string): string[] {
  const map = mapOf(name, '@@map')
  return map === '' ? [] : [map]
}

/** `@@schema`, which every block needs if the datasource lists schemas. */
function placeOf({ schema: name }: { readonly schema: string }, { schema }: NewBlockPlace): string[] {
  return datasourceSettingsOf(schema).schemas.length === 0 ? [] : [`@@schema(${JSON.stringify(name)})`]
}
