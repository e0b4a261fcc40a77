import * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import { DocumentVersionsRequest, SaveDocumentsRequest, UnsavedDocumentsRequest } from '../../protocol/src/index'
import { saveDocument } from './save-document'

/** Sends the server the texts of unsaved open files, so that its edits match them. */
export function tellUnsavedDocumentsOnRequest(client: LanguageClient): vscode.Disposable {
  return client.onRequest(UnsavedDocumentsRequest, () =>
    vscode.workspace.textDocuments
      .filter((document) => document.isDirty && document.uri.scheme === 'file')
      .map((document) => ({
        uri: client.code2ProtocolConverter.asUri(document.uri),
        version: document.version,
        text: document.getText(),
      })),
  )
}

/** Opens the files that the server edits next, without showing them. */
export function openDocumentsOnRequest(client: LanguageClient): vscode.Disposable {
  return client.onRequest(DocumentVersionsRequest, ({ uris }) =>
    Promise.all(
      uris.map(async (uri) => {
        try {
          return (await vscode.workspace.openTextDocument(vscode.Uri.parse(uri))).version
        } catch {
          return null
        }
      }),
    ),
  )
}

/** Saves what the server's edits changed, for tools that read the disk. Returns whether all were saved. */
export function saveDocumentsOnRequest(client: LanguageClient): vscode.Disposable {
  return client.onRequest(SaveDocumentsRequest, async ({ uris }) => {
    const saved = await Promise.all(uris.map(saveIfOpen))
    return saved.every(Boolean)
  })
}

/** A document that is not open has no unsaved changes. */
async function saveIfOpen(uri: string): Promise<boolean> {
  const wanted = vscode.Uri.parse(uri).toString()
  const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === wanted)
  return document?.isDirty !== true || (await saveDocument(document))
}
