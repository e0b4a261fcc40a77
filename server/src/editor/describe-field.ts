import type { Finding } from '../audit/finding'
import type { ModelSides } from '../audit/model-sides'
import { isEnabled, judgeTrigger } from '../audit/triggers'
import { describeActualColumn } from '../audit/values/describe'
import type { Column, Table } from '../database/model'
import { columnNameOf, findAttribute, findField } from '../schema/lookup'
import type { Field, ModelBlock } from '../schema/model'
import { scalarNamesOf } from '../schema/edits/relations'
import { codeSpan } from '../text/markdown-text'
import { describeForeignKeyLine, describeIndexLine, listed, sections } from './describe-model'

/** What a hover over a field says of its column, or of a relation's foreign key, as Markdown. Empty where there is nothing. */
export function describeField(field: Field, sides: ModelSides, findings: readonly Finding[]): string {
  const { table, model, index } = sides
  if (table === null || index === null) return ''
  const scalars = scalarNamesOf(field)
  if (scalars.length > 0) return describeRelation(scalars, table, model.block, findings)
  const expected = model.table.columns.find((column) => column.field === field.name.text)
  if (expected === undefined) return ''
  const name = columnNameOf(field)
  const column = table.columns.find((candidate) => candidate.name === name)
  const place = `${table.schema}.${table.name}.${name}`
  if (column === undefined) return sections([`**Database:** there is no column ${codeSpan(place)}.`], findings)
  const isPrimary = table.primaryKey?.columns.includes(name) === true
  const lines = [
    `**Database:** ${codeSpan(place)} ${codeSpan(describeActualColumn(column))}`,
    `Filled by: ${fillersOf({ field, isUpdatedAt: expected.isUpdatedAt }, column, sides, codeSpan).join('; ')}`,
    ...(isPrimary ? ['Part of the primary key.'] : []),
    ...listed(
      'Indexes',
      table.indexes
        .filter(({ primary, columns }) => !primary && columns.some((each) => each.column === name))
        .map(describeIndexLine),
    ),
    ...listed(
      'Foreign keys',
      table.foreignKeys.filter(({ columns }) => columns.includes(name)).map(describeForeignKeyLine),
    ),
  ]
  return sections(lines, findings)
}

function describeRelation(
  scalars: readonly string[],
  table: Table,
  model: ModelBlock,
  findings: readonly Finding[],
): string {
  const columns = scalars
    .map((name) => findField(model, name))
    .map((field) => (field === null ? '' : columnNameOf(field)))
  const keys = table.foreignKeys.filter((key) => key.columns.join('\0') === columns.join('\0'))
  const line =
    keys.length === 0
      ? '**Database:** there is no foreign key.'
      : `**Database:** foreign key ${keys.map(describeForeignKeyLine).join('; ')}`
  return sections([line], findings)
}

/**
 * Who writes the column: PostgreSQL, triggers, Prisma Client, the application. `code` shows names for the place that they go
 * to. Without a field it is the column of a model whose schema lacks it.
 */
export function fillersOf(
  { field, isUpdatedAt }: { readonly field: Field | null; readonly isUpdatedAt: boolean },
  column: Column,
  { table, index }: Pick<ModelSides, 'table' | 'index'>,
  code: (name: string) => string,
): string[] {
  const triggers = (table?.triggers ?? []).filter(isEnabled).flatMap((trigger) => {
    const operations = (['INSERT', 'UPDATE'] as const).filter(
      (operation) =>
        judgeTrigger(trigger, column.name, operation, (schema, name) => index?.findTriggerFunction(schema, name)) ===
        'sets',
    )
    return operations.length === 0 ? [] : [`trigger ${code(trigger.name)} on each ${operations.join(' and ')}`]
  })
  const value = field === null ? undefined : findAttribute(field, 'default')?.arguments[0]?.value
  const isOfTheClient = value?.kind === 'function' && /^(?:uuid|cuid|nanoid|ulid)$/.test(value.name)
  const isWritten = column.identity !== 'always' && column.generated === null
  const found = [
    ...(column.generated === null ? [] : ['PostgreSQL (generated column)']),
    ...(column.identity === null ? [] : [`PostgreSQL (identity, ${column.identity})`]),
    ...triggers,
    ...(!isUpdatedAt ? [] : [`Prisma Client (${code('@updatedAt')}) on each create and update`]),
    ...(isOfTheClient ? [`Prisma Client (${code(`${value.name}()`)}) where none is given`] : []),
    ...(column.default === null || column.generated !== null ? [] : ['the default where none is given']),
  ]
  return isWritten && found.length === 0 ? ['the application'] : found
}
