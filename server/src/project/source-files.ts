import { isInside } from '../platform/inside'
import fs from 'node:fs'
import { isThere, listFilesBelow, readBoundedText, readTextIfFit } from '../files/bounded-files'
import type { SourceText } from '../schema/source-text'

/** The texts of files as the user sees them: an open buffer takes precedence over the disk. Paths are absolute. */
export class SourceFiles {
  private readonly buffers = new Map<string, SourceText>()
  private readonly versions = new Map<string, number>()

  /** Null if the file does not exist. Throws an AuditError if it is not a readable file. */
  read(file: string): string | null {
    return this.buffers.get(file)?.toString() ?? readBoundedText(file)
  }

  /** The same, for callers that read a text at each keystroke. */
  readSource(file: string): string | SourceText | null {
    return this.buffers.get(file) ?? readBoundedText(file)
  }

  /** For checks whether a file exists: null also if it cannot be read. */
  find(file: string): string | null {
    return this.buffers.get(file)?.toString() ?? readTextIfFit(file)
  }

  /** Also a file that cannot be read. */
  exists(file: string): boolean {
    return this.buffers.has(file) || isThere(file)
  }

  setBuffer(file: string, text: SourceText, version: number): void {
    this.buffers.set(file, text)
    this.versions.set(file, version)
  }

  closeBuffer(file: string): void {
    this.buffers.delete(file)
    this.versions.delete(file)
  }

  openFiles(): readonly string[] {
    return [...this.buffers.keys()]
  }

  isOpen(file: string): boolean {
    return this.buffers.has(file)
  }

  /** Of the text that `read` returns, as the editor counts; null if the file is not open. */
  versionOf(file: string): number | null {
    return this.versions.get(file) ?? null
  }

  /**
   * The schema's files, sorted: the file itself, or every `.prisma` file below the folder, including open, unsaved
   * ones.
   */
  listSchemaFiles(schemaPath: string): string[] {
    if (!isFolder(schemaPath)) return [schemaPath]
    const onDisk = listFilesBelow(schemaPath, '.prisma')
    const open = [...this.buffers.keys()].filter((file) => isInside(schemaPath, file) && file.endsWith('.prisma'))
    return [...new Set([...onDisk, ...open])].sort()
  }
}

export function isFolder(location: string): boolean {
  try {
    return fs.statSync(location, { throwIfNoEntry: false })?.isDirectory() ?? false
  } catch {
    // A link to itself, or a folder above that may not be entered.
    return false
  }
}
