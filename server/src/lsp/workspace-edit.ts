import type { ChangeAnnotation, TextDocumentEdit, WorkspaceEdit } from 'vscode-languageserver'
import type { TextEdit } from '../schema/edits/text-edit'
import { UNTICKED_ANNOTATION } from '../../../protocol/src/index'
import type { OfferedEdit } from '../commands/interaction'
import { uriOfPath } from './uris'

/** Converts our edits to LSP. */
export function toWorkspaceEdit(edits: readonly TextEdit[]): WorkspaceEdit {
  const changes: Record<string, { range: TextEdit['range']; newText: string }[]> = {}
  for (const { file, range, newText } of edits) (changes[uriOfPath(file)] ??= []).push({ range, newText })
  return { changes }
}

/** The same, marked for review before they are applied; our client preselects the likely ones. */
export function toReviewableEdit(edits: readonly OfferedEdit[], title: string): WorkspaceEdit {
  const files = [...new Set(edits.map((edit) => edit.file))]
  const idOf = ({ isTicked = true }: OfferedEdit) => (isTicked ? 'prisma-audit' : UNTICKED_ANNOTATION)
  const documentChanges = files.map((file): TextDocumentEdit => ({
    textDocument: { uri: uriOfPath(file), version: null },
    edits: edits
      .filter((edit) => edit.file === file)
      .map((edit) => ({ range: edit.range, newText: edit.newText, annotationId: idOf(edit) })),
  }))
  const annotations: Record<string, ChangeAnnotation> = {
    'prisma-audit': { label: title, needsConfirmation: true },
    [UNTICKED_ANNOTATION]: { label: `${title} (less likely)`, needsConfirmation: true },
  }
  const used = new Set<string>(edits.map(idOf))
  const changeAnnotations = Object.fromEntries(Object.entries(annotations).filter(([id]) => used.has(id)))
  return { documentChanges, changeAnnotations }
}
