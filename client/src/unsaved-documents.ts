import * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import { UnsavedDocumentsRequest } from '../../protocol/src/index'

/** Tells the server the texts of the files that are open and not saved, so that its edits fit them. */
export function tellUnsavedDocumentsOnRequest(client: LanguageClient): vscode.Disposable {
  return client.onRequest(UnsavedDocumentsRequest, () =>
    vscode.workspace.textDocuments
      .filter((document) => document.isDirty && document.uri.scheme === 'file')
      .map((document) => ({ uri: client.code2ProtocolConverter.asUri(document.uri), text: document.getText() })),
  )
}
