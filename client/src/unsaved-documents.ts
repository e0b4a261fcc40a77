import * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import { SaveDocumentsRequest, UnsavedDocumentsRequest } from '../../protocol/src/index'

/** Tells the server the texts of the files that are open and not saved, so that its edits fit them. */
export function tellUnsavedDocumentsOnRequest(client: LanguageClient): vscode.Disposable {
  return client.onRequest(UnsavedDocumentsRequest, () =>
    vscode.workspace.textDocuments
      .filter((document) => document.isDirty && document.uri.scheme === 'file')
      .map((document) => ({ uri: client.code2ProtocolConverter.asUri(document.uri), text: document.getText() })),
  )
}

/** Saves what the server's edits changed, so that tools that read the disk see it. Answers whether all were saved. */
export function saveDocumentsOnRequest(client: LanguageClient): vscode.Disposable {
  return client.onRequest(SaveDocumentsRequest, async ({ uris }) => {
    const saved = await Promise.all(uris.map(saveIfOpen))
    return saved.every(Boolean)
  })
}

/** A document that is not open has no unsaved change. */
async function saveIfOpen(uri: string): Promise<boolean> {
  const wanted = vscode.Uri.parse(uri).toString()
  const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === wanted)
  if (document?.isDirty !== true) return true
  // VS Code answers false also where its own auto save got in between; asked again, it answers for what stands then.
  return (await document.save()) || (await document.save())
}
