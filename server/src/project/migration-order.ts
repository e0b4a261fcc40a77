import path from 'node:path'
import { migrationName } from './migration-scripts'

export interface EarlierMigration {
  readonly file: string
  readonly message: string
  readonly advice: string
}

/**
 * Those of the new scripts that Prisma sorts before an existing migration of the same folder. Prisma sorts by name, but
 * a database that has the existing one gets the new one last, so that databases no longer run them in the same order.
 *
 * @param existing may already be applied
 */
export function earlierMigrations(added: readonly string[], existing: readonly string[]): EarlierMigration[] {
  const newest = new Map<string, string>()
  for (const file of existing) {
    const name = migrationName(file)
    const folder = folderOf(file)
    if (name !== null && name > (newest.get(folder) ?? '')) newest.set(folder, name)
  }
  return added.flatMap((file) => {
    const name = migrationName(file)
    const later = newest.get(folderOf(file))
    return name === null || later === undefined || name > later ? [] : [{ file, ...earlierThan(later) }]
  })
}

function earlierThan(later: string): Pick<EarlierMigration, 'message' | 'advice'> {
  return {
    message: `This new migration comes before the existing ${later}, which may already be applied.`,
    advice:
      'A database that has that one runs this one after it, but a new database runs this one first. If the order matters, give the folder a later date.',
  }
}

function folderOf(file: string): string {
  return path.dirname(path.dirname(file))
}
