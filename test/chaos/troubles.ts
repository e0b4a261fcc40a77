import { setTimeout as pause } from 'node:timers/promises'
import type { ChildProcess } from 'node:child_process'
import pg from 'pg'
import type { TestServer } from '../support/postgres'
import type { Random } from './random'

export interface Scene {
  readonly server: TestServer
  readonly url: string
  readonly runner: ChildProcess
  /** Runs the command a second time, beside the first. */
  readonly again: () => Promise<number | null>
}

/** What can go wrong while a command runs. Each leaves the structure of the database as it was. */
export type Trouble = (scene: Scene, random: Random) => Promise<void>

const TROUBLES: Readonly<Record<string, Trouble>> = {
  'kill the command': ({ runner }) => {
    runner.kill('SIGKILL')
    return Promise.resolve()
  },
  'interrupt the command': ({ runner }) => {
    runner.kill('SIGINT')
    return Promise.resolve()
  },
  'terminate its sessions': ({ url }) =>
    ask(url, [
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name LIKE 'prisma-audit%'`,
    ]),
  'cancel its statements': ({ url }) =>
    ask(url, [
      `SELECT pg_cancel_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name LIKE 'prisma-audit%'`,
    ]),
  'crash the server': async ({ server }) => {
    await server.crash()
    await server.start()
  },
  'restart the server': async ({ server }) => {
    await server.crash('SIGINT')
    await server.start()
  },
  'run it twice at once': async ({ again }) => {
    await again()
  },
  'lock the table': ({ url }, random) =>
    ask(url, ['BEGIN', `LOCK TABLE "Lead" IN SHARE MODE`, `SELECT pg_sleep(${random.below(500) / 1000})`, 'COMMIT']),
  'hold a row of the users': ({ url }) =>
    ask(url, ['BEGIN', `SELECT FROM "User" WHERE id = 4 FOR UPDATE`, 'SELECT pg_sleep(0.3)', 'COMMIT']),
  'add a column and drop it': ({ url }) =>
    ask(url, [
      `ALTER TABLE "Lead" ADD COLUMN IF NOT EXISTS note text`,
      `ALTER TABLE "Lead" DROP COLUMN IF EXISTS note`,
    ]),
  'build an index and drop it': ({ url }) =>
    ask(url, [`CREATE INDEX IF NOT EXISTS chaos ON "Lead" (status)`, 'DROP INDEX IF EXISTS chaos']),
  vacuum: ({ url }) => ask(url, ['VACUUM ANALYZE']),
}

/** Others' statements give way to whoever holds the lock, and may be thrown out with the server. */
async function ask(url: string, statements: readonly string[]): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const client = new pg.Client({ connectionString: url, application_name: 'the others' })
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.query(`SET lock_timeout = '2s'`)
      for (const statement of statements) await client.query(statement)
      return
    } catch (error) {
      // A column or an index of theirs must not be left behind.
      if (attempt === 20) throw error
      await pause(100)
    } finally {
      await client.end().catch(() => undefined)
    }
  }
}

/** Four of five troubles end the command, half of them by killing it, or what it talks to, at any moment. */
const DEADLY = [
  'kill the command',
  'kill the command',
  'kill the command',
  'kill the command',
  'interrupt the command',
  'terminate its sessions',
  'crash the server',
  'restart the server',
]

export function pickTrouble(random: Random): { readonly name: string; readonly cause: Trouble } {
  const name = random.pick(random.below(5) > 0 ? DEADLY : Object.keys(TROUBLES))
  const cause = TROUBLES[name]
  if (cause === undefined) throw new Error(`There is no trouble called ${name}.`)
  return { name, cause }
}
