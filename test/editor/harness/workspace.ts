import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { TestDatabase, TestServer } from '../../support/postgres'

/** A copy of `sample/` with a database of its own, and folders for the editor's state and the tests' results. */
export interface SampleWorkspace {
  readonly folder: string
  readonly schemaFile: string
  readonly database: TestDatabase
  /** For the editor: settings, state, extensions. */
  readonly profile: string
  /** Of the editor's process; the suite inside it reads some. */
  readonly environment: Readonly<Record<string, string>>
  remove(): Promise<void>
}

export async function createSampleWorkspace(postgres: TestServer): Promise<SampleWorkspace> {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-editor-')))
  const folder = path.join(root, 'sample')
  const sample = path.join(__REPOSITORY__, 'sample')
  fs.cpSync(sample, folder, { recursive: true, filter: (file) => !LEFT_OUT.has(path.basename(file)) })
  // The sample's own packages are this repository's, as they are for a person who opens `sample/` here.
  fs.symlinkSync(path.join(__REPOSITORY__, 'node_modules'), path.join(root, 'node_modules'))

  const structure = fs.readFileSync(path.join(sample, 'database', 'structure.sql'), 'utf8')
  const seed = fs.readFileSync(path.join(sample, 'database', 'seed.sql'), 'utf8')
  const database = await postgres.createDatabase({ sql: `${structure}\n${seed}`, name: uniqueDatabaseName() })
  fs.writeFileSync(path.join(folder, 'backend', '.env'), `DATABASE_URL=${database.url}\n`)

  return {
    folder,
    schemaFile: path.join(folder, 'backend', 'prisma', 'schema.prisma'),
    database,
    profile: path.join(root, 'profile'),
    // Prisma fetches this binary before any command, though `generate` runs without it.
    environment: { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_AUDIT_TEST_DATABASE_URL: database.url },
    remove: async () => {
      await database.drop()
      // The extension host may still be writing its log.
      fs.rmSync(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
    },
  }
}

const LEFT_OUT = new Set(['node_modules', 'generated', 'dist', '.env', 'backups'])

/** Short, since the screenshots show it. */
function uniqueDatabaseName(): string {
  return `crm_${Math.random().toString(36).slice(2, 6)}`
}
