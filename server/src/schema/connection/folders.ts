import path from 'node:path'

/** The folder of the schema (a file, or itself a folder) and those above it, up to the root; nearest first. */
export function foldersUpward(schemaPath: string, root: string): string[] {
  const start = path.extname(schemaPath) === '.prisma' ? path.dirname(schemaPath) : schemaPath
  const folders = [start]
  for (let folder = start; folder !== root && isBelow(folder, root);) {
    folder = path.dirname(folder)
    folders.push(folder)
  }
  return folders
}

/** The path from the root, with `/`, for people; the whole path where it is not below. */
export function nameBelow(root: string, file: string): string {
  return isBelow(file, root) ? path.relative(root, file).replaceAll('\\', '/') : file
}

function isBelow(file: string, root: string): boolean {
  const relative = path.relative(root, file)
  return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative)
}
