import { applyEdits } from '../schema/edits/apply-edits'
import type { TextEdit } from '../schema/edits/text-edit'
import { replaceFile, requireReplaceable, resolveWritable, type WritableFolders } from '../files/written-paths'
import { fileMissing } from './errors'
import { requireUnchanged } from './require-unchanged'

/**
 * Writes edits to disk, each file atomically. Throws `path-outside-project`, `file-not-writable`, or `file-changed` for a
 * file that has changed, before any is written.
 */
export function writeEdits(
  edits: readonly TextEdit[],
  files: {
    readonly readFile: (file: string) => string | null
    readonly writableFolders: WritableFolders
    readonly onWritten: (file: string) => void
  },
): void {
  const names = new Set(edits.map((edit) => edit.file))
  const resolved = [...names].map((file) => resolveWritable(file, files.writableFolders))
  requireUnchanged(edits, files.readFile)
  resolved.forEach(requireReplaceable)
  for (const file of names) {
    const text = files.readFile(file)
    if (text === null) throw fileMissing(file)
    const next = applyEdits(
      text,
      edits.filter((edit) => edit.file === file),
    )
    replaceFile(resolveWritable(file, files.writableFolders), next)
    files.onWritten(file)
  }
}
