import path from 'node:path'
import { datasourceOf } from '../lookup'
import type { SchemaModel } from '../model'
import { findPrismaConfig, readPrismaConfig } from './prisma-config'

export interface MigrationsFolderSearch {
  readonly schema: SchemaModel
  /** The schema's file or folder. */
  readonly schemaPath: string
  /** Nothing above it is read. */
  readonly root: string
  readonly readTextFile: (file: string) => string | null
  readonly isFolder: (file: string) => boolean
}

/**
 * The folder of Prisma's migrations, existing or not: `migrations.path` of `prisma.config.*` if it can be read without
 * running the file; otherwise `migrations` next to the file with the datasource, or next to the folder of the schema,
 * as in Prisma 5 and 6 for schemas of several files.
 */
export function findMigrationsFolder(search: MigrationsFolderSearch): string {
  const config = findPrismaConfig(search)
  const configured = config === null ? null : readPrismaConfig(config).migrationsPath
  if (config !== null && configured !== null) return path.resolve(path.dirname(config.path), configured)
  const datasource = datasourceOf(search.schema)?.file.path ?? search.schemaPath
  const beside = path.join(path.dirname(datasource), 'migrations')
  const candidates = [beside, path.join(path.dirname(search.schemaPath), 'migrations')]
  return candidates.find((folder) => search.isFolder(folder)) ?? beside
}
