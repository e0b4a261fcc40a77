import fs from 'node:fs'
import path from 'node:path'
import { isInside } from '../platform/inside'

/**
 * Whether a folder belongs to another project of the workspace: it has its own policy or Prisma schema. The code in it
 * uses that schema, which may have models of the same names.
 *
 * @param names the folder's entries
 * @param schemaPath the schema of the own project, a file or a folder; absolute
 */
export function isOtherProject(folder: string, names: ReadonlySet<string>, schemaPath: string): boolean {
  if (isInside(folder, schemaPath)) return false
  return SCHEMAS.some((place) => {
    const [first = ''] = place
    return names.has(first) && (place.length === 1 || isFile(path.join(folder, ...place)))
  })
}

/** A policy, and where Prisma looks for a schema. */
const SCHEMAS = [
  ['prisma-audit.json'],
  ['schema.prisma'],
  ['prisma', 'schema.prisma'],
  ['prisma', 'schema', 'schema.prisma'],
]

/** A link leads to the schema of another folder, so it is no project of its own. */
function isFile(file: string): boolean {
  return fs.lstatSync(file, { throwIfNoEntry: false })?.isFile() === true
}
