import * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import { OutputNotification } from '../../protocol/src/index'

/** The output panel `Prisma Audit`: what was found, done and proven, in the server's words. */
export interface OutputPanel {
  show(): void
  /** All that was written, since VS Code offers no way to read a channel back. */
  text(): string
  /** Writes what the server sends from now on. */
  serve(client: LanguageClient): vscode.Disposable
  dispose(): void
}

export function createOutputPanel(): OutputPanel {
  const channel = vscode.window.createOutputChannel('Prisma Audit')
  let written = ''
  return {
    show: () => channel.show(),
    text: () => written,
    serve: (client) =>
      client.onNotification(OutputNotification, ({ text, reveal }) => {
        written = (written + text).slice(-REMEMBERED_CHARACTERS)
        channel.append(text)
        if (reveal === true) channel.show(true)
      }),
    dispose: () => channel.dispose(),
  }
}

const REMEMBERED_CHARACTERS = 1_000_000
