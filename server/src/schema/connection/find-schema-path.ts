import path from 'node:path'
import { findPrismaConfig, readPrismaConfig } from './prisma-config'

/** The folders that a search looks into. */
interface Folders {
  readonly readTextFile: (file: string) => string | null
  /** Also what cannot be read, such as a pipe: what is there is not passed over, reading it says why it cannot be read. */
  readonly exists: (file: string) => boolean
}

/**
 * The schema of the package in this folder, a file or a folder of files, where Prisma looks for it: `schema` in
 * `prisma.config.*`, `prisma.schema` in package.json, `prisma/schema.prisma`, `schema.prisma`, `prisma/schema/`. Null
 * if there is none.
 */
export function findSchemaPath(root: string, folders: Folders): string | null {
  const candidates = [
    schemaOfConfig(root, folders),
    schemaOfPackage(root, folders),
    path.join('prisma', 'schema.prisma'),
    'schema.prisma',
    path.join('prisma', 'schema'),
  ]
  for (const candidate of candidates) {
    if (candidate !== null && folders.exists(path.resolve(root, candidate))) return path.resolve(root, candidate)
  }
  return null
}

/**
 * The project folder of a schema: the nearest folder above with a `prisma-audit.json`, otherwise with a
 * `prisma.config.*` or package.json, otherwise that of the schema. Never above `boundary` (the workspace folder) or the
 * root of the Git repository.
 */
export function findProjectRoot(schemaPath: string, boundary: string, readTextFile: Folders['readTextFile']): string {
  const start = path.extname(schemaPath) === '.prisma' ? path.dirname(schemaPath) : schemaPath
  let packageFolder: string | null = null
  for (let folder = start; ; folder = path.dirname(folder)) {
    const has = (name: string) => readTextFile(path.join(folder, name)) !== null
    if (has('prisma-audit.json')) return folder
    const config = () => findPrismaConfig({ schemaPath: folder, root: folder, readTextFile })
    if (packageFolder === null && (has('package.json') || config() !== null)) packageFolder = folder
    if (folder === boundary || path.dirname(folder) === folder || has(path.join('.git', 'HEAD'))) {
      return packageFolder ?? start
    }
  }
}

/** Whether the schema is a copy: `prisma generate` writes one next to each client. */
export function isClientCopy(schemaPath: string, readTextFile: Folders['readTextFile']): boolean {
  const manifest = readTextFile(path.join(path.dirname(schemaPath), 'package.json'))
  return manifest !== null && /"name":\s*"prisma-client-[0-9a-f]{64}"/.test(manifest)
}

function schemaOfConfig(root: string, { readTextFile }: Folders): string | null {
  const config = findPrismaConfig({ schemaPath: root, root, readTextFile })
  const schema = config === null ? null : readPrismaConfig(config).schema
  return config === null || schema === null ? null : path.resolve(path.dirname(config.path), schema)
}

function schemaOfPackage(root: string, { readTextFile }: Folders): string | null {
  const text = readTextFile(path.join(root, 'package.json'))
  if (text === null) return null
  try {
    const content = JSON.parse(text) as { prisma?: { schema?: unknown } } | null
    const schema = content?.prisma?.schema
    return typeof schema === 'string' ? schema : null
  } catch {
    // An incomplete package.json, while it is edited, counts as empty.
    return null
  }
}
