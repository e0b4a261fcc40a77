import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { missingAuditFields } from '../../../server/src/audit-fields/requirements'
import type { Plan } from '../../../server/src/migration/model'
import type { HistoryTarget } from '../../../server/src/migration/run/prisma-history/history'
import { applyEdits } from '../../../server/src/schema/edits/apply-edits'
import { auditFieldEdits } from '../../../server/src/audit-fields/edits/audit-field-edits'
import { CLEAN_HISTORY, prismaDeploy, prismaHistory } from '../../support/history-oracle'
import { prismaDdl } from '../../support/oracle'
import type { TestDatabase, TestServer } from '../../support/postgres'
import { dumpSchema } from '../migration/support/dump'
import { createProject, type ProjectOptions, type TestProject } from '../migration/support/project'

/** A project whose database was made by `prisma migrate deploy` of its own migrations. */
export interface HistoryProject extends TestProject {
  /** The folder of migrations. */
  readonly migrations: string
  readonly target: HistoryTarget
  /** Of folders, in their order. */
  names(): string[]
  /** The text of the schema once the audit fields are written into it. */
  editedSchema(additions: Plan['additions']): string
  /** Prisma's engine finds nothing to reset and to apply, and between migrations and schema nothing but this. */
  checkClean(schemaText: string, difference?: string): Promise<void>
  remove(): void
}

export async function createHistoryProject(server: TestServer, options: ProjectOptions): Promise<HistoryProject> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-history-'))
  const migrations = path.join(folder, 'prisma', 'migrations')
  const ddl = options.ddl ?? (await prismaDdl(options.schema, server.url))
  writeMigration(migrations, '20240101000000_init', ddl)
  fs.writeFileSync(path.join(migrations, 'migration_lock.toml'), 'provider = "postgresql"\n')
  const project = await createProject(server, { ...options, ddl: 'SELECT 1', sql: '' })
  await prismaDeploy(options.schema, project.url, migrations)
  if (options.sql !== undefined) await project.database.query(options.sql)
  return {
    ...project,
    migrations,
    target: targetOf(folder, options),
    names: () => folderNames(migrations),
    editedSchema(additions) {
      const { schema, policy } = project
      const missing = missingAuditFields(schema, policy)
      const isMissing = ({ model, field }: Plan['additions'][number]) =>
        missing.some((found) => found.model === model && found.field === field)
      const completed = additions.filter((addition) => !isMissing(addition))
      return applyEdits(options.schema, auditFieldEdits(schema, policy, [...missing, ...completed]))
    },
    async checkClean(schemaText, difference = '') {
      assert.deepEqual(await prismaHistory(schemaText, project.url, migrations), { ...CLEAN_HISTORY, difference })
    },
    remove: () => fs.rmSync(folder, { recursive: true, force: true }),
  }
}

const read = (name: string) => fs.readFileSync(path.join(__REPOSITORY__, 'sample', name), 'utf8')

export const SAMPLE: ProjectOptions = {
  schema: read('backend/prisma/schema.prisma'),
  policy: JSON.parse(read('prisma-audit.json')) as unknown,
  sql: read('database/seed.sql'),
}

/** Of a database, as SQL that is equal for equal ones; without the journal, which no teammate replays. */
export async function structure(database: Pick<TestDatabase, 'url' | 'binFolder'>): Promise<string> {
  const text = await dumpSchema(database)
  return (
    text
      .split(/\n\n+/)
      // Where the settings between them stand hangs on what else there is.
      .filter((part) => !/prisma_audit\b(?!_)|^SET default_table/.test(part))
      .join('\n\n')
  )
}

export function targetOf(folder: string, { schemas = ['public'] }: Pick<ProjectOptions, 'schemas'>): HistoryTarget {
  return {
    isWanted: true,
    prismaFolder: path.join(folder, 'prisma', 'migrations'),
    plainFolder: path.join(folder, 'migrations'),
    writable: [folder],
    schema: 'public',
    leaveOut: schemas.length === 1 ? 'public' : null,
    onFolder: () => undefined,
  }
}

export function folderNames(folder: string): string[] {
  if (!fs.existsSync(folder)) return []
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
}

export function writeMigration(migrations: string, name: string, text: string): void {
  fs.mkdirSync(path.join(migrations, name), { recursive: true })
  fs.writeFileSync(path.join(migrations, name, 'migration.sql'), text)
}
