import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { TestDatabase, TestServer } from './postgres'

/** A copy of `sample/` in its own folder, with a database that contains its tables and rows. */
export interface SampleWorkspace {
  readonly folder: string
  readonly schemaFile: string
  readonly database: TestDatabase
  /** What processes started on it need: Prisma asks for an engine binary that `generate` never runs. */
  readonly environment: Readonly<Record<string, string>>
  remove(): Promise<void>
}

export async function createSampleWorkspace(postgres: TestServer, name?: string): Promise<SampleWorkspace> {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-sample-')))
  const folder = path.join(root, 'sample')
  const sample = path.join(__REPOSITORY__, 'sample')
  fs.cpSync(sample, folder, { recursive: true, filter: (file) => !LEFT_OUT.has(path.basename(file)) })
  // The sample's own packages are this repository's, as they are for a person who opens `sample/` here.
  fs.symlinkSync(path.join(__REPOSITORY__, 'node_modules'), path.join(root, 'node_modules'))

  const structure = fs.readFileSync(path.join(sample, 'database', 'structure.sql'), 'utf8')
  const seed = fs.readFileSync(path.join(sample, 'database', 'seed.sql'), 'utf8')
  const database = await postgres.createDatabase({
    sql: `${structure}\n${seed}`,
    ...(name === undefined ? {} : { name }),
  })
  fs.writeFileSync(path.join(folder, 'backend', '.env'), `DATABASE_URL=${database.url}\n`)

  return {
    folder,
    schemaFile: path.join(folder, 'backend', 'prisma', 'schema.prisma'),
    database,
    environment: { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath },
    remove: async () => {
      await database.drop()
      removeFolder(root)
    },
  }
}

/**
 * An editor's extension host may still be writing its log: Node's own retries do not remove a file that appears
 * meanwhile.
 */
function removeFolder(folder: string, attempts = 50): void {
  try {
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 1, retryDelay: 200 })
  } catch (error) {
    if (attempts === 0 || (error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error
    removeFolder(folder, attempts - 1)
  }
}

const LEFT_OUT = new Set(['node_modules', 'generated', 'dist', '.env', 'backups'])
