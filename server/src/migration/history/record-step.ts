import { createHash } from 'node:crypto'
import { quoteLiteral, quoteQualified } from '../../database/quote'
import { step } from '../plan/steps/step'
import type { MigrationFolder, Step } from '../model'

/** Prisma's own table. */
export const PRISMA_MIGRATIONS = '_prisma_migrations'

/** The file of a folder that Prisma reads and whose checksum it stores. */
export const MIGRATION_FILE = 'migration.sql'

/** As Prisma computes it: SHA-256 of the file's bytes, in hexadecimal. */
export function checksumOf(migrationSql: string): string {
  return createHash('sha256').update(migrationSql).digest('hex')
}

/**
 * Records in Prisma's history that a folder was applied, like `prisma migrate resolve --applied`, in its own
 * transaction, unless it is already recorded. It cannot be undone: Prisma's history only goes forward, and a rollback
 * is another migration.
 */
export function recordStep(folder: MigrationFolder, schema: string, id: `record-${string}` = 'record-history'): Step {
  const table = quoteQualified(schema, PRISMA_MIGRATIONS)
  const name = quoteLiteral(folder.name)
  const checksum = quoteLiteral(checksumOf(folder.files[MIGRATION_FILE] ?? ''))
  const applied = `migration_name = ${name} AND finished_at IS NOT NULL AND rolled_back_at IS NULL`
  return step({
    recipe: { builder: 'record-history', parameters: { folder, schema, id } },
    id: `${id}:${folder.name}`,
    kind: 'record-history',
    title: `Record migration ${folder.name} in Prisma's history`,
    schema,
    table: PRISMA_MIGRATIONS,
    up: [
      [
        `INSERT INTO ${table} (id, checksum, migration_name, started_at, finished_at, applied_steps_count)`,
        `SELECT ${quoteLiteral(identifierOf(folder.name))}, ${checksum}, ${name}, now.instant, now.instant, 1`,
        'FROM (SELECT pg_catalog.clock_timestamp() AS instant) AS now',
        `WHERE NOT EXISTS (SELECT FROM ${table} WHERE ${applied})`,
      ].join('\n'),
    ],
    down: [],
    verify: [
      {
        title: `Prisma's history contains ${folder.name}`,
        sql: `SELECT (EXISTS (SELECT FROM ${table} WHERE ${applied} AND checksum = ${checksum}))::pg_catalog.text AS found`,
        expected: 'true',
        mode: 'read',
      },
    ],
    lock: { mode: 'ROW EXCLUSIVE', tables: [table], duration: 'brief' },
    privileges: [
      { action: 'select', name: table },
      { action: 'insert', name: table },
    ],
    folder,
  })
}

/**
 * A UUID in the format of version 4, as in Prisma; the same for the same name, so that it can only be inserted once.
 */
function identifierOf(name: string): string {
  const digits = createHash('sha256').update(`prisma-audit ${name}`).digest('hex')
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `a${digits.slice(17, 20)}`,
    digits.slice(20, 32),
  ].join('-')
}
