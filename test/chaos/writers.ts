import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import type { Random } from './random'

/**
 * What the application knows that it wrote: the owner of each of its rows, by the row's id. A row that is not in it
 * never got an owner from the application, or nobody knows, since the connection broke at that very moment.
 */
export type Ledger = Map<number, number>

export interface Writers {
  readonly ledger: Ledger
  /** How many statements were committed. */
  readonly writes: number
  /** Waits until each writer is done with what it does. Rejects where a write failed that must not fail. */
  stop(): Promise<void>
}

/**
 * An application that goes on writing to "Lead" whatever happens: with and without an owner, changing keys, deleting.
 * Each writer keeps to ids of its own, so that it knows what its rows hold. It may be thrown out by the server at any
 * moment, and it may meet a database without `ownerId`; every other failure is a failure of the round.
 */
export function startWriters(url: string, count: number, users: readonly number[], random: Random): Writers {
  const ledger: Ledger = new Map()
  const work = { isOver: false, writes: 0 }
  const running = Array.from({ length: count }, (_, index) =>
    write({ url, users, random, ledger, work, ids: { next: FIRST_ID + index, step: count, known: [] } }),
  )
  return {
    ledger,
    get writes() {
      return work.writes
    },
    stop: async () => {
      work.isOver = true
      await Promise.all(running)
    },
  }
}

interface Writer {
  readonly url: string
  readonly users: readonly number[]
  readonly random: Random
  readonly ledger: Ledger
  readonly work: { isOver: boolean; writes: number }
  readonly ids: { next: number; readonly step: number; known: number[] }
}

async function write(writer: Writer): Promise<void> {
  const isOver = () => writer.work.isOver
  while (!isOver()) {
    const client = new pg.Client({ connectionString: writer.url, application_name: 'the application' })
    client.on('error', () => undefined)
    try {
      await client.connect()
      while (!isOver()) {
        await writeOnce(client, writer)
        writer.work.writes++
        await pause(writer.random.below(4))
      }
    } catch (error) {
      if (!isThrownOut(error)) throw error
      await pause(50)
    } finally {
      await client.end().catch(() => undefined)
    }
  }
}

async function writeOnce(client: pg.Client, writer: Writer): Promise<void> {
  const { random, ids } = writer
  const id = ids.known.length === 0 ? null : random.pick(ids.known)
  const chance = random.below(100)
  if (id === null || chance < 25) await insert(client, writer)
  else if (chance < 50) await setOwner(client, writer, id)
  else if (chance < 75) await client.query(`UPDATE "Lead" SET status = 'seen' WHERE id = $1`, [id])
  else if (chance < 90) await changeKey(client, writer, id)
  else await remove(client, writer, id)
}

async function insert(client: pg.Client, { ids }: Writer): Promise<void> {
  const id = takeId(ids)
  await client.query(`INSERT INTO "Lead" (id, name, email) VALUES ($1, 'New', 'new@example.org')`, [id])
  ids.known.push(id)
}

/** Until the answer is there, nobody knows what the row holds. */
async function setOwner(client: pg.Client, { users, random, ledger }: Writer, id: number): Promise<void> {
  const owner = random.pick(users)
  const before = ledger.get(id)
  ledger.delete(id)
  try {
    await client.query(`UPDATE "Lead" SET "ownerId" = $2 WHERE id = $1`, [id, owner])
    ledger.set(id, owner)
  } catch (error) {
    if (!hasNoSuchColumn(error)) throw error
    if (before !== undefined) ledger.set(id, before)
  }
}

/**
 * Where the row shows its owner at that moment, it moves with the row: reading it first keeps the column from being
 * dropped. A row that does not show it yet, since its owner still lies among the values that a rollback kept, loses it:
 * nothing tells whose the new key is, and the command says how many values found no row.
 */
async function changeKey(client: pg.Client, { ids, ledger }: Writer, id: number): Promise<void> {
  const owner = ledger.get(id)
  const moved = takeId(ids)
  forget(ids, id)
  ledger.delete(id)
  await client.query('BEGIN')
  const shown = await readOwner(client, id)
  if (shown === undefined) {
    await client.query('ROLLBACK')
    ids.known.push(id)
    if (owner !== undefined) ledger.set(id, owner)
    return
  }
  await client.query(`UPDATE "Lead" SET id = $2 WHERE id = $1`, [id, moved])
  await client.query('COMMIT')
  ids.known.push(moved)
  if (owner !== undefined && owner === shown) ledger.set(moved, owner)
}

/** Null where the row has none, and undefined where there is no such column. */
async function readOwner(client: pg.Client, id: number): Promise<number | null | undefined> {
  try {
    const { rows } = await client.query<{ ownerId: number | null }>(`SELECT "ownerId" FROM "Lead" WHERE id = $1`, [id])
    return rows[0]?.ownerId ?? null
  } catch (error) {
    if (!hasNoSuchColumn(error)) throw error
    return undefined
  }
}

async function remove(client: pg.Client, { ids, ledger }: Writer, id: number): Promise<void> {
  forget(ids, id)
  ledger.delete(id)
  await client.query('DELETE FROM "Lead" WHERE id = $1', [id])
}

function takeId(ids: Writer['ids']): number {
  const id = ids.next
  ids.next += ids.step
  return id
}

function forget(ids: Writer['ids'], id: number): void {
  ids.known = ids.known.filter((known) => known !== id)
}

function hasNoSuchColumn(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '42703'
}

/** The server ended the session or is away (57P…, or an error of the socket); a deadlock would be ours, and fails. */
function isThrownOut(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return error.code?.startsWith('57P') === true
  return (
    error instanceof Error && /ECONN|EPIPE|terminated|not queryable|closed/i.test(`${error.message} ${codeOf(error)}`)
  )
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : ''
}

/** Far above the ids of the rows that stand already. */
const FIRST_ID = 10_000_000
