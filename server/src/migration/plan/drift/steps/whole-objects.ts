import type { ExpectedExtension } from '../../../../expected/model'
import type { DatabaseEnum } from '../../../../database/model'
import { quoteIdentifier, quoteLiteral, quoteQualified } from '../../../../database/quote'
import { enumCheck, enumValueCheck, extensionCheck, schemaCheck, tableCheck } from '../../checks/structure'
import { step } from '../../steps/step'
import type { Step } from '../../../model'
import { dropTableWhenEmpty } from '../../steps/drop-when-empty'
import { doBlock, quotedList } from '../../sql'
import { columnClause, type ColumnDefinition } from '../column-definition'
import { titleOfName, titleOfTable } from '../../titles'

export function createSchema(name: string): Step {
  const quoted = quoteIdentifier(name)
  return step({
    ...COMMON,
    recipe: { builder: 'create-schema', parameters: { name } },
    id: `create-schema:${name}`,
    kind: 'create-schema',
    title: `Create schema ${titleOfName(name)}`,
    schema: name,
    object: name,
    up: [`CREATE SCHEMA IF NOT EXISTS ${quoted}`],
    down: [`DROP SCHEMA IF EXISTS ${quoted}`],
    verify: [schemaCheck(name)],
    privileges: [],
  })
}

export function createExtension({
  name,
  schema,
  version,
}: Pick<ExpectedExtension, 'name' | 'schema' | 'version'>): Step {
  const quoted = quoteIdentifier(name)
  const options = [
    ...(schema === null ? [] : [`SCHEMA ${quoteIdentifier(schema)}`]),
    ...(version === null ? [] : [`VERSION ${quoteLiteral(version)}`]),
  ]
  return step({
    ...COMMON,
    recipe: { builder: 'create-extension', parameters: { name, schema, version } },
    id: `create-extension:${name}`,
    kind: 'create-extension',
    title: `Create extension ${titleOfName(name)}`,
    schema: schema ?? '',
    object: name,
    up: [['CREATE EXTENSION IF NOT EXISTS', quoted, ...options].join(' ')],
    down: [`DROP EXTENSION IF EXISTS ${quoted}`],
    verify: [extensionCheck(name)],
    privileges: [],
  })
}

export interface NewEnum {
  readonly name: string
  readonly values: readonly string[]
}

export function createEnum(schema: string, { name, values: labels }: NewEnum): Step {
  const quoted = quoteQualified(schema, name)
  return step({
    ...COMMON,
    recipe: { builder: 'create-enum', parameters: { schema, name, values: labels } },
    id: `create-enum:${schema}.${name}`,
    kind: 'create-enum',
    title: `Create enum type ${titleOfTable({ schema, table: name })}`,
    schema,
    object: name,
    up: [
      doBlock(
        [
          'BEGIN',
          `  IF pg_catalog.to_regtype(${quoteLiteral(quoted)}) IS NULL THEN`,
          `    CREATE TYPE ${quoted} AS ENUM (${labels.map(quoteLiteral).join(', ')});`,
          '  END IF;',
          'END',
        ].join('\n'),
      ),
    ],
    down: [`DROP TYPE IF EXISTS ${quoted}`],
    verify: [enumCheck({ schema, name }, labels)],
    privileges: [{ action: 'create-in-schema', name: quoteIdentifier(schema) }],
  })
}

/** In its own transaction, because a new value cannot be used in the one that adds it. It cannot be undone. */
export function addEnumValue({ schema, name }: Pick<DatabaseEnum, 'schema' | 'name'>, value: string): Step {
  const quoted = quoteQualified(schema, name)
  return step({
    ...COMMON,
    recipe: { builder: 'add-enum-value', parameters: { schema, name, value } },
    id: `add-enum-value:${schema}.${name}.${value}`,
    kind: 'add-enum-value',
    title: `Add value ${quoteLiteral(value).trimStart()} to enum type ${titleOfTable({ schema, table: name })}`,
    schema,
    up: [`ALTER TYPE ${quoted} ADD VALUE IF NOT EXISTS ${quoteLiteral(value).trimStart()}`],
    down: [],
    verify: [enumValueCheck({ schema, name }, value)],
    privileges: [],
  })
}

export interface NewTableKey {
  readonly name: string
  readonly primaryKey: { readonly name: string; readonly columns: readonly string[] } | null
}

export interface NewTable {
  readonly schema: string
  readonly expected: NewTableKey
  readonly columns: readonly {
    readonly name: string
    readonly nullable: boolean
    readonly definition: ColumnDefinition
  }[]
  readonly indexes: readonly { readonly name: string; readonly unique: boolean; readonly definition: string }[]
}

/** The table with its indexes: no one uses it yet, so no one waits. */
export function createTable({ schema, expected, columns, indexes }: NewTable): Step {
  const { name, primaryKey } = expected
  const table = quoteQualified(schema, name)
  const { held, down } = dropTableWhenEmpty({ schema, table: name })
  const lines = columns.map(
    (column) => `  ${quoteIdentifier(column.name)} ${columnClause(column.definition, column.nullable)}`,
  )
  if (primaryKey !== null) {
    lines.push(`  CONSTRAINT ${quoteIdentifier(primaryKey.name)} PRIMARY KEY (${quotedList(primaryKey.columns)})`)
  }
  return step({
    ...COMMON,
    recipe: {
      builder: 'create-table',
      parameters: {
        schema,
        name,
        primaryKey: primaryKey === null ? null : { name: primaryKey.name, columns: primaryKey.columns },
        columns: columns.map(({ name: column, nullable, definition }) => ({ name: column, nullable, definition })),
        indexes,
      },
    },
    id: `create-table:${schema}.${name}`,
    kind: 'create-table',
    title: `Create table ${titleOfTable({ schema, table: name })}`,
    schema,
    table: name,
    object: name,
    up: [
      lines.length === 0
        ? `CREATE TABLE IF NOT EXISTS ${table} ()`
        : `CREATE TABLE IF NOT EXISTS ${table} (\n${lines.join(',\n')}\n)`,
      ...indexes.map(
        (index) =>
          `CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX IF NOT EXISTS ${quoteIdentifier(index.name)} ON ${table} ${index.definition}`,
      ),
    ],
    down: [down],
    verify: [
      tableCheck(
        { schema, name },
        columns.map((column) => column.name),
      ),
    ],
    holdsData: held,
    privileges: [{ action: 'create-in-schema', name: quoteIdentifier(schema) }],
  })
}

const COMMON = {
  table: '',
  lock: { mode: 'none', tables: [], duration: 'brief' },
} as const
