import path from 'node:path'
import { findMigrationsFolder } from '../schema/connection/find-migrations-folder'
import { findSchemaPath } from '../schema/connection/find-schema-path'
import { parseDatasources } from '../schema/parse-datasources'
import { isInside } from '../platform/inside'
import { spelledOnDisk } from '../platform/spelling'
import { migrationName } from './migration-scripts'
import type { Project } from './project'
import { isThere } from '../files/bounded-files'

/** Git's output; null if it fails or is not installed. It runs no program that a repository configures. */
export type Git = (...words: string[]) => Promise<string | null>

/** Prisma's migrations of a project in a commit. Paths are absolute, as in the working tree. */
export interface BaseMigrations {
  readonly folder: string
  /** Git's hash of the text by file. */
  readonly blobs: ReadonlyMap<string, string>
}

/**
 * What the project's migrations were in `commit`, in the folder that its schema and configuration of that commit name;
 * null if it had no schema there.
 *
 * @param pathOf the absolute path of a file that Git names
 */
export async function baseMigrations(
  git: Git,
  commit: string,
  project: Project,
  pathOf: (name: string) => string,
): Promise<BaseMigrations | null> {
  const listing = (await git('ls-tree', '-r', '-z', '--full-tree', commit)) ?? ''
  const blobs = new Map(
    listing.split('\0').flatMap((entry) => {
      const [, blob, name] = /^100\d+ blob ([0-9a-f]+)\t([^]+)$/.exec(entry) ?? []
      return blob === undefined || name === undefined ? [] : [[pathOf(name), blob] as const]
    }),
  )
  const folder = await withFilesOf(git, blobs, (files) => folderIn(files, project))
  if (folder === null) return null
  const isMigration = (file: string) => migrationName(file) !== null && path.dirname(path.dirname(file)) === folder
  return { folder, blobs: new Map([...blobs].filter(([file]) => isMigration(file))) }
}

interface CommittedFiles {
  readonly names: readonly string[]
  readonly readTextFile: (file: string) => string | null
  readonly isFolder: (file: string) => boolean
  readonly exists: (file: string) => boolean
}

/** Repeats the work until it has every text that it reads: it is synchronous, Git is not. */
async function withFilesOf<Result>(
  git: Git,
  blobs: ReadonlyMap<string, string>,
  work: (files: CommittedFiles) => Result,
): Promise<Result> {
  const texts = new Map<string, string | null>()
  const names = [...blobs.keys()]
  const isFolder = (folder: string) => names.some((name) => name.startsWith(folder + path.sep))
  for (;;) {
    const wanted = new Map<string, string>()
    const result = work({
      names,
      readTextFile(file) {
        const blob = blobs.get(file)
        if (blob !== undefined && !texts.has(file)) wanted.set(file, blob)
        return texts.get(file) ?? null
      },
      isFolder,
      exists: (file) => blobs.has(file) || isFolder(file),
    })
    if (wanted.size === 0) return result
    for (const [file, blob] of wanted) texts.set(file, await git('cat-file', 'blob', blob))
  }
}

function folderIn(files: CommittedFiles, project: Project): string | null {
  const { location, root, paths } = project
  // A schema that was named to the command keeps its place; one that was found may have been another one.
  const readTextFile = (file: string) => project.findFile(file)
  const now = { readTextFile, exists: (file: string) => readTextFile(file) !== null || isThere(file) }
  const isFound = findSchemaPath(root, now) === location.schemaPath
  const schemaPath = isFound ? findSchemaPath(root, files) : location.schemaPath
  const sources = files.names
    .filter((name) => schemaPath !== null && name.endsWith('.prisma') && isInside(schemaPath, name))
    .map((name) => ({ path: name, text: files.readTextFile(name) ?? '' }))
  if (schemaPath === null || sources.length === 0) return null
  const search = { ...files, schema: parseDatasources(sources), schemaPath, root: paths.codeRoot }
  return spelledOnDisk(root, findMigrationsFolder(search).folder)
}
