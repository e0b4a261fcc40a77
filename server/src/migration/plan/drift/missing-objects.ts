import { createDatabaseIndex, type DatabaseIndex, type ExternalNames } from '../../../audit/database-index'
import type {
  ExpectedColumn,
  ExpectedDatabase,
  ExpectedEnum,
  ExpectedExtension,
  ExpectedForeignKey,
  ExpectedIndex,
  ExpectedTable,
} from '../../../expected/model'
import { EVERYTHING, ignoredNames } from '../../../audit-fields/ignore-comments'
import { sameIndex } from '../../../audit/matching/indexes'
import { RENAMED } from '../../../audit/matching/likely-former'
import {
  likelyFormerColumn,
  likelyFormerEnum,
  likelyFormerTable,
  likelyFormerValue,
} from '../../../audit/matching/likely-renames'
import { pairTable } from '../../../audit/matching/table-pair'
import { unmappedEnums, unmappedTables } from '../../../audit/matching/unmapped-objects'
import type { Column, DatabaseEnum, DatabaseModel, Table } from '../../../database/model'

/** What the schema defines and the database lacks, from the same comparison that reports it. */
export interface MissingObjects {
  readonly schemas: readonly string[]
  readonly extensions: readonly ExpectedExtension[]
  readonly enums: readonly MissingEnum[]
  readonly enumValues: readonly MissingEnumValue[]
  readonly tables: readonly MissingTable[]
  /** Of existing tables. */
  readonly parts: readonly MissingParts[]
  /** Names of views; their queries are not in the schema. */
  readonly views: readonly { readonly model: string; readonly schema: string; readonly name: string }[]
}

export interface MissingEnumValue {
  readonly actual: DatabaseEnum
  readonly value: string
  /** In the schema. */
  readonly enumName: string
  /** The likely former value, if it was renamed only in the schema. */
  readonly likelyFormer: string | null
}

export interface MissingEnum {
  readonly schema: string
  readonly expected: ExpectedEnum
  /** Its likely former name, if it was renamed only in the schema; null if it is new. */
  readonly likelyFormer: DatabaseEnum | null
}

export interface MissingTable {
  readonly schema: string
  readonly expected: ExpectedTable
  /** Its likely former name, if its model was renamed only in the schema; null if it is new. */
  readonly likelyFormer: Table | null
}

export interface MissingParts {
  readonly expected: ExpectedTable
  readonly actual: Table
  readonly columns: readonly ExpectedColumn[]
  /** The likely former name of each of `columns`, if its field was renamed only in the schema. */
  readonly likelyFormer: ReadonlyMap<ExpectedColumn, Column>
  readonly indexes: readonly ExpectedIndex[]
  readonly foreignKeys: readonly ExpectedForeignKey[]
}

export function findMissingObjects(
  expected: ExpectedDatabase,
  database: DatabaseModel,
  external: ExternalNames | undefined,
): MissingObjects {
  const index = createDatabaseIndex(database, external)
  const models = new Set(expected.models.map(({ table }) => table))
  const unmapped = new Set(unmappedTables(expected, index))
  const tables = expected.models
    .filter(({ block }) => !ignoredNames(block.documentation).has(EVERYTHING))
    .flatMap(({ table, joinTables }) => [table, ...joinTables])
    .filter((table) => !index.isExternalTable(index.schemaNameOf(table.schema), table.name))
  return {
    schemas: missingSchemas(expected, index),
    extensions: expected.extensions.filter(({ name }) => !database.extensions.some((found) => found.name === name)),
    ...missingEnums(expected.enums, index),
    tables: tables
      .filter((table) => index.findTable(table.schema, table.name) === undefined && !isIgnored(table, 'table-missing'))
      .map((table) => ({
        schema: index.schemaNameOf(table.schema),
        expected: table,
        likelyFormer:
          models.has(table) && !isIgnored(table, RENAMED)
            ? likelyFormerTable(table, index.tablesWithColumns(table.columns), database.defaultSchema, (one) =>
                unmapped.has(one),
              )
            : null,
      })),
    parts: tables.flatMap((table) => missingParts(table, index)),
    views: expected.views
      .filter((view) => index.findTable(view.schema, view.name) === undefined)
      .map(({ block, schema: own, name }) => ({ model: block.name.text, schema: index.schemaNameOf(own), name })),
  }
}

function missingSchemas({ models, enums }: ExpectedDatabase, index: DatabaseIndex): string[] {
  const wanted = new Set([
    ...models.flatMap(({ table, joinTables }) => [table, ...joinTables].map((each) => index.schemaNameOf(each.schema))),
    ...enums.map((each) => index.schemaNameOf(each.schema)),
  ])
  return index.database.missingSchemas.filter((name) => wanted.has(name))
}

function missingEnums(enums: readonly ExpectedEnum[], index: DatabaseIndex) {
  const own = enums.filter(({ schema, name }) => !index.isExternalEnum(index.schemaNameOf(schema), name))
  const unmapped = unmappedEnums(enums, index)
  return {
    enums: own
      .filter(({ schema, name }) => index.findEnum(schema, name) === undefined)
      .map((expected) => ({
        schema: index.schemaNameOf(expected.schema),
        expected,
        likelyFormer: ignoredNames(expected.block.documentation).has(RENAMED)
          ? null
          : likelyFormerEnum(expected, unmapped),
      })),
    enumValues: own.flatMap((expected) => {
      const { schema, name, values, block } = expected
      const actual = index.findEnum(schema, name)
      if (actual === undefined) return []
      const isNew = ignoredNames(block.documentation).has(RENAMED)
      const existing = new Set(actual.values)
      return values
        .filter((value) => !existing.has(value.name))
        .map((value) => ({
          actual,
          value: value.name,
          enumName: block.name.text,
          likelyFormer: isNew ? null : likelyFormerValue(value.name, expected, actual),
        }))
    }),
  }
}

function missingParts(expected: ExpectedTable, index: DatabaseIndex): MissingParts[] {
  const actual = index.findTable(expected.schema, expected.name)
  if (actual === undefined) return []
  const pair = pairTable(expected, actual, index.database)
  const columns = pair.columns.missing.filter((column) => !isIgnored(expected, 'column-missing', column.field))
  // The schema may have two indexes that differ only by name; Prisma's engine accepts one of them.
  const hasTwin = (missing: ExpectedIndex) =>
    pair.indexes.pairs.some((found) => sameIndex(missing, found.actual, actual.columns))
  const indexes = pair.indexes.missing.filter(
    (missing) =>
      !hasTwin(missing) && !isIgnored(expected, missing.unique ? 'unique-missing' : 'index-missing', missing.field),
  )
  const foreignKeys = pair.foreignKeys.missing.filter((key) => !isIgnored(expected, 'foreign-key-missing', key.field))
  const isNothing = columns.length + indexes.length + foreignKeys.length === 0
  if (isNothing) return []
  const likelyFormer = new Map(
    columns.flatMap((column) => {
      const former = isIgnored(expected, RENAMED, column.field) ? null : likelyFormerColumn(column, pair)
      return former === null ? [] : [[column, former] as const]
    }),
  )
  return [{ expected, actual, columns, likelyFormer, indexes, foreignKeys }]
}

/**
 * `/// @audit-ignore index-missing: why` ignores what it lists; ignored objects are not planned either.
 */
function isIgnored({ block }: ExpectedTable, code: string, field: string | null = null): boolean {
  const ofField = block.fields.find(({ name }) => name.text === field)
  return [block, ofField].some((node) => {
    const names = ignoredNames(node?.documentation ?? [])
    return names.has(code) || names.has(EVERYTHING)
  })
}
