import fs from 'node:fs'
import path from 'node:path'
import { placesIn } from '../audit/policy-findings'
import { startEmbeddedServer } from '../embedded/start-embedded-server'
import { withClient, type DatabaseClient } from '../database/connect'
import { quoteIdentifier } from '../database/quote'
import { AuditError, messageLine, type ErrorPlace } from '../errors'
import { splitScript } from '../lint/parse/split-script'
import { listPrismaMigrations, migrationName } from '../project/migration-scripts'
import type { Project } from '../project/project'
import { readFolder } from '../files/bounded-files'
import { lineOf } from '../text/safe-text'
import type { Interaction } from './interaction'
import { untranslated } from '../text/phrase'

/**
 * Runs the project's Prisma migrations in order in a temporary embedded PostgreSQL, and passes its URL to `work`. Needs
 * no database, no secret and no Prisma engine. Throws `migrations-absent`, `migration-file-missing`,
 * `migration-lock-differs` and `replay-failed`.
 */
export async function withReplayedMigrations<Result>(
  project: Project,
  interaction: Interaction,
  work: (url: string, count: number) => Promise<Result>,
): Promise<Result> {
  const folder = project.migrationsFolder
  const scripts = listPrismaMigrations(project)
  if (scripts.length === 0) throw migrationsAbsent(project.paths.display(folder))
  requireMigrationFiles(project, scripts)
  requireOwnLock(project)
  const { signal } = interaction
  interaction.progress('Starting an embedded PostgreSQL')
  const texts = scripts.map((file) => project.readFile(file) ?? '')
  const extensions = extensionsIn(texts)
  const server = await startEmbeddedServer({ extensions, isShortLived: true, signal })
  try {
    const schema = await defaultSchemaOf(project)
    const quoted = quoteIdentifier(schema)
    await withClient(server.url, { signal }, async (client) => {
      await client.query(`CREATE SCHEMA IF NOT EXISTS ${quoted}`)
      for (const [position, file] of scripts.entries()) {
        const name = migrationName(file) ?? ''
        interaction.progress('Replaying the migrations', (100 * position) / scripts.length, name)
        // A first migration that was created from a dump sets it to the empty string.
        await client.query(`SET search_path = ${quoted}`)
        const text = texts[position] ?? ''
        try {
          await client.query(text)
        } catch (error) {
          signal.throwIfAborted()
          const offset = offsetIn(text, error) ?? (await failingStatement(client, text))
          const range = placesIn(text)(offset)
          throw replayFailed(name, { file: project.paths.display(file), range }, error)
        }
      }
    })
    const shown = project.paths.display(folder)
    interaction.output(lineOf(`Database: embedded PostgreSQL (${shown} replayed: ${scripts.length})`))
    return await work(`${server.url}?schema=${encodeURIComponent(schema)}`, scripts.length)
  } finally {
    await server.stop()
  }
}

/**
 * Whether the project has never used Prisma Migrate, as with `prisma db push`: its first migration creates the lock
 * file, and nothing deletes that.
 */
export function hasNeverMigrated(project: Project): boolean {
  return listPrismaMigrations(project).length === 0 && !fs.existsSync(path.join(project.migrationsFolder, LOCK_FILE))
}

/** Prisma stops at a folder without its file, which nothing else would report. */
function requireMigrationFiles(project: Project, scripts: readonly string[]): void {
  const folder = project.migrationsFolder
  const names = (readFolder(folder) ?? []).filter((entry) => entry.isDirectory())
  for (const { name } of names) {
    const file = path.join(folder, name, 'migration.sql')
    if (!name.startsWith('.') && !scripts.includes(file))
      throw migrationFileMissing(name, project.paths.display(file), fs.existsSync(file))
  }
}

/** Prisma stops at a lock file of another database, which nothing else would report. */
function requireOwnLock(project: Project): void {
  const file = path.join(project.migrationsFolder, LOCK_FILE)
  const text = project.findFile(file) ?? ''
  const [line, provider] = /^[ \t]*provider[ \t]*=[ \t]*["']([^"'\r\n]*)["']/m.exec(text) ?? []
  if (line === undefined || provider === undefined || ['postgresql', 'postgres'].includes(provider)) return
  const range = placesIn(text)(text.indexOf(line))
  throw migrationLockDiffers(provider, { file: project.paths.display(file), range })
}

