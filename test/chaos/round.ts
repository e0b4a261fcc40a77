import assert from 'node:assert/strict'
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { FLAGS_OF_SHORT_PROCESSES } from '../support/node-flags'
import type { TestDatabase, TestServer } from '../support/postgres'
import type { Random } from './random'
import { pickTrouble } from './troubles'
import { startWriters, type Ledger, type Writers } from './writers'

export interface RoundOptions {
  readonly server: TestServer
  readonly random: Random
  /** Rows of "Lead" that stand before. */
  readonly rows: number
  /** How often a command is disturbed before it is left alone. */
  readonly troubles: number
  /** Told of everything that happens, a line each. */
  readonly say: (line: string) => void
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
 * thing after another goes wrong; a command that broke off is run again, or rolled back first. Rejects where the structure
 * is not what it was before, something of ours is left behind, or a value that the application wrote is lost.
 */
export async function chaosRound(options: RoundOptions): Promise<RoundResult> {
  const { server, random, say } = options
  const place = await layOut(server, options.rows)
  const { database } = place
  const before = structureOf(database)
  const writers = startWriters(database.url, WRITERS, USERS, random)
  const troubles: string[] = []
  try {
    for (const goal of ['migrate', 'rollback', 'migrate'] as const) {
      troubles.push(...(await reach(goal, place, options)))
      say(`${goal}: done after ${writers.writes} writes`)
      if (goal === 'rollback') assert.equal(structureOf(database), before, 'the structure after the rollback')
      else {
        const { code, output } = await settled(run(place, 'verify'))
        assert.equal(code, 0, `verify\n${output}`)
      }
      await passWrites(writers)
    }
    await writers.stop()
    const owners = await requireOwners(database, writers.ledger)
    await reach('rollback', place, { ...options, troubles: 0 })
    assert.equal(structureOf(database), before, 'the structure in the end')
    return { troubles, writes: writers.writes, owners }
  } finally {
    await writers.stop().catch(() => undefined)
    await place.remove()
  }
}

interface Place {
  readonly folder: string
  readonly database: TestDatabase
  remove(): Promise<void>
}

async function layOut(server: TestServer, rows: number): Promise<Place> {
  const sample = (...names: string[]) => path.join(__REPOSITORY__, 'sample', ...names)
  const read = (name: string) => fs.readFileSync(sample('database', name), 'utf8')
  const database = await server.createDatabase(
    `${read('structure.sql')}; ${read('seed.sql')};
     INSERT INTO "Lead" (name, email) SELECT 'More', i || '@example.org' FROM generate_series(1, ${rows}) AS i`,
  )
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-chaos-'))
  fs.copyFileSync(sample('backend', 'prisma', 'schema.prisma'), path.join(folder, 'schema.prisma'))
  fs.copyFileSync(sample('prisma-audit.json'), path.join(folder, 'prisma-audit.json'))
  return {
    folder,
    database,
    remove: async () => {
      await database.drop()
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Runs the command until it succeeds; answers what disturbed it. */
async function reach(goal: 'migrate' | 'rollback', place: Place, options: RoundOptions): Promise<string[]> {
  const { random, say, server } = options
  const troubles: string[] = []
  for (let attempt = 1; ; attempt++) {
    assert.ok(attempt <= ATTEMPTS + options.troubles, `${goal} did not come to an end`)
    // What broke off may be gone on with or taken back first; both have to work.
    const isTakenBack = goal === 'migrate' && attempt > 1 && random.below(4) === 0
    const runner = run(place, isTakenBack ? 'rollback' : goal)
    const ended = settled(runner)
    if (troubles.length < options.troubles) {
      const { name, cause } = pickTrouble(random)
      const after = random.below(LONGEST_CALM)
      await Promise.race([pause(after), ended])
      if (runner.exitCode === null) {
        troubles.push(name)
        say(`${goal}: ${name} after ${after} ms`)
        await cause({ server, url: place.database.url, runner }, random)
      }
    }
    const { code, output } = await ended
    if (code === 0 && !isTakenBack) return troubles
    say(`${isTakenBack ? 'rollback in between' : goal}: exit code ${code ?? 'none'}`)
    // Left alone, a command must succeed: the last one that was disturbed may still have its session for a second.
    if (code !== 0 && troubles.length === options.troubles && attempt > ATTEMPTS) assert.fail(output)
    if (code !== 0) await pause(300)
  }
}

function run({ folder, database }: Place, command: string): ChildProcess {
  const yes = command === 'verify' ? [] : ['--yes']
  const files = command === 'migrate' ? ['--no-files'] : []
  const words = [command, '--url', database.url, '--cwd', folder, ...yes, ...files]
  return spawn(process.execPath, [...FLAGS_OF_SHORT_PROCESSES, path.join(__BUNDLE_FOLDER__, 'cli.js'), ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PRISMA_AUDIT_CACHE: 'off' },
  })
}

async function settled(child: ChildProcess): Promise<{ readonly code: number | null; readonly output: string }> {
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text))
  }
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, output }
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

/** By `pg_dump`, so of the system's PostgreSQL only; without the values that a rollback kept, which are meant to stay. */
function structureOf({ url }: TestDatabase): string {
  const text = execFileSync('pg_dump', ['--schema-only', '--no-owner', '--exclude-schema=prisma_audit_kept', url], {
    encoding: 'utf8',
  })
  // Newer versions write a random key into every dump.
  return text.replace(/^\\(un)?restrict .*$/gm, '')
}

const WRITERS = 3

/** Of the sample's seed. */
const USERS = [4, 5, 7, 8, 11]

/** How often a command that nobody disturbs may fail: the session of one that was killed lives on for a second. */
const ATTEMPTS = 20

/** Milliseconds until the trouble comes, at most. */
const LONGEST_CALM = 1200
