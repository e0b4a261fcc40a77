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
import type { Translate } from '../text/translate'

/**
 * The hover of a field, in Markdown: its column, or the foreign key of a relation. Empty if there is nothing to show.
 */
export function describeField(t: Translate, field: Field, sides: ModelSides, findings: readonly Finding[]): string {
  const { table, model, index } = sides
  if (table === null || index === null) return ''
  const scalars = scalarNamesOf(field)
  if (scalars.length > 0) return describeRelation(t, scalars, table, model.block, findings)
  const expected = model.table.columns.find((column) => column.field === field.name.text)
  if (expected === undefined) return ''
  const name = columnNameOf(field)
  const column = table.columns.find((candidate) => candidate.name === name)
  const place = `${table.schema}.${table.name}.${name}`
  if (column === undefined) return sections(t, [t('**Database:** no column {0}.', codeSpan(place))], findings)
  const isPrimary = table.primaryKey?.columns.includes(name) === true
  const lines = [
    `**${t('Database:')}** ${codeSpan(place)} ${codeSpan(describeActualColumn(column))}`,
    t('Filled by: {0}', fillersOf(t, { field, isUpdatedAt: expected.isUpdatedAt }, column, sides, codeSpan).join('; ')),
    ...(isPrimary ? [t('Part of the primary key.')] : []),
    ...listed(
      t,
      t('Indexes'),
      table.indexes
        .filter(({ primary, columns }) => !primary && columns.some((each) => each.column === name))
        .map((index) => describeIndexLine(t, index)),
    ),
    ...listed(
      t,
      t('Foreign keys'),
      table.foreignKeys.filter(({ columns }) => columns.includes(name)).map((key) => describeForeignKeyLine(t, key)),
    ),
  ]
  return sections(t, lines, findings)
}

function describeRelation(
  t: Translate,
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
      ? t('**Database:** no foreign key.')
      : t('**Database:** foreign key {0}', keys.map((key) => describeForeignKeyLine(t, key)).join('; '))
  return sections(t, [line], findings)
}

/**
 * What writes the column: PostgreSQL, triggers, Prisma Client, the application. `code` formats names for the target.
 * `field` is null for a column that the model lacks.
 */
export function fillersOf(
  t: Translate,
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
    const [first, second] = operations
    if (first === undefined) return []
    const name = code(trigger.name)
    return second === undefined
      ? [t('trigger {0} on each {1}', name, first)]
      : [t('trigger {0} on each {1} and {2}', name, first, second)]
  })
  const value = field === null ? undefined : findAttribute(field, 'default')?.arguments[0]?.value
  const isOfTheClient = value?.kind === 'function' && /^(?:uuid|cuid|nanoid|ulid)$/.test(value.name)
  const isWritten = column.identity !== 'always' && column.generated === null
  const found = [
    ...(column.generated === null ? [] : [t('PostgreSQL (generated column)')]),
    ...(column.identity === null ? [] : [t('PostgreSQL (identity, {0})', column.identity)]),
    ...triggers,
    ...(!isUpdatedAt ? [] : [t('Prisma Client ({0}) on each create and update', code('@updatedAt'))]),
    ...(isOfTheClient ? [t('Prisma Client ({0}) if no value is given', code(`${value.name}()`))] : []),
    ...(column.default === null || column.generated !== null ? [] : [t('the default if no value is given')]),
  ]
  return isWritten && found.length === 0 ? [t('the application')] : found
}
