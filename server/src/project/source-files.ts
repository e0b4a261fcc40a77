import fs from 'node:fs'
import path from 'node:path'
import type { SourceText } from '../schema/source-text'

/** The text of files as the user sees them: an open buffer always wins over the disk. Paths are absolute. */
export class SourceFiles {
  private readonly buffers = new Map<string, SourceText>()

  /** Null where there is no such file, or it cannot be read. */
  read(file: string): string | null {
    return this.buffers.get(file)?.toString() ?? readFromDisk(file)
  }

  /** The same, for what reads a text again at each keystroke. */
  readSource(file: string): string | SourceText | null {
    return this.buffers.get(file) ?? readFromDisk(file)
  }

  setBuffer(file: string, text: SourceText): void {
    this.buffers.set(file, text)
  }

  closeBuffer(file: string): void {
    this.buffers.delete(file)
  }

  openFiles(): readonly string[] {
    return [...this.buffers.keys()]
  }

  isOpen(file: string): boolean {
    return this.buffers.has(file)
  }

  /** The schema's files, sorted: the file itself, or every `.prisma` file below the folder, open ones that are not saved yet included. */
  listSchemaFiles(schemaPath: string): string[] {
    if (!isFolder(schemaPath)) return [schemaPath]
    const onDisk = fs
      .readdirSync(schemaPath, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.prisma'))
      .map((entry) => path.join(entry.parentPath, entry.name))
      .filter((file) => !file.split(path.sep).includes('node_modules'))
    const open = [...this.buffers.keys()].filter((file) => isInside(schemaPath, file) && file.endsWith('.prisma'))
    return [...new Set([...onDisk, ...open])].sort()
  }
}

export function isFolder(location: string): boolean {
  return fs.statSync(location, { throwIfNoEntry: false })?.isDirectory() ?? false
}

/** Is the file the folder itself or somewhere below it? */
export function isInside(folder: string, file: string): boolean {
  const relative = path.relative(folder, file)
  return relative === '' || (!relative.startsWith('..') && !path.isAbsolute(relative))
}

function readFromDisk(file: string): string | null {
  try {
    // Most files that are asked for are not there, and an error takes longer to make than to ask.
    if (fs.statSync(file, { throwIfNoEntry: false }) === undefined) return null
    return fs.readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
