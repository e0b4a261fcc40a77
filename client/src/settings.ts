import * as vscode from 'vscode'
import { DidChangeConfigurationNotification, type LanguageClient } from 'vscode-languageclient/node'
import { SETTINGS_SECTION } from '../../protocol/src/index'

/** Tells the server that settings of ours changed; it then asks for their values itself. */
export function followSettings(client: LanguageClient): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (!event.affectsConfiguration(SETTINGS_SECTION) || !client.isRunning()) return
    void client.sendNotification(DidChangeConfigurationNotification.type, { settings: null })
  })
}
