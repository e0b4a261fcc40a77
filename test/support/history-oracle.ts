import fs from 'node:fs'
import path from 'node:path'
import { NOTHING_EXTERNAL, readSchema, withSchemaEngine, type OracleSchema } from './oracle'

/** What Prisma's own engine reports about a history, and what it does with it. */
export interface PrismaHistoryVerdict {
  /** Everything that `prisma migrate status` and `deploy` look at: edited, failed, pending and unknown migrations. */
  readonly diagnosis: unknown
  /** What `prisma migrate dev` would do first: `createMigration`, or `reset` with its reason. */
  readonly development: string
  /** The remaining difference between the replayed migrations and the schema; empty if they are equal. */
  readonly difference: string
}

/** A history that needs no reset and has nothing to apply or create. */
export const CLEAN_HISTORY: PrismaHistoryVerdict = {
  diagnosis: { editedMigrationNames: [], failedMigrationNames: [], hasMigrationsTable: true, history: null },
  development: 'createMigration',
  difference: '',
}

/** Asks the engine about the folder of migrations, the database and the schema. */
export async function prismaHistory(schema: OracleSchema, url: string, folder: string): Promise<PrismaHistoryVerdict> {
  const files = readSchema(schema)
  const migrationsList = readMigrations(folder)
  const filters = NOTHING_EXTERNAL
  return await withSchemaEngine(files, url, async (engine) => {
    const diagnosis = await engine.diagnoseMigrationHistory({ migrationsList, optInToShadowDatabase: false, filters })
    const { action } = await engine.devDiagnostic({ migrationsList, filters })
    const { stdout, exitCode } = await engine.diff({
      from: { tag: 'migrations', ...migrationsList },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: true,
      shadowDatabaseUrl: null,
      filters,
    })
    const development = action.tag === 'reset' ? `reset: ${action.reason ?? ''}` : action.tag
    return { diagnosis, development, difference: exitCode === 0 ? '' : (stdout ?? '') }
  })
}

/** `prisma migrate deploy`: applies what the database lacks; returns the names. */
export async function prismaDeploy(schema: OracleSchema, url: string, folder: string): Promise<string[]> {
  return await withSchemaEngine(readSchema(schema), url, async (engine) => {
    const input = { migrationsList: readMigrations(folder), filters: NOTHING_EXTERNAL }
    return (await engine.applyMigrations(input)).appliedMigrationNames
  })
}

/** The folder as Prisma's command line passes it to the engine. */
function readMigrations(folder: string) {
  const read = (file: string) => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : null)
  const names = fs
    .readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
  return {
    baseDir: folder,
    lockfile: { path: 'migration_lock.toml', content: read(path.join(folder, 'migration_lock.toml')) },
    shadowDbInitScript: '',
    migrationDirectories: names.map((name) => {
      const value = read(path.join(folder, name, 'migration.sql'))
      const content = value === null ? { tag: 'error', value: 'There is no such file.' } : { tag: 'ok', value }
      return { path: name, migrationFile: { path: 'migration.sql', content } }
    }),
  }
}
