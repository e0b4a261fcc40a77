import * as vscode from 'vscode'

/**
 * Which document says for which project a command is meant: the active editor's when it belongs to a workspace folder,
 * else the first visible Prisma schema; null leaves the choice to the server.
 */
export function activeDocumentUri(): string | null {
  const active = vscode.window.activeTextEditor?.document.uri
  if (active !== undefined && vscode.workspace.getWorkspaceFolder(active) !== undefined) return active.toString()
  const schema = vscode.window.visibleTextEditors.find(({ document }) => document.languageId === 'prisma')
  return schema?.document.uri.toString() ?? null
}
