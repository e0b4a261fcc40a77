import path from 'node:path'
import { listFilesBelow } from '../files/bounded-files'
import type { LintOptions } from '../lint/model'
import type { Project } from './project'
import { isInside } from '../platform/inside'

/** Is it SQL that changes this project's database: a `migration.sql` of Prisma's, or a script in `migrations/`? */
export function isMigrationScript(project: Project, file: string): boolean {
  if (!isUpScript(file)) return false
  return migrationFolders(project).some((folder) => isInside(folder, file))
}

/** Prisma runs what it calls `migration.sql`, whole; any other script is for psql. */
export function runnerOf(file: string): LintOptions['runner'] {
  return path.basename(file) === MIGRATION_FILE ? 'prisma' : 'psql'
}

/** Absolute paths of the project's scripts, in the order in which they are run. */
export function listMigrationScripts(project: Project): string[] {
  const found = migrationFolders(project).flatMap(listScripts)
  return [...new Set(found)]
}

/** The scripts in a folder and below it, by name. */
export function listScripts(folder: string): string[] {
  return listFilesBelow(folder, '.sql').filter(isUpScript).sort()
}

/** The name under which Prisma records a `migration.sql`: that of its folder. Null for other scripts. */
export function migrationName(file: string): string | null {
  return path.basename(file) === MIGRATION_FILE ? path.basename(path.dirname(file)) : null
}

/** Of the scripts, Prisma's newest, by the names of their folders, which begin with a time; null where there is none. */
export function newestMigration(scripts: readonly string[]): string | null {
  const names = scripts.flatMap((file) => migrationName(file) ?? [])
  return names.sort().at(-1) ?? null
}

const MIGRATION_FILE = 'migration.sql'

/** Prisma's own folder, and one at the project's root for projects that keep their SQL by hand. */
export function migrationFolders(project: Project): string[] {
  return [project.migrationsFolder, path.join(project.root, 'migrations')]
}

/** What takes a migration back is meant to drop, and what verifies one changes nothing. */
function isUpScript(file: string): boolean {
  const name = path.basename(file)
  return name.endsWith('.sql') && !/(?:^|[._-])(?:down|undo|revert|rollback|verify)(?=[._-])/i.test(name)
}
