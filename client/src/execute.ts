import { randomUUID } from 'node:crypto'
import * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import { CommandProgress, ExecuteRequest, type CommandOutcome, type ServerCommand } from '../../protocol/src/index'
import { activeDocumentUri } from './active-document'

/** Has the server carry out a command, with its progress in a notification that can cancel it. */
export async function executeOnServer(
  client: LanguageClient,
  command: ServerCommand,
  title: string,
): Promise<CommandOutcome> {
  if (!client.isRunning()) {
    throw new Error(
      'The Prisma Audit language server is not running. See the output “Prisma Audit Language Server”, then run “Developer: Reload Window”.',
    )
  }
  const documentUri = activeDocumentUri()
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: `Prisma Audit: ${title}`, cancellable: true },
    async (progress, cancellation) => {
      const progressToken = randomUUID()
      let reported = 0
      const listener = client.onProgress(CommandProgress, progressToken, ({ message, percentage }) => {
        // VS Code adds increments up, while the server says how far the whole command is.
        const increment = percentage === undefined ? 0 : Math.max(0, percentage - reported)
        reported += increment
        progress.report({ message, increment })
      })
      try {
        return await client.sendRequest(ExecuteRequest, { command, documentUri, progressToken }, cancellation)
      } finally {
        listener.dispose()
      }
    },
  )
}
