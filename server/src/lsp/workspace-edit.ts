import type { ChangeAnnotation, TextDocumentEdit, WorkspaceEdit } from 'vscode-languageserver'
import type { TextEdit } from '../schema/edits/text-edit'
import { uriOfPath } from './uris'

/** Our edits in LSP's form. */
export function toWorkspaceEdit(edits: readonly TextEdit[]): WorkspaceEdit {
  const changes: Record<string, { range: TextEdit['range']; newText: string }[]> = {}
  for (const { file, range, newText } of edits) (changes[uriOfPath(file)] ??= []).push({ range, newText })
  return { changes }
}

/** The same, marked so that an editor shows each edit for review before it is applied. */
export function toReviewableEdit(edits: readonly TextEdit[], title: string): WorkspaceEdit {
  const annotation: ChangeAnnotation = { label: title, needsConfirmation: true }
  const files = [...new Set(edits.map((edit) => edit.file))]
  const documentChanges = files.map((file): TextDocumentEdit => ({
    textDocument: { uri: uriOfPath(file), version: null },
    edits: edits
      .filter((edit) => edit.file === file)
      .map(({ range, newText }) => ({ range, newText, annotationId: 'prisma-audit' })),
  }))
  return { documentChanges, changeAnnotations: { 'prisma-audit': annotation } }
}
