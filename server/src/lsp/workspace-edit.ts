import type { ChangeAnnotation, TextDocumentEdit, WorkspaceEdit } from 'vscode-languageserver'
import type { TextEdit } from '../schema/edits/text-edit'
import { UNTICKED_ANNOTATION } from '../../../protocol/src/index'
import type { OfferedEdit } from '../commands/interaction'
import { uriOfPath } from './uris'
import type { Translate } from '../text/translate'

/**
 * The version of the document that the edits are for, by file; null for one that is not open, or whatever its version.
 */
export type VersionOf = (file: string) => number | null

/** Converts our edits to LSP. */
export function toWorkspaceEdit(edits: readonly TextEdit[]): WorkspaceEdit {
  const changes: Record<string, { range: TextEdit['range']; newText: string }[]> = {}
  for (const { file, range, newText } of edits) (changes[uriOfPath(file)] ??= []).push({ range, newText })
  return { changes }
}

/** The same for editors that support `documentChanges`: an editor does not apply it to another version. */
export function toVersionedEdit(edits: readonly TextEdit[], versionOf: VersionOf): WorkspaceEdit {
  return { documentChanges: documentEdits(edits, versionOf, ({ range, newText }) => ({ range, newText })) }
}

/** The same, marked for review before they are applied; our client preselects the likely ones. */
export function toReviewableEdit(
  t: Translate,
  edits: readonly OfferedEdit[],
  title: string,
  versionOf: VersionOf,
): WorkspaceEdit {
  const idOf = ({ isTicked = true }: OfferedEdit) => (isTicked ? 'prisma-audit' : UNTICKED_ANNOTATION)
  const documentChanges = documentEdits(edits, versionOf, (edit) => ({
    range: edit.range,
    newText: edit.newText,
    annotationId: idOf(edit),
  }))
  const annotations: Record<string, ChangeAnnotation> = {
    'prisma-audit': { label: title, needsConfirmation: true },
    [UNTICKED_ANNOTATION]: { label: t('{0} (less likely)', title), needsConfirmation: true },
  }
  const used = new Set<string>(edits.map(idOf))
  const changeAnnotations = Object.fromEntries(Object.entries(annotations).filter(([id]) => used.has(id)))
  return { documentChanges, changeAnnotations }
}

function documentEdits<Edit extends TextEdit>(
  edits: readonly Edit[],
  versionOf: VersionOf,
  convert: (edit: Edit) => TextDocumentEdit['edits'][number],
): TextDocumentEdit[] {
  return [...new Set(edits.map(({ file }) => file))].map((file) => ({
    textDocument: { uri: uriOfPath(file), version: versionOf(file) },
    edits: edits.filter((edit) => edit.file === file).map(convert),
  }))
}
