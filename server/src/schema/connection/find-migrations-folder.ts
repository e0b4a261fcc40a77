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

export interface FoundMigrationsFolder {
  /** Absolute; it may not exist. */
  readonly folder: string
  /**
   * The configuration whose `migrations.path` only running it would show, so that `folder` is a guess; usually null.
   */
  readonly hiddenIn: string | null
}

/**
 * The folder of Prisma's migrations, existing or not: `migrations.path` of `prisma.config.*` if it can be read without
 * running the file; otherwise `migrations` next to the file with the datasource, or next to the folder of the schema,
 * as in Prisma 5 and 6 for schemas of several files.
 */
export function findMigrationsFolder(search: MigrationsFolderSearch): FoundMigrationsFolder {
  const config = findPrismaConfig(search)
  if (config === null) return { folder: usualFolder(search), hiddenIn: null }
  const { migrationsPath, hidesMigrationsPath } = readPrismaConfig(config)
  if (migrationsPath !== null)
    return { folder: path.resolve(path.dirname(config.path), migrationsPath), hiddenIn: null }
  return { folder: usualFolder(search), hiddenIn: hidesMigrationsPath ? config.path : null }
}

function usualFolder(search: MigrationsFolderSearch): string {
  const datasource = datasourceOf(search.schema)?.file.path ?? search.schemaPath
  const beside = path.join(path.dirname(datasource), 'migrations')
  const candidates = [beside, path.join(path.dirname(search.schemaPath), 'migrations')]
  return candidates.find((folder) => search.isFolder(folder)) ?? beside
}
