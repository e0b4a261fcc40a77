import path from 'node:path'
import { listFilesBelow } from '../files/bounded-files'
import type { LintOptions } from '../lint/model'
import type { Project } from './project'
import { isInside } from '../platform/inside'

/**
 * Whether a file is SQL that changes this project's database: a `migration.sql` of Prisma, or a script in
 * `migrations/`.
 */
export function isMigrationScript(project: Project, file: string): boolean {
  if (!isUpScript(file)) return false
  return migrationFolders(project).some((folder) => isInside(folder, file))
}

/** Prisma runs `migration.sql` as a whole; any other script is for psql. */
export function runnerOf(file: string): LintOptions['runner'] {
  return path.basename(file) === MIGRATION_FILE ? 'prisma' : 'psql'
}

/** Absolute paths of the project's scripts, in the order in which they run. */
export function listMigrationScripts(project: Project): string[] {
  const found = migrationFolders(project).flatMap(listScripts)
  return [...new Set(found)]
}

/**
 * The scripts in a folder and its subfolders, in the order of Prisma: by the names of the folders, each as a whole, so
 * that what separates them in a path has no place in the order (`1_a` before `1_a-b`, `1` before `10`).
 */
export function listScripts(folder: string): string[] {
  const keyOf = (file: string) => file.replaceAll(path.sep, '\0')
  return listFilesBelow(folder, '.sql')
    .filter(isUpScript)
    .sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1))
}

/** Those of Prisma, in its order: it looks in no folder below a migration's. */
export function listPrismaMigrations({ migrationsFolder: folder }: Pick<Project, 'migrationsFolder'>): string[] {
  return listScripts(folder).filter(
    (file) => migrationName(file) !== null && path.dirname(path.dirname(file)) === folder,
  )
}

/**
 * Scripts in the folder of Prisma's migrations that look like migrations, but that Prisma does not run: beside its
 * folders, or deeper. None if the folder is that of a project that maintains its SQL manually.
 */
export function scriptsNotRun(project: Pick<Project, 'migrationsFolder' | 'root'>): string[] {
  const { migrationsFolder: folder, root } = project
  const run = listPrismaMigrations(project)
  if (run.length === 0 && folder === path.join(root, 'migrations')) return []
  return listScripts(folder).filter(
    (file) => !run.includes(file) && (path.dirname(file) === folder || migrationName(file) !== null),
  )
}

/** The name under which Prisma records a `migration.sql`: that of its folder. Null for other scripts. */
export function migrationName(file: string): string | null {
  return path.basename(file) === MIGRATION_FILE ? path.basename(path.dirname(file)) : null
}

/** The newest of Prisma's scripts by folder name, which starts with a timestamp; null if there is none. */
export function newestMigration(scripts: readonly string[]): string | null {
  const names = scripts.flatMap((file) => migrationName(file) ?? [])
  return names.sort().at(-1) ?? null
}

const MIGRATION_FILE = 'migration.sql'

/** Prisma's own folder, and one in the project root for projects that maintain their SQL manually. */
export function migrationFolders(project: Project): string[] {
  return [project.migrationsFolder, path.join(project.root, 'migrations')]
}

/** Rollback scripts are meant to drop, and verification scripts change nothing. */
function isUpScript(file: string): boolean {
  const name = path.basename(file)
  return name.endsWith('.sql') && !/(?:^|[._-])(?:down|undo|revert|rollback|verify)(?=[._-])/i.test(name)
}
