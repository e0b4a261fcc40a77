import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { TestDatabase } from '../support/postgres'
import { reach, settled, start, type Disturbing } from './commands'
import { contentsOf, databasesOf, layOut, readSchema, requireNothingLeft, structureOf, type Place } from './place'
import { startWriters, type Ledger, type Writers } from './writers'

export interface RoundOptions extends Disturbing {
  /** Rows of "Lead" that stand before. */
  readonly rows: number
  /** Back up and restore, too, and let the guided run write the schema; otherwise `migrate` alone. */
  readonly whole: boolean
}

export interface RoundResult {
  /** What disturbed a command, by the names of `troubles.ts`, each as often as it did. */
  readonly troubles: readonly string[]
  readonly writes: number
  /** Owners that the application wrote and that were there in the end. */
  readonly owners: number
}

/**
 * Migrates, rolls back and migrates again, as a person would with the command line, while an application writes and one
 * thing after another goes wrong; a command that broke off is run again, or rolled back first. Rejects where structure
 * or schema are not what they were before, something of ours is left behind, or a value that the application wrote is
 * lost.
 */
export async function chaosRound(options: RoundOptions): Promise<RoundResult> {
  const { server, random, say, whole } = options
  const place = await layOut(server, options.rows)
  const { database } = place
  const before = { structure: structureOf(database), schema: readSchema(place), databases: await databasesOf(database) }
  const isAsBefore = async (when: string) => {
    assert.equal(structureOf(database), before.structure, `the structure ${when}`)
    assert.equal(readSchema(place), before.schema, `the schema ${when}`)
    await requireNothingLeft(place, before.databases)
  }
  const up = whole ? RUN : MIGRATE
  const writers = startWriters(database.url, WRITERS, USERS, random)
  const troubles: string[] = []
  try {
    for (const goal of [up, ROLLBACK, up]) {
      troubles.push(...(await reach(goal, goal === up ? ROLLBACK : null, place, options)))
      say(`${goal[0] ?? ''}: done after ${writers.writes} writes`)
      const { code, output } = await settled(start(place, ['verify']))
      if (goal === ROLLBACK) await isAsBefore('after the rollback')
      else {
        assert.equal(code, 0, `verify\n${output}`)
        await requireNothingLeft(place, before.databases)
      }
      await passWrites(writers)
    }
    if (whole) troubles.push(...(await restoreElsewhere(place, options)))
    await writers.stop()
    const owners = await requireOwners(database, writers.ledger)
    if (whole) troubles.push(...(await restoreOver(place, options)))
    await reach(ROLLBACK, null, place, { ...options, troubles: 0 })
    await isAsBefore('in the end')
    return { troubles, writes: writers.writes, owners }
  } finally {
    await writers.stop().catch(() => undefined)
    await place.remove()
  }
}

const MIGRATE = ['migrate', '--yes']
const RUN = ['run', '--yes', '--no-application', '--no-actor', '--no-smoke']
const ROLLBACK = ['rollback', '--yes', '--no-application']

/** A backup of a database that is written to, restored beside it under the same name until that works. */
async function restoreElsewhere(place: Place, options: Disturbing): Promise<string[]> {
  const { database } = place
  const databases = await databasesOf(database)
  const name = `${database.name}_copy`
  const troubles = await reach(['backup', '--yes', '--level', '3'], null, place, options)
  const copy = ['restore', newestBackup(place), '--into', name, '--yes']
  // A database has its name only when it is complete, and the name is not given twice.
  const isReached = async () => (await databasesOf(database)).includes(name)
  troubles.push(...(await reach(copy, null, place, { ...options, isReached })))
  const structure = structureOf({ url: database.url.replace(database.name, name) })
  assert.equal(structure, structureOf(database), 'the structure of what was restored')
  await database.query(`DROP DATABASE ${name}`)
  await settled(start(place, ['backup', '--yes', '--level', '3']))
  await requireNothingLeft(place, databases)
  return troubles
}

/** While nothing else writes, a database is what it was after a restore of it, and in between. */
async function restoreOver(place: Place, options: Disturbing): Promise<string[]> {
  const { database } = place
  await reach(['backup', '--yes', '--level', '2'], null, place, { ...options, troubles: 0 })
  const contents = contentsOf(database)
  const over = ['restore', newestBackup(place), '--over', '--yes', '--confirm-database', database.name]
  const troubles = await reach(over, null, place, options)
  assert.equal(contentsOf(database), contents, 'the contents after a restore')
  return troubles
}

function newestBackup({ project }: Place): string {
  const folder = path.join(project, 'backups')
  const [newest] = fs
    .readdirSync(folder)
    .filter((name) => /\.(dump|sql|sql\.gz)$/.test(name))
    .sort()
    .reverse()
  assert.ok(newest !== undefined)
  return path.join(folder, newest)
}

/** So that something is written in each state. */
async function passWrites(writers: Writers): Promise<void> {
  const wanted = writers.writes + 50
  while (writers.writes < wanted) await pause(20)
}

async function requireOwners(database: TestDatabase, ledger: Ledger): Promise<number> {
  const rows = await database.query('SELECT id, "ownerId" FROM "Lead" WHERE id = ANY ($1::int[])', [[...ledger.keys()]])
  const found = new Map(rows.map(({ id, ownerId }) => [id, ownerId]))
  const lost = [...ledger].filter(([id, owner]) => found.get(id) !== owner)
  assert.deepEqual(
    lost.map(([id, owner]) => `${id}: ${owner} was written, ${String(found.get(id))} is there`),
    [],
  )
  return ledger.size
}

const WRITERS = 3

/** Of the sample's seed. */
const USERS = [4, 5, 7, 8, 11]
