import { boundedIn } from '../text/bounded-list'
import type { Finding } from '../audit/finding'
import type { ModelSides } from '../audit/model-sides'
import { describeActualIndex } from '../audit/values/describe'
import type { DatabaseIndex } from '../audit/database-index'
import { expectedEnum } from '../expected/expected-database'
import type { EnumBlock } from '../schema/model'
import type { Table, Trigger } from '../database/model'
import { findingMessage } from './finding-message'
import { codeSpan, markdownLine } from '../text/markdown-text'
import type { Translate } from '../text/translate'
import { sizeWords } from '../text/size-words'
import { phraseIn } from '../text/phrase'

/** The hover of a model's name, in Markdown: its table. Empty if nothing is known. */
export function describeModel(t: Translate, sides: ModelSides, findings: readonly Finding[]): string {
  const { table, index, model } = sides
  if (index === null) return ''
  if (table === null) {
    const name = `${index.schemaNameOf(model.table.schema)}.${model.table.name}`
    return sections(t, [t('**Database:** no table {0}.', codeSpan(name))], findings)
  }
  const lines = [
    `**${t('Database:')}** ${kindOfTable(t, table.kind)} ${codeSpan(`${table.schema}.${table.name}`)}, ${describeSize(t, table)}`,
    ...listed(t, t('Primary key'), table.primaryKey === null ? [] : [codeSpan(table.primaryKey.columns.join(', '))]),
    ...listed(
      t,
      t('Indexes'),
      table.indexes.filter(({ primary }) => !primary).map((index) => describeIndexLine(t, index)),
    ),
    ...listed(
      t,
      t('Foreign keys'),
      table.foreignKeys.map((key) => describeForeignKeyLine(t, key)),
    ),
    ...listed(
      t,
      t('Checks'),
      table.checks.map(({ name, definition }) => `${codeSpan(name)} ${codeSpan(definition)}`),
    ),
    ...listed(
      t,
      t('Triggers'),
      table.triggers.map((trigger) => describeTriggerLine(t, trigger)),
    ),
    ...(table.rowSecurity ? [t('Row-level security is on.')] : []),
  ]
  return sections(t, lines, findings)
}

function kindOfTable(t: Translate, kind: Table['kind']): string {
  switch (kind) {
    case 'table':
      return t('table')
    case 'partitioned table':
      return t('partitioned table')
    case 'partition':
      return t('partition')
    case 'view':
      return t('view')
    case 'materialized view':
      return t('materialized view')
    case 'foreign table':
      return t('foreign table')
  }
}

/** The hover of an enum's name: its type. */
export function describeEnum(t: Translate, block: EnumBlock, index: DatabaseIndex): string {
  const { schema, name } = expectedEnum(block)
  const actual = index.findEnum(schema, name)
  const place = codeSpan(`${index.schemaNameOf(schema)}.${name}`)
  if (actual === undefined) return t('**Database:** no enum type {0}.', place)
  return t('**Database:** enum type {0}: {1}', place, bounded(t, actual.values.map(codeSpan)).join(', '))
}

/** From PostgreSQL's statistics; no rows are counted. */
export function describeSize(
  t: Translate,
  { estimatedRows, totalBytes }: Pick<Table, 'estimatedRows' | 'totalBytes'>,
): string {
  const rows = estimatedRows === null ? t('rows unknown (never analyzed)') : t('about {0} rows', estimatedRows)
  return totalBytes === null ? rows : `${rows}, ${phraseIn(t, sizeWords(totalBytes))}`
}

/** The lines, followed by the differences between schema and database. */
export function sections(t: Translate, lines: readonly string[], findings: readonly Finding[]): string {
  const differences = findings.map((finding) => `- ${markdownLine(findingMessage(t, finding))}`)
  return [
    lines.join('  \n'),
    ...(differences.length === 0 ? [] : [[`**${t('Differs:')}**`, '', ...bounded(t, differences)].join('\n')]),
  ].join('\n\n')
}

export function listed(t: Translate, title: string, entries: readonly string[]): string[] {
  return entries.length === 0 ? [] : [`${title}: ${bounded(t, entries).join('; ')}`]
}

function bounded(t: Translate, entries: readonly string[]): string[] {
  return boundedIn(t, entries, MOST)
}

export function describeIndexLine(t: Translate, index: Table['indexes'][number]): string {
  return `${codeSpan(index.name)} ${codeSpan(describeActualIndex(index))}${index.valid ? '' : ` (${t('invalid')})`}`
}

export function describeForeignKeyLine(t: Translate, key: Table['foreignKeys'][number]): string {
  const target = `${key.referencedTable} (${key.referencedColumns.join(', ')})`
  const actions = codeSpan(`on delete ${key.onDelete.toLowerCase()} on update ${key.onUpdate.toLowerCase()}`)
  return `${codeSpan(key.name)} (${markdownLine(key.columns.join(', '))}) → ${markdownLine(target)}, ${actions}${key.validated ? '' : ` (${t('not validated')})`}`
}

export function describeTriggerLine(t: Translate, { name, timing, events, level, state }: Trigger): string {
  const off = state === 'D' ? ` (${t('disabled')})` : ''
  return `${codeSpan(name)} ${codeSpan(`${timing} ${events.join(' or ')} for each ${level}`.toLowerCase())}${off}`
}

/** Maximum list length in a hover; the database has the rest. */
const MOST = 12
