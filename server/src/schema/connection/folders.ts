import path from 'node:path'
import { isInside, shownPath } from '../../platform/inside'

/** The folder of the schema (a file, or itself a folder) and those above it, up to the root; nearest first. */
export function foldersUpward(schemaPath: string, root: string): string[] {
  const start = path.extname(schemaPath) === '.prisma' ? path.dirname(schemaPath) : schemaPath
  const folders = [start]
  for (let folder = start; folder !== root && isInside(root, folder);) {
    folder = path.dirname(folder)
    folders.push(folder)
  }
  return folders
}

/** The path from the root, with `/`, for people; the whole path where it is not below. */
export function nameBelow(root: string, file: string): string {
  return shownPath(root, file)
}
