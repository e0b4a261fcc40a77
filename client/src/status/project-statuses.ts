import * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import { ProjectsNotification, StatusNotification, type ProjectStatus } from '../../../protocol/src/index'

/** The latest state of each project, as the server tells it. Everything that shows projects reads it from here. */
export interface ProjectStatuses {
  all(): readonly ProjectStatus[]
  /** False until the server has looked into the workspace's folders. */
  isComplete(): boolean
  readonly onDidChange: vscode.Event<ProjectStatus | null>
  /** Keeps what the server sends from now on. */
  serve(client: LanguageClient): vscode.Disposable
  dispose(): void
}

export function createProjectStatuses(): ProjectStatuses {
  const statuses = new Map<string, ProjectStatus>()
  const changed = new vscode.EventEmitter<ProjectStatus | null>()
  let open: readonly string[] | null = null
  // The palette has our commands where there is something to run them on.
  const tellContext = async () => {
    const isConnected = [...statuses.values()].some(({ connection }) => connection === 'connected')
    await vscode.commands.executeCommand('setContext', 'prismaAudit.hasProject', statuses.size > 0)
    const hasSandbox = [...statuses.values()].some(({ environment }) => environment === 'sandbox')
    await vscode.commands.executeCommand('setContext', 'prismaAudit.hasSandbox', hasSandbox)
    // By this the walkthrough's first step completes by itself.
    await vscode.commands.executeCommand('setContext', 'prismaAudit.isConnected', isConnected)
  }
  return {
    all: () => [...statuses.values()],
    // A project that was opened and has not told its state yet is still to come.
    isComplete: () => open?.every((schemaUri) => statuses.has(schemaUri)) === true,
    onDidChange: changed.event,
    serve: (client) =>
      vscode.Disposable.from(
        client.onNotification(StatusNotification, (status) => {
          statuses.set(status.schemaUri, status)
          void tellContext()
          changed.fire(status)
        }),
        client.onNotification(ProjectsNotification, ({ schemaUris }) => {
          open = schemaUris
          for (const schemaUri of statuses.keys()) if (!schemaUris.includes(schemaUri)) statuses.delete(schemaUri)
          void tellContext()
          changed.fire(null)
        }),
      ),
    dispose: () => changed.dispose(),
  }
}
