import type * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import { StoredDatabaseUrlRequest } from '../../protocol/src/index'

/** The connection URLs that users stored, one per project, in VS Code's secret storage. */
export interface StoredUrls {
  store(rootUri: string, url: string): Thenable<void>
  forget(rootUri: string): Thenable<void>
  /** Answers the server's requests from now on. */
  serve(client: LanguageClient): vscode.Disposable
}

export function createStoredUrls(secrets: vscode.SecretStorage): StoredUrls {
  return {
    store: (rootUri, url) => secrets.store(secretKey(rootUri), url),
    forget: (rootUri) => secrets.delete(secretKey(rootUri)),
    serve: (client) =>
      client.onRequest(
        StoredDatabaseUrlRequest,
        async ({ rootUri }) => (await secrets.get(secretKey(rootUri))) ?? null,
      ),
  }
}

function secretKey(rootUri: string): string {
  return `prismaAudit.databaseUrl ${rootUri}`
}
