import * as vscode from 'vscode'
import { DidChangeConfigurationNotification, type LanguageClient } from 'vscode-languageclient/node'
import { SETTINGS_SECTION } from '../../protocol/src/index'

/** Notifies the server when our settings change; it then requests their values itself. */
export function followSettings(client: LanguageClient): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (!event.affectsConfiguration(SETTINGS_SECTION) || !client.isRunning()) return
    void client.sendNotification(DidChangeConfigurationNotification.type, { settings: null })
  })
}
