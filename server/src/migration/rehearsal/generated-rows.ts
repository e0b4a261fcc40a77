import type { DatabaseClient } from '../../database/connect'
import { isRejection } from '../../database/database-errors'
import type { Column, DatabaseModel, ForeignKey, Table } from '../../database/model'
import { quoteIdentifier, quoteQualified } from '../../database/quote'
import { generatedValue, needsValue } from './generated-values'
import type { GeneratedRows } from './model'
import { phrase, type Phrase } from '../../text/phrase'

/** The number of rows per table. */
const ROWS = 3

/**
 * Inserts a few rows into the tables and those that they must reference, so that steps that fill and validate have
 * something to do. If that is not possible in a simple way, the table stays empty and the reason is returned.
 *
 * @param tables quoted and qualified
 */
export async function generateRows(
  client: DatabaseClient,
  database: DatabaseModel,
  tables: readonly string[],
): Promise<GeneratedRows[]> {
  const maker = new RowMaker(client, database)
  for (const name of tables) await maker.fill(name)
  return [...maker.made.values()]
}

/**
 * Deletes the rows of a table and those that reference it.
 *
 * @returns the remaining rows of all tables
 */
export async function deleteGeneratedRows(
  client: DatabaseClient,
  table: string,
  made: readonly GeneratedRows[],
  reason: Phrase,
): Promise<GeneratedRows[]> {
  await client.query(`TRUNCATE ${table} CASCADE`)
  const left: GeneratedRows[] = []
  for (const entry of made) {
    const { rows } = await client.query<{ count: string }>(`SELECT count(*) AS count FROM ${entry.table}`)
    const count = Number(rows[0]?.count ?? 0)
    left.push({ ...entry, rows: count, reason: count > 0 ? null : (entry.reason ?? reason) })
  }
  return left
}

class RowMaker {
  readonly made = new Map<string, GeneratedRows>()
  private readonly underWay = new Set<string>()
  private readonly tables: ReadonlyMap<string, Table>

  constructor(
    private readonly client: DatabaseClient,
    database: DatabaseModel,
  ) {
    this.tables = new Map(database.tables.map((table) => [quoteQualified(table.schema, table.name), table]))
  }

  async fill(name: string): Promise<void> {
    if (this.made.has(name) || this.underWay.has(name)) return
    const table = this.tables.get(name)
    if (table === undefined || !FILLED.has(table.kind)) return
    this.underWay.add(name)
    const reason = await this.insert(name, table)
    this.made.set(name, { table: name, rows: reason === null ? ROWS : 0, reason })
  }

  /** Why it was not possible; null if it was. */
  private async insert(name: string, table: Table): Promise<string | Phrase | null> {
    const needed = table.foreignKeys.filter((foreignKey) => isNeeded(foreignKey, table))
    for (const { referencedSchema, referencedTable } of needed) {
      await this.fill(quoteQualified(referencedSchema, referencedTable))
    }
    const values = new Map<string, string>()
    for (const column of table.columns.filter(needsValue)) {
      const value = generatedValue(column)
      if (value !== null) values.set(column.name, value)
    }
    for (const foreignKey of needed) for (const [column, value] of referredValues(foreignKey)) values.set(column, value)
    const unknown = table.columns.find((column) => needsValue(column) && !values.has(column.name))
    if (unknown !== undefined)
      return phrase`no value can be generated for ${quoteIdentifier(unknown.name)} ${unknown.type}`
    return await this.tryInsert(name, values)
  }

  private async tryInsert(name: string, values: ReadonlyMap<string, string>): Promise<string | null> {
    const columns = [...values.keys()].map(quoteIdentifier)
    const list = columns.length === 0 ? '' : ` (${columns.join(', ')})`
    try {
      await this.client.query(
        `INSERT INTO ${name}${list} SELECT ${[...values.values()].join(', ')} FROM generate_series(1, ${ROWS}) AS i`,
      )
      return null
    } catch (error) {
      if (isRejection(error)) return error.message
      throw error
    }
  }
}

const FILLED = new Set<Table['kind']>(['table', 'partitioned table', 'partition'])

/** Whether every row of the table must reference something. */
function isNeeded(foreignKey: ForeignKey, table: Table): boolean {
  const column = (name: string): Column | undefined => table.columns.find((one) => one.name === name)
  return foreignKey.columns.every((name) => column(name)?.nullable === false)
}

/** As many keys of the other table, all different, so that a one-to-one relation holds too. */
function referredValues(foreignKey: ForeignKey): [string, string][] {
  const other = quoteQualified(foreignKey.referencedSchema, foreignKey.referencedTable)
  return foreignKey.columns.map((column, index) => [
    column,
    `(SELECT ${quoteIdentifier(foreignKey.referencedColumns[index] ?? '')} FROM ${other} ORDER BY ctid LIMIT 1 OFFSET i - 1)`,
  ])
}
