import type { Finding } from '../audit/finding'
import type { ModelSides } from '../audit/model-sides'
import { describeActualIndex } from '../audit/values/describe'
import type { DatabaseIndex } from '../audit/database-index'
import { expectedEnum } from '../expected/expected-database'
import type { EnumBlock } from '../schema/model'
import type { Table, Trigger } from '../database/model'
import { boundedList } from '../text/bounded-list'
import { codeSpan, markdownLine } from '../text/markdown-text'

/** What a hover over a model's name says of its table, as Markdown. Empty where nothing is known. */
export function describeModel(sides: ModelSides, findings: readonly Finding[]): string {
  const { table, index, model } = sides
  if (index === null) return ''
  if (table === null) {
    const name = `${index.schemaNameOf(model.table.schema)}.${model.table.name}`
    return sections([`**Database:** there is no table ${codeSpan(name)}.`], findings)
  }
  const lines = [
    `**Database:** ${table.kind} ${codeSpan(`${table.schema}.${table.name}`)}, ${describeSize(table)}`,
    ...listed('Primary key', table.primaryKey === null ? [] : [codeSpan(table.primaryKey.columns.join(', '))]),
    ...listed('Indexes', table.indexes.filter(({ primary }) => !primary).map(describeIndexLine)),
    ...listed('Foreign keys', table.foreignKeys.map(describeForeignKeyLine)),
    ...listed(
      'Checks',
      table.checks.map(({ name, definition }) => `${codeSpan(name)} ${codeSpan(definition)}`),
    ),
    ...listed('Triggers', table.triggers.map(describeTriggerLine)),
    ...(table.rowSecurity ? ['Row-level security is on.'] : []),
  ]
  return sections(lines, findings)
}

/** What a hover over an enum's name says of its type. */
export function describeEnum(block: EnumBlock, index: DatabaseIndex): string {
  const { schema, name } = expectedEnum(block)
  const actual = index.findEnum(schema, name)
  const place = codeSpan(`${index.schemaNameOf(schema)}.${name}`)
  if (actual === undefined) return `**Database:** there is no enum type ${place}.`
  return `**Database:** enum type ${place}: ${boundedList(actual.values.map(codeSpan), MOST, 'values').join(', ')}`
}

/** Estimates of PostgreSQL's own statistics: nothing is counted. */
export function describeSize({ estimatedRows, totalBytes }: Pick<Table, 'estimatedRows' | 'totalBytes'>): string {
  const rows = estimatedRows === null ? 'rows unknown (never analyzed)' : `about ${grouped(estimatedRows)} rows`
  return totalBytes === null ? rows : `${rows}, ${bytes(totalBytes)}`
}

/** The lines, and below them how schema and database differ. */
export function sections(lines: readonly string[], findings: readonly Finding[]): string {
  const differences = findings.map(({ message }) => `- ${markdownLine(message)}`)
  return [
    lines.join('  \n'),
    ...(differences.length === 0
      ? []
      : [['**Differs:**', '', ...boundedList(differences, MOST, 'findings')].join('\n')]),
  ].join('\n\n')
}

export function listed(title: string, entries: readonly string[]): string[] {
  return entries.length === 0 ? [] : [`${title}: ${boundedList(entries, MOST, title.toLowerCase()).join('; ')}`]
}

export function describeIndexLine(index: Table['indexes'][number]): string {
  return `${codeSpan(index.name)} ${codeSpan(describeActualIndex(index))}${index.valid ? '' : ' (invalid)'}`
}

export function describeForeignKeyLine(key: Table['foreignKeys'][number]): string {
  const target = `${key.referencedTable} (${key.referencedColumns.join(', ')})`
  const actions = `on delete ${key.onDelete.toLowerCase()}, on update ${key.onUpdate.toLowerCase()}`
  return `${codeSpan(key.name)} (${markdownLine(key.columns.join(', '))}) → ${markdownLine(target)}, ${actions}${key.validated ? '' : ' (not validated)'}`
}

export function describeTriggerLine({ name, timing, events, level, state }: Trigger): string {
  const off = state === 'D' ? ' (disabled)' : ''
  return `${codeSpan(name)} ${timing} ${events.join(' or ')}, each ${level.toLowerCase()}${off}`
}

/** Of lists; the whole stands in the database. */
const MOST = 12

function grouped(count: number): string {
  return Math.round(count).toLocaleString('en-US')
}

function bytes(count: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  let [value, unit] = [count, 0]
  while (value >= 1024 && unit < units.length - 1) [value, unit] = [value / 1024, unit + 1]
  return `${value >= 10 || unit === 0 ? Math.round(value).toLocaleString('en-US') : value.toFixed(1)} ${units[unit] ?? ''}`
}
