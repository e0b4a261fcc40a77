import { isInside } from '../platform/inside'
import { spelledOnDisk } from '../platform/spelling'
import fs from 'node:fs'
import path from 'node:path'
import { findProjectRoot, findSchemaPath, isClientCopy } from '../schema/connection/find-schema-path'
import { otherLanguageOf } from '../schema/other-language'
import type { ProjectLocation } from './model'
import { isFolder, type SourceFiles } from './source-files'

export interface LocationSearch {
  /** Where to search: the workspace folder, or the terminal's working folder. Absolute. */
  readonly folder: string
  /** An open file of the schema; null to search from the folder. */
  readonly file: string | null
  /** A given schema, absolute or relative to the folder; null or empty: located as Prisma does. */
  readonly schemaPath: string | null
  /** A given policy, absolute or relative to the folder; null: the nearest `prisma-audit.json`. */
  readonly policyFile: string | null
  readonly files: SourceFiles
}

/** Finds the project of a file, or the first one in the folder; null if there is none. */
export function locateProject(search: LocationSearch): ProjectLocation | null {
  const named =
    search.schemaPath === null || search.schemaPath === ''
      ? null
      : spelledOnDisk(search.folder, path.resolve(search.folder, search.schemaPath))
  if (named !== null && (search.file === null || isInside(named, search.file))) return locationOf(named, search)
  const file = search.file ?? findSchemaPaths(search)[0]
  return file === undefined || !mayBeSchema(file) ? null : locationOf(schemaAround(search, file), search)
}

/** Otherwise it is not read: a repository may name any file of this machine as its schema. */
export function mayBeSchema(file: string): boolean {
  return file.endsWith('.prisma') || isFolder(file)
}

/** For `findSchemaPath`. */
export function lookupsIn(files: SourceFiles) {
  return {
    readTextFile: (file: string) => files.find(file),
    exists: (file: string) => files.exists(file),
  }
}

/** The locations of a project whose schema is known. */
export function locationOf(schema: string, search: Omit<LocationSearch, 'file' | 'schemaPath'>): ProjectLocation {
  const schemaPath = spelledOnDisk(search.folder, schema)
  // A policy that cannot be read, as one that is too large, is refused where it is; it must not count as absent.
  const read = (file: string) => search.files.find(file) ?? (search.files.exists(file) && !isFolder(file) ? '' : null)
  const root = findProjectRoot(schemaPath, path.parse(schemaPath).root, read)
  const policyPath =
    search.policyFile === null || search.policyFile === ''
      ? path.join(root, 'prisma-audit.json')
      : spelledOnDisk(search.folder, path.resolve(search.folder, search.policyFile))
  return { root, schemaPath, policyPath }
}

/**
 * The schemas in a folder: where Prisma would look, otherwise in the packages below, for a person at the root of a
 * monorepo. A few levels deep, and never in dependencies.
 */
export function findSchemaPaths({ folder, files }: Pick<LocationSearch, 'folder' | 'files'>): string[] {
  const lookups = lookupsIn(files)
  const found: string[] = []
  let level = [folder]
  for (let depth = 0; depth <= DEEPEST_PACKAGE && found.length === 0; depth++) {
    found.push(
      ...level
        .flatMap((candidate) => findSchemaPath(candidate, lookups) ?? [])
        .map((found) => spelledOnDisk(folder, found))
        .filter((found) => !isClientCopy(found, lookups.readTextFile)),
    )
    level = level.flatMap(subfoldersOf)
  }
  return withModels(found, files)
}

/**
 * Without those that have no model, if others have: packages of a monorepo often have a schema for their generator
 * alone. One that cannot be read stays, since reading it says why.
 */
function withModels(schemas: string[], files: SourceFiles): string[] {
  if (schemas.length < 2) return schemas
  const isFilled = (file: string): boolean => {
    const text = files.find(file)
    return text === null || /^[ \t]*(model|view)\s+\w+/m.test(text)
  }
  const filled = schemas.filter((schema) => files.listSchemaFiles(schema).some(isFilled))
  return filled.length > 0 ? filled : schemas
}

const DEEPEST_PACKAGE = 3

/** Whether the schema in the file is a copy: `prisma generate` writes one next to each client. */
export function isCopiedSchema(folder: string, file: string, files: SourceFiles): boolean {
  const between = path.relative(folder, path.dirname(file)).split(path.sep)
  return between.some((name) => SKIPPED.has(name)) || isClientCopy(file, (name) => files.find(name))
}

/**
 * The schema that a file belongs to: the one that Prisma finds from a folder above, if it contains the file (from the
 * folder of
 * `prisma/schema/schema.prisma` itself Prisma would take that file alone, so the outermost of several counts); otherwise the
 * outermost folder whose own files declare a datasource; otherwise the file alone. Only the first of these looks above
 * the opened folder, up to the package: someone who opens `prisma/` alone means the schema that the package names.
 */
function schemaAround({ folder, files }: LocationSearch, file: string): string {
  const lookups = lookupsIn(files)
  const opened = path.basename(folder) === 'prisma' ? path.dirname(folder) : folder
  const root = findProjectRoot(file, path.parse(file).root, lookups.readTextFile)
  const isSearched = (candidate: string) => isInside(opened, candidate) || isInside(root, candidate)
  let around: string | null = null
  for (let candidate = path.dirname(file); isSearched(candidate); candidate = path.dirname(candidate)) {
    const found = findSchemaPath(candidate, lookups)
    const schemaPath = found === null ? null : spelledOnDisk(folder, found)
    if (schemaPath !== null && isInside(schemaPath, around ?? file)) around = schemaPath
    if (path.dirname(candidate) === candidate) break
  }
  if (around !== null) return around
  const text = files.find(file)
  // A Prisma 8 contract next to a Prisma 7 schema does not belong to it.
  if (declaresDatasource(text) || (text !== null && otherLanguageOf(text) !== null)) return file
  for (let candidate = path.dirname(file); isInside(folder, candidate); candidate = path.dirname(candidate)) {
    const siblings = files.listSchemaFiles(candidate).filter((sibling) => path.dirname(sibling) === candidate)
    if (siblings.some((sibling) => declaresDatasource(files.find(sibling)))) return candidate
    if (path.dirname(candidate) === candidate || candidate === folder) break
  }
  return file
}

function declaresDatasource(text: string | null): boolean {
  return text !== null && /^[ \t]*datasource\s+\w+\s*\{/m.test(text)
}

function subfoldersOf(folder: string): string[] {
  try {
    return fs
      .readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !SKIPPED.has(entry.name))
      .map((entry) => path.join(folder, entry.name))
      .sort()
  } catch {
    // An unreadable folder counts as empty.
    return []
  }
}

const SKIPPED = new Set(['node_modules', 'dist', 'build', 'out', 'coverage', 'generated'])
