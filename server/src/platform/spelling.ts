import fs from 'node:fs'
import path from 'node:path'

/**
 * The path in the spelling of the disk below `folder`, which stays as it is. Where the system ignores case (macOS,
 * Windows), a setting may spell a file differently from the editor's documents, which are found by name. Unchanged if
 * nothing is there, or a link leads elsewhere.
 */
export function spelledOnDisk(folder: string, file: string): string {
  try {
    const spelled = path.join(folder, path.relative(fs.realpathSync.native(folder), fs.realpathSync.native(file)))
    return spelled.toLowerCase() === file.toLowerCase() ? spelled : file
  } catch {
    return file
  }
}
