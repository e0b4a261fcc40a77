import { DEFAULT_SCHEMA } from '../search-path'
import type { DatabaseEnum, DatabaseModel, Extension, Partition, Sequence, Table, TriggerFunction } from '../model'
import { buildColumns, type TableColumns } from './columns'
import { buildConstraints, type TableConstraints } from './constraints'
import { buildIndexes, type TableIndex } from './indexes'
import type { CatalogRows } from './queries'
import { compareNames, compareQualified, compareText, flag, number, type Row, text } from './row'
import { buildTriggers } from './triggers'
import { trimmed } from '../../trimmed'

/** Builds the model from the rows of the catalog queries. Pure. */
export function buildDatabaseModel(
  rows: CatalogRows,
  asked: { readonly schemas: readonly string[]; readonly defaultSchema?: string },
  alreadyUnseen: readonly string[],
): DatabaseModel {
  const server: Row = rows.server[0] ?? []
  const existing = names(server, 4)
  const unseen = [...alreadyUnseen]
  const wentAway = new Set<string>()
  const columns = buildColumns(rows, wentAway)
  return {
    name: text(server, 0),
    serverVersion: text(server, 1).split(' ')[0] ?? '',
    serverVersionNumber: number(server, 2),
    schemas: asked.schemas,
    missingSchemas: asked.schemas.filter((schema) => !existing.includes(schema)),
    defaultSchema: asked.defaultSchema ?? DEFAULT_SCHEMA,
    tables: buildTables(rows, columns, { blockSize: number(server, 3), wentAway, unseen }),
    enums: buildEnums(rows.enums),
    extensions: rows.extensions.map(buildExtension).sort(compareNames),
    sequences: buildSequences(rows, columns),
    triggerFunctions: rows.triggerFunctions.map(buildTriggerFunction).sort(compareQualified),
    unseen,
  }
}

interface Reading {
  readonly blockSize: number
  /** Oids of tables whose expressions could not be printed. */
  readonly wentAway: Set<string>
  readonly unseen: string[]
}

function buildTables(
  rows: CatalogRows,
  columns: ReadonlyMap<string, TableColumns>,
  { blockSize, wentAway, unseen }: Reading,
): Table[] {
  const names = new Map(rows.tables.map((row) => [text(row, 0), { schema: text(row, 1), name: text(row, 2) }]))
  const constraints = buildConstraints(rows.constraints, names, columns, wentAway)
  const indexes = buildIndexes(rows, names, columns, constraints, wentAway)
  const triggers = buildTriggers(rows.triggers, wentAway)
  const extensions = extensionsOfRelations(rows.extensions)
  const partitions = buildPartitions(rows)
  const tables: Table[] = []
  for (const row of rows.tables) {
    const oid = text(row, 0)
    const { schema, name } = names.get(oid) ?? { schema: '', name: '' }
    if (wentAway.has(oid)) {
      unseen.push(`"${schema}"."${name}" was changed or dropped while it was read.`)
      continue
    }
    const extension = extensions.get(oid)
    const isRoot = text(row, 3) === 'p' && !flag(row, 4)
    tables.push({
      schema,
      name,
      kind: kindOf(text(row, 3), flag(row, 4)),
      columns: columns.get(oid)?.columns ?? [],
      ...constraintsOf(constraints.get(oid)),
      indexes: sorted((indexes.get(oid) ?? []).map((each) => each.index)),
      triggers: sorted(triggers.get(oid)),
      rowSecurity: flag(row, 5),
      ...sizeOf(row, indexes.get(oid) ?? [], blockSize),
      canAlter: flag(row, 8),
      ...(flag(row, 9) ? { hidesRows: true as const } : {}),
      ...relativesOf(row),
      ...(flag(row, 12) ? { isTyped: true as const } : {}),
      ...(flag(row, 11) ? { ownerIsNoSuperuser: true as const } : {}),
      ...(extension === undefined ? {} : { extension }),
      ...(isRoot ? { partitions: partitions.get(oid) ?? [] } : {}),
    })
  }
  return tables.sort(compareQualified)
}

function constraintsOf(constraints: TableConstraints | undefined) {
  return {
    primaryKey: constraints?.primaryKey ?? null,
    uniqueConstraints: sorted(constraints?.uniqueConstraints),
    exclusionConstraints: sorted(constraints?.exclusionConstraints),
    foreignKeys: sorted(constraints?.foreignKeys),
    checks: sorted(constraints?.checks),
  }
}

