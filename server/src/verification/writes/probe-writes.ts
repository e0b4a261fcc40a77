import type { DatabaseClient } from '../../database/connect'
import { errorCode, isServersAnswer } from '../../database/database-errors'
import { quoteIdentifier, quoteQualified } from '../../database/quote'
import { searchPathStatement } from '../../database/search-path'
import { messageLine } from '../../errors'
import { inPlainEnglish } from '../../text/phrase'
import { whyWritesMayActOutside } from './may-act-outside'
import { AT_PLACE, PLACE, rowsToCopy, rowToMakeUp, type RowPlace, type RowToWrite } from './row-to-write'
import { readTableShape, type TableShape } from './table-shape'

/** A table that the application writes. */
export interface WrittenTable {
  readonly schema: string
  readonly table: string
  /** Columns that the application does not know, and so does not set. */
  readonly unnamed: readonly string[]
  /** The schema in which names of the application and of the table's triggers are looked up. */
  readonly lookupSchema: string
}

export type Write = 'INSERT' | 'UPDATE' | 'UPDATE that changes a value' | 'DELETE'

export type WriteOutcome =
  | { readonly is: 'works' }
  | { readonly is: 'fails'; readonly said: ServersWords }
  | { readonly is: 'not tried'; readonly why: string }

/** The context of a server error. */
export interface ServersWords {
  readonly message: string
  readonly code: string
  readonly column: string
  readonly constraint: string
  /** The functions in which it happened. */
  readonly where: string
  /** The failed statement within a function; empty if the server does not report it. */
  readonly statement: string
}

export type TriedWrites = Readonly<Partial<Record<Write, WriteOutcome>>>

/**
 * Writes a row as the application would, in a transaction that is always rolled back: inserts a copy of a row with an
 * unused key, updates and deletes it. If no copy is possible, it updates a row that no one has locked. No writer waits
 * longer than this takes, and no sequence advances. Code with effects that a rollback does not undo is not run. Rejects
 * only if the connection is lost. Returns nothing for a partition, which is written through its table.
 */
export async function tryWrites(client: DatabaseClient, table: WrittenTable): Promise<TriedWrites> {
  for (let attempt = 1; ; attempt++) {
    const tried = await tryOnce(client, table)
    const isPassing = Object.values(tried).some((outcome) => outcome.is === 'fails' && PASSING.has(outcome.said.code))
    if (!isPassing) return tried
    if (attempt >= ATTEMPTS) return withoutPassing(tried)
  }
}

async function tryOnce(client: DatabaseClient, table: WrittenTable): Promise<TriedWrites> {
  await client.query('BEGIN')
  try {
    await client.query(
      `SET LOCAL lock_timeout = '500ms'; SET LOCAL statement_timeout = '10s'; SET LOCAL row_security = off`,
    )
    const shape = await readTableShape(client, table)
    if (shape === null) return notTried('there is no such table')
    if (shape.isPartition) return {}
    // A function that ran before a change caches its plans with the old columns: a new session would not.
    await client.query('DISCARD PLANS')
    const why = await whyWritesMayActOutside(client, table)
    return why === null ? await new Writer(client, table, shape).tryRows() : notTried(inPlainEnglish(why))
  } catch (error) {
    if (!isServersAnswer(error)) throw error
    return notTried(messageLine(error))
  } finally {
    await client.query('ROLLBACK').catch(() => undefined)
  }
}

/**
 * Tests the writes before and after a change of the table, such as a new column, in one transaction that is always
 * rolled back: returns those that worked and then fail. The change takes its lock after the first tests, and holds it
 * during the second. Rejects if the change cannot acquire the lock.
 */
export async function tryWritesAfter(
  client: DatabaseClient,
  table: WrittenTable,
  change: () => Promise<void>,
  lockTimeout: number,
): Promise<Readonly<Partial<Record<Write, ServersWords>>>> {
  await client.query('BEGIN')
  try {
    await client.query(
      `SET LOCAL lock_timeout = '${lockTimeout}ms'; SET LOCAL statement_timeout = '2s'; SET LOCAL row_security = off`,
    )
    const shape = await readTableShape(client, table)
    if (shape === null || shape.isPartition || (await whyWritesMayActOutside(client, table)) !== null) return {}
    const before = await new Writer(client, table, shape).tryRows()
    if (Object.values(before).every(({ is }) => is !== 'works')) return {}
    await change()
    await client.query('DISCARD PLANS')
    const changed = await readTableShape(client, table)
    if (changed === null) return {}
    const after = await new Writer(client, table, changed).tryRows()
    const broken = WRITES.flatMap((write) => {
      const outcome = after[write]
      const isBroken = before[write]?.is === 'works' && outcome?.is === 'fails' && !PASSING.has(outcome.said.code)
      return isBroken ? [[write, outcome.said] as const] : []
    })
    return Object.fromEntries(broken)
  } finally {
    await client.query('ROLLBACK').catch(() => undefined)
  }
}

class Writer {
  private readonly name: string

  constructor(
    private readonly client: DatabaseClient,
    private readonly table: WrittenTable,
    private readonly shape: TableShape,
  ) {
    this.name = quoteQualified(table.schema, table.table)
  }

  /** One row that can be written is enough; several are tried, because some may be rejected for other reasons. */
  async tryRows(): Promise<TriedWrites> {
    const { client, shape, name } = this
    const { unnamed } = this.table
    const standing = await rowsToCopy(client, name, shape, unnamed)
    let best: TriedWrites = {}
    for (const row of standing.length > 0 ? standing : [await rowToMakeUp(client, name, shape, unnamed)]) {
      best = betterOf(best, await this.tryRow(row))
      if (Object.values(best).every(({ is }) => is === 'works')) break
    }
    return best
  }

