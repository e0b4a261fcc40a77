import { MessageType } from '../protocol'
import type { Project } from '../../project/project'
import { requireUnchanged } from '../../project/require-unchanged'
import { applyEdits } from '../../schema/edits/apply-edits'
import type { TextEdit } from '../../schema/edits/text-edit'
import { lineOf, textOf } from '../../text/safe-text'
import type { Translate } from '../../text/translate'
import type { OpenFiles } from './open-files'
import type { StandardEditor } from './standard-editor'

/**
 * Applies edits to files, some of which may be open. The editor edits the open ones and the user saves them, because
 * standard LSP cannot save; the others are written to disk. Resolves to true when everything is on disk, and to false,
 * with nothing written, if the editor refused or cannot apply edits. Rejects if the command is cancelled first, or with
 * `file-changed` if a file has changed since its edits were made.
 */
export async function writeOpenEdits(
  edits: readonly TextEdit[],
  title: string,
  { editor, files, project, signal, t }: OpenEditSurroundings,
): Promise<boolean> {
  requireUnchanged(edits, (file) => files.text(file))
  const openNames = new Set(edits.map(({ file }) => file).filter((file) => files.isOpen(file)))
  const open = edits.filter(({ file }) => openNames.has(file))
  const others = edits.filter(({ file }) => !openNames.has(file))
  const names = [...openNames]
  const before = new Map(names.map((file) => [file, files.text(file) ?? '']))
  project.paths.requireWritable(edits.map(({ file }) => file))
  // First the edits that may be refused, so that none is written then.
  if (open.length > 0 && !(await editor.applyEdits(open, title, (file) => files.version(file)))) return false
  project.writeEdits(others)
  if (open.length === 0) return true
  const expected = new Map(
    names.map((file) => [
      file,
      applyEdits(
        before.get(file) ?? '',
        open.filter((edit) => edit.file === file),
      ),
    ]),
  )
  const isWritten = (file: string) => {
    const onDisk = plain(files.onDisk(file))
    return (
      onDisk === plain(expected.get(file)) || (onDisk !== plain(before.get(file)) && onDisk === plain(files.text(file)))
    )
  }
  const unsaved = () => names.filter((file) => !isWritten(file))
  if (unsaved().length > 0) {
    const shown = unsaved().map((file) => project.paths.display(file))
    editor.message(MessageType.Warning, lineOf(t('Save {0} to continue.', shown.join(', '))))
    editor.log(textOf([`${title}: waiting until ${shown.join(', ')} is saved.`]))
  }
  await files.whenSaved(() => unsaved().length === 0, signal)
  return true
}

export interface OpenEditSurroundings {
  readonly editor: StandardEditor
  readonly files: OpenFiles
  readonly project: Project
  readonly signal: AbortSignal
  readonly t: Translate
}

/** Editors write line endings and the final newline as the user has configured. */
function plain(text: string | null | undefined): string | null {
  return text?.replaceAll('\r\n', '\n').trimEnd() ?? null
}