function sorted<Item extends { readonly name: string }>(items: readonly Item[] = []): readonly Item[] {
  return trimmed(items.toSorted(compareNames))
}

function kindOf(kind: string, isPartition: boolean): Table['kind'] {
  if (isPartition) return 'partition'
  if (kind === 'p') return 'partitioned table'
  if (kind === 'v') return 'view'
  if (kind === 'm') return 'materialized view'
  return kind === 'f' ? 'foreign table' : 'table'
}

/** By the oid of the root table. */
function buildPartitions({ partitions, partitionTriggers }: CatalogRows): Map<string, Partition[]> {
  const found = new Map<string, Partition[]>()
  const triggers = groupPartitionTriggers(partitionTriggers)
  for (const row of partitions) {
    const updateTriggers = triggers.get(JSON.stringify([text(row, 1), text(row, 2)]))
    const ofRoot = found.get(text(row, 0)) ?? []
    found.set(text(row, 0), ofRoot)
    const kind = text(row, 3)
    const estimatedRows = number(row, 6)
    ofRoot.push({
      schema: text(row, 1),
      name: text(row, 2),
      kind: kind === 'p' ? 'partitioned table' : kind === 'f' ? 'foreign table' : 'table',
      parent: { schema: text(row, 4), name: text(row, 5) },
      estimatedRows: estimatedRows < 0 ? null : estimatedRows,
      ...(flag(row, 7) ? { hidesRows: true as const } : {}),
      ...(updateTriggers === undefined ? {} : { updateTriggers }),
    })
  }
  return found
}

function groupPartitionTriggers(rows: readonly Row[]): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const row of rows) {
    const key = JSON.stringify([text(row, 0), text(row, 1)])
    found.set(key, [...(found.get(key) ?? []), text(row, 2)])
  }
  return found
}

/** `reltuples` is -1 before the first VACUUM or ANALYZE. */
function relativesOf(row: Row): Pick<Table, 'relatives'> {
  const names = row[10]
  if (names === null || names === undefined) return {}
  return {
    relatives: (JSON.parse(names) as [string, string, boolean][]).map(([schema, name, isChild]) => ({
      ...{ schema, name },
      ...(isChild ? { isChild } : {}),
    })),
  }
}

function sizeOf(row: Row, indexes: readonly TableIndex[], blockSize: number) {
  const estimatedRows = number(row, 6)
  if (estimatedRows < 0) return { estimatedRows: null, totalBytes: null }
  const pages = indexes.reduce((sum, index) => sum + index.pages, number(row, 7))
  return { estimatedRows, totalBytes: pages * blockSize }
}

function extensionsOfRelations(rows: readonly Row[]): Map<string, string> {
  return new Map(rows.flatMap((row) => names(row, 3).map((oid) => [oid, text(row, 0)] as const)))
}

function buildExtension(row: Row): Extension {
  return { name: text(row, 0), version: text(row, 1), schema: text(row, 2) }
}

function buildEnums(rows: readonly Row[]): DatabaseEnum[] {
  const enums = new Map<string, { schema: string; name: string; values: string[] }>()
  for (const row of rows) {
    const key = JSON.stringify([row[0], row[1]])
    const found = enums.get(key) ?? { schema: text(row, 0), name: text(row, 1), values: [] }
    enums.set(key, found)
    if (row[2] !== null && row[2] !== undefined) found.values.push(row[2])
  }
  return [...enums.values()].sort(compareQualified)
}

function buildSequences(rows: CatalogRows, columns: ReadonlyMap<string, TableColumns>): Sequence[] {
  const tables = new Map(rows.tables.map((row) => [text(row, 0), text(row, 2)]))
  const sequences = rows.sequences.map((row): Sequence => {
    const table = tables.get(text(row, 2))
    const column = columns.get(text(row, 2))?.nameOf.get(number(row, 3))
    const schema = text(row, 0)
    const ownedBy = table === undefined || column === undefined ? null : { schema, table, column }
    return { schema, name: text(row, 1), ownedBy }
  })
  return sequences.sort(compareQualified)
}

function buildTriggerFunction(row: Row): TriggerFunction {
  return {
    schema: text(row, 0),
    name: text(row, 1),
    language: text(row, 2),
    source: text(row, 3),
    comment: row[4] ?? null,
    usedBy: names(row, 5).sort(compareText),
  }
}

/** A JSON array of texts, or NULL for none. */
function names(row: Row, position: number): string[] {
  return row[position] === null || row[position] === undefined ? [] : (JSON.parse(row[position]) as string[])
}