const LOCK_FILE = 'migration_lock.toml'

/** Each extension adds to the start-up time; the server itself rejects one that is not available. */
function extensionsIn(texts: readonly string[]): string[] {
  const created = /\bCREATE\s+EXTENSION\s+(?:IF\s+NOT\s+EXISTS\s+)?"?([\w-]+)/gi
  return [...new Set(texts.flatMap((text) => [...text.matchAll(created)].map(([, name = '']) => name)))]
}

/** The schema of the project's URL, if there is a URL; a fork's pull request has none. */
async function defaultSchemaOf(project: Project): Promise<string> {
  try {
    return (await project.live.place()).defaultSchema
  } catch (error) {
    if (error instanceof AuditError && error.code === 'database-url-missing') return 'public'
    throw error
  }
}

/** The position of the error according to the server, which counts characters from one; null if it reports none. */
function offsetIn(text: string, error: unknown): number | null {
  const position = error instanceof Error && 'position' in error ? Number(error.position) : NaN
  return Number.isNaN(position)
    ? null
    : Array.from(text)
        .slice(0, position - 1)
        .join('').length
}

/** Where the failing statement starts. The script ran as one transaction, so its statements are tried one by one. */
async function failingStatement(client: DatabaseClient, text: string): Promise<number> {
  const statements = splitScript(text)
  await client.query('ROLLBACK; BEGIN')
  for (const { start, end } of statements) {
    const error = await client.query(text.slice(start, end)).then(
      () => null,
      (failure: unknown) => failure,
    )
    if (error !== null) return start
  }
  return statements[0]?.start ?? 0
}

function migrationsAbsent(folder: string): AuditError {
  return new AuditError('migrations-absent', {
    what: untranslated`There are no migrations to replay.`,
    why: untranslated`${folder} has a migration_lock.toml, but no folder with a migration.sql.`,
    nextStep: untranslated`Restore the migrations, or specify a database with --url or another schema with --schema.`,
  })
}

function migrationFileMissing(name: string, file: string, isThere: boolean): AuditError {
  const start = { line: 0, character: 0 }
  return new AuditError('migration-file-missing', {
    what: untranslated`The migration ${name} has no migration.sql${isThere ? ' that can be replayed' : ''}.`,
    why: isThere
      ? untranslated`Its migration.sql is not a regular file; links are not followed.`
      : untranslated`prisma migrate stops at a folder without it (P3015).`,
    nextStep: isThere
      ? untranslated`Replace it by the file itself.`
      : untranslated`Restore the file, or delete the folder.`,
    place: { file, range: { start, end: start } },
  })
}

function migrationLockDiffers(provider: string, place: ErrorPlace): AuditError {
  return new AuditError('migration-lock-differs', {
    what: untranslated`${LOCK_FILE} says that the migrations are for "${provider}", but the schema is for PostgreSQL.`,
    why: untranslated`prisma migrate stops at the difference (P3019).`,
    nextStep: untranslated`Restore the file.`,
    place,
  })
}

/** Errors of the script itself: no other database would run it. */
const IN_ANY_DATABASE: readonly unknown[] = [
  '42601', // syntax_error
  '25001', // active_sql_transaction: CONCURRENTLY in a transaction
  '55P04', // unsafe_new_enum_value_usage
]

function replayFailed(name: string, place: ErrorPlace, error: unknown): AuditError {
  const isInScript = error instanceof Error && 'code' in error && IN_ANY_DATABASE.includes(error.code)
  return new AuditError('replay-failed', {
    what: untranslated`The migration ${name} cannot be replayed in an empty database.`,
    why: messageLine(error),
    nextStep: isInScript
      ? untranslated`Fix the migration.`
      : untranslated`If prisma migrate dev fails too, fix the migration. If it needs a role or an extension that the embedded PostgreSQL lacks, use a database (--url).`,
    place,
  })
}