  private async tryRow(row: RowToWrite): Promise<TriedWrites> {
    await this.client.query('SAVEPOINT prisma_audit_row')
    const inserted = await this.insert(row)
    const place = inserted.place ?? (row.place === null ? null : await this.lock(row.place))
    const tried: TriedWrites = {
      INSERT: inserted.outcome,
      ...(place === null || row.updated === null ? {} : await this.update(place, row.updated)),
      ...(inserted.place === null ? {} : { DELETE: await this.delete(inserted.place) }),
    }
    await this.client.query('ROLLBACK TO SAVEPOINT prisma_audit_row')
    return tried
  }

  /** Returns the position of the row, if it exists: a trigger or a rule may have put it elsewhere. */
  private async insert({ insert }: RowToWrite): Promise<{ outcome: WriteOutcome; place: RowPlace | null }> {
    if (typeof insert === 'string') return { outcome: { is: 'not tried', why: insert }, place: null }
    const returning = this.shape.hasRules ? '' : ` RETURNING ${PLACE}`
    const { outcome, rows } = await this.write(`${insert.sql}${returning}`, insert.values, 'let it stand')
    return { outcome, place: rows[0] ?? null }
  }

  private async update(
    { table, tuple }: RowPlace,
    { column, value }: NonNullable<RowToWrite['updated']>,
  ): Promise<TriedWrites> {
    const name = quoteIdentifier(column.name)
    const update = (to: string) => `UPDATE ${this.name} SET ${name} = ${to} WHERE ${AT_PLACE}`
    const same = await this.write(update(name), [table, tuple])
    if (value === null) return { UPDATE: same.outcome }
    const changed = await this.write(update(`$3::${column.type}`), [table, tuple, value])
    return { UPDATE: same.outcome, 'UPDATE that changes a value': changed.outcome }
  }

  private async delete({ table, tuple }: RowPlace): Promise<WriteOutcome> {
    return (await this.write(`DELETE FROM ${this.name} WHERE ${AT_PLACE}`, [table, tuple])).outcome
  }

  /** A row that another session is writing is skipped. */
  private async lock({ table, tuple }: RowPlace): Promise<RowPlace | null> {
    const { rows } = await this.client.query<RowPlace>(
      `SELECT ${PLACE} FROM ${this.name} WHERE ${AT_PLACE} FOR NO KEY UPDATE SKIP LOCKED`,
      [table, tuple],
    )
    return rows[0] ?? null
  }

  /** With the application's search path, and with deferred constraints and triggers checked. */
  private async write(
    sql: string,
    values: readonly string[],
    then: 'let it stand' | 'take it back' = 'take it back',
  ): Promise<{ outcome: WriteOutcome; rows: readonly RowPlace[] }> {
    const { client, table } = this
    await client.query(`SAVEPOINT prisma_audit_write; ${searchPathStatement('SET LOCAL', table.lookupSchema)}`)
    try {
      const { rows } = await client.query<RowPlace>(sql, [...values])
      await client.query(`SET CONSTRAINTS ALL IMMEDIATE; ${searchPathStatement('SET LOCAL', null)}`)
      if (then === 'take it back') await client.query('ROLLBACK TO SAVEPOINT prisma_audit_write')
      return { outcome: { is: 'works' }, rows }
    } catch (error) {
      if (!isServersAnswer(error)) throw error
      await client.query('ROLLBACK TO SAVEPOINT prisma_audit_write')
      return { outcome: { is: 'fails', said: wordsOf(error) }, rows: [] }
    }
  }
}

/** For each write, the better outcome. */
function betterOf(one: TriedWrites, other: TriedWrites): TriedWrites {
  const better = { ...one, ...other }
  for (const write of WRITES) if (one[write]?.is === 'works') better[write] = one[write]
  return better
}

const WRITES = ['INSERT', 'UPDATE', 'UPDATE that changes a value', 'DELETE'] as const

function notTried(why: string): TriedWrites {
  return { INSERT: { is: 'not tried', why }, UPDATE: { is: 'not tried', why } }
}

/** A conflict with other sessions proves nothing. */
function withoutPassing(tried: TriedWrites): TriedWrites {
  const settled = Object.entries(tried).map(([write, outcome]): [string, WriteOutcome] =>
    outcome.is === 'fails' && PASSING.has(outcome.said.code)
      ? [write, { is: 'not tried', why: outcome.said.message }]
      : [write, outcome],
  )
  return Object.fromEntries(settled)
}

function wordsOf(error: Error): ServersWords {
  const part = (name: string) => {
    const value: unknown = Reflect.get(error, name)
    return typeof value === 'string' ? value : ''
  }
  return {
    message: messageLine(error),
    code: errorCode(error) ?? '',
    column: part('column'),
    constraint: part('constraint'),
    where: part('where'),
    statement: part('internalQuery') || (/^SQL statement "([\s\S]*?)"(?:\n|$)/.exec(part('where'))?.[1] ?? ''),
  }
}

const TIMED_OUT = '57014'

/** Lock not available, timeout, deadlock, serialization failure; or a generated key that already exists. */
const PASSING = new Set(['55P03', TIMED_OUT, '40P01', '40001', '23505'])

const ATTEMPTS = 3
