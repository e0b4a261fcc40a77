import * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import { TrustGrantedNotification, WindowFocusedNotification } from '../../protocol/src/index'

/** In an untrusted workspace: says that the command was not run and offers to manage trust. True if it was refused. */
export function refuseUntrusted(title: string): boolean {
  if (vscode.workspace.isTrusted) return false
  const message = vscode.l10n.t('Cannot run “{0}”: the workspace is not trusted.', title)
  const manageTrust = vscode.l10n.t('Manage Workspace Trust')
  void vscode.window.showWarningMessage(message, manageTrust).then(async (button) => {
    if (button === manageTrust) await vscode.commands.executeCommand('workbench.trust.manage')
  })
  return true
}

/** Notifies the server when the user trusts the workspace, and when the window regains the focus. */
export function followTrustAndFocus(client: LanguageClient): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.workspace.onDidGrantWorkspaceTrust(() => void client.sendNotification(TrustGrantedNotification)),
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused && client.isRunning()) void client.sendNotification(WindowFocusedNotification)
    }),
  )
}
