import path from 'node:path'
import { isInside, shownPath } from '../../platform/inside'

/** The folder of the schema (or the schema, if it is a folder) and those above it, up to the root; nearest first. */
export function foldersUpward(schemaPath: string, root: string): string[] {
  const start = path.extname(schemaPath) === '.prisma' ? path.dirname(schemaPath) : schemaPath
  const folders = [start]
  for (let folder = start; folder !== root && isInside(root, folder);) {
    folder = path.dirname(folder)
    folders.push(folder)
  }
  return folders
}

/** The path relative to the root, with `/`, for people; the absolute path if it is outside. */
export function nameBelow(root: string, file: string): string {
  return shownPath(root, file)
}
