import fs from 'node:fs'
import path from 'node:path'
import { readTextIfFit } from '../../files/bounded-files'
import { isInside } from '../../platform/inside'
import { findSchemaPath, isClientCopy } from './find-schema-path'

/**
 * Whether a folder belongs to another project of the workspace: it has its own policy or Prisma schema, also one that
 * only its `prisma.config.*` or package.json names. The code in it uses that schema, which may have models of the same
 * names. A package whose configuration names the own schema uses that one.
 *
 * @param names the folder's entries
 * @param schemaPath the schema of the own project, a file or a folder; absolute
 */
export function isOtherProject(folder: string, names: ReadonlySet<string>, schemaPath: string): boolean {
  if (isInside(folder, schemaPath)) return false
  if (names.has('prisma-audit.json')) return true
  // Most folders have none of these, so nothing is read there.
  if (![...names].some((name) => DECLARES_SCHEMA.test(name))) return false
  const found = findSchemaPath(folder, { readTextFile: readTextIfFit, exists })
  return found !== null && !isClientCopy(found, readTextIfFit) && !isSameSchema(found, schemaPath)
}

const DECLARES_SCHEMA = /^(?:prisma7?\.config(?:\..*)?|\.config|package\.json|prisma|schema\.prisma)$/

function exists(place: string): boolean {
  return holdsSchema(place) || readTextIfFit(place) !== null
}

/** A folder called `prisma/schema` may hold other things, such as types. */
function holdsSchema(folder: string, depth = 1): boolean {
  return entriesOf(folder).some(
    (entry) =>
      path.extname(entry.name) === '.prisma' ||
      (depth > 0 && entry.isDirectory() && holdsSchema(path.join(folder, entry.name), depth - 1)),
  )
}

function entriesOf(folder: string): fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}

/** One may name the folder and the other a file in it; a link leads to the schema that it stands for. */
function isSameSchema(one: string, other: string): boolean {
  const [first, second] = [resolved(one), resolved(other)]
  return isInside(first, second) || isInside(second, first)
}

function resolved(file: string): string {
  try {
    return fs.realpathSync.native(file)
  } catch {
    return file
  }
}
