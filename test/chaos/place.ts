import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { TestDatabase, TestServer } from '../support/postgres'

/**
 * A project with a history of Prisma Migrate, its database, and folders in which everything that a command leaves
 * shows.
 */
export interface Place {
  readonly project: string
  readonly database: TestDatabase
  /** Of the commands. */
  readonly environment: NodeJS.ProcessEnv
  remove(): Promise<void>
}

/** @param rows of "Lead", besides the sample's own. */
export async function layOut(server: TestServer, rows: number): Promise<Place> {
  const sample = (...names: string[]) => path.join(__REPOSITORY__, 'sample', ...names)
  const structure = fs.readFileSync(sample('database', 'structure.sql'), 'utf8')
  const database = await server.createDatabase(
    `${structure}; ${fs.readFileSync(sample('database', 'seed.sql'), 'utf8')};
     INSERT INTO "Lead" (name, email) SELECT 'More', i || '@example.org' FROM generate_series(1, ${rows}) AS i;
     CREATE TABLE _prisma_migrations (id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz,
       migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz,
       started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0);
     INSERT INTO _prisma_migrations VALUES ('init', '${createHash('sha256').update(structure).digest('hex')}', now(), '${INIT}', NULL, NULL, now(), 1)`,
  )
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-chaos-'))
  const project = path.join(folder, 'project')
  const migrations = path.join(project, 'prisma', 'migrations')
  fs.mkdirSync(path.join(migrations, INIT), { recursive: true })
  for (const name of ['temporary', 'home']) fs.mkdirSync(path.join(folder, name))
  fs.copyFileSync(sample('backend', 'prisma', 'schema.prisma'), path.join(project, SCHEMA))
  fs.copyFileSync(sample('prisma-audit.json'), path.join(project, 'prisma-audit.json'))
  fs.writeFileSync(path.join(migrations, INIT, 'migration.sql'), structure)
  fs.writeFileSync(path.join(migrations, 'migration_lock.toml'), 'provider = "postgresql"\n')
  const home = path.join(folder, 'home')
  return {
    project,
    database,
    environment: {
      ...process.env,
      PRISMA_AUDIT_CACHE: 'off',
      TMPDIR: path.join(folder, 'temporary'),
      ...{ HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home, XDG_STATE_HOME: home, XDG_DATA_HOME: home },
    },
    remove: async () => {
      await database.drop()
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}

const INIT = '20250101000000_init'
const SCHEMA = path.join('prisma', 'schema.prisma')

export function readSchema({ project }: Place): string {
  return fs.readFileSync(path.join(project, SCHEMA), 'utf8')
}

/**
 * By `pg_dump`, so of the system's PostgreSQL only; without the values that a rollback kept, which are meant to stay.
 */
export function structureOf({ url }: Pick<TestDatabase, 'url'>): string {
  return dumped(['--schema-only', '--no-owner', '--exclude-schema=prisma_audit_kept', url])
}

/** Structure and rows. */
export function contentsOf({ url }: Pick<TestDatabase, 'url'>): string {
  return createHash('sha256')
    .update(dumped([url]))
    .digest('hex')
}

function dumped(words: readonly string[]): string {
  const text = execFileSync('pg_dump', words, { encoding: 'utf8', maxBuffer: 2 ** 28 })
  // Newer versions write a random key into every dump.
  return text.replace(/^\\(un)?restrict .*$/gm, '')
}

/**
 * Rejects where something lies about that should not: an index that is not valid (a dump is silent about those), a
 * database of ours, a file that is only temporary, a migration that stands in the folder and not in Prisma's history,
 * or the other way round, or did not finish there.
 */
export async function requireNothingLeft(place: Place, databases: readonly string[]): Promise<void> {
  const { database, project, environment } = place
  const invalid = await database.query('SELECT indexrelid::regclass::text AS name FROM pg_index WHERE NOT indisvalid')
  assert.deepEqual(invalid, [], 'invalid indexes')
  assert.deepEqual(await databasesOf(database), databases, 'databases')
  assert.deepEqual(fs.readdirSync(environment.TMPDIR ?? ''), [], 'temporary files')
  const files = fs.readdirSync(project, { recursive: true, encoding: 'utf8' })
  const odd = files.filter((file) => /\.partial$|\.tmp$|\.prisma-audit-/.test(file))
  assert.deepEqual(odd, [], 'unfinished files in the project')
  const history = await database.query(
    'SELECT migration_name, finished_at IS NOT NULL AS finished FROM _prisma_migrations ORDER BY 1',
  )
  const folder = path.join(project, 'prisma', 'migrations')
  const folders = fs.readdirSync(folder).filter((name) => fs.existsSync(path.join(folder, name, 'migration.sql')))
  assert.deepEqual(
    history,
    folders.sort().map((name) => ({ migration_name: name, finished: true })),
    "Prisma's history",
  )
}

export async function databasesOf(database: TestDatabase): Promise<string[]> {
  const rows = await database.query('SELECT datname::text AS name FROM pg_database ORDER BY 1')
  return rows.map(({ name }) => String(name))
}
