import * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import { OutputNotification } from '../../protocol/src/index'

/** The output panel `Prisma Audit`: results of commands, in the server's words. */
export interface OutputPanel {
  show(): void
  /** How often something was written, to detect whether there is something to show. */
  writes(): number
  /** Everything that was written, because VS Code cannot read a channel back. */
  text(): string
  /** Writes what the server sends from now on, and shows the panel unless something better is already shown. */
  serve(client: LanguageClient, isShownOtherwise: () => boolean): vscode.Disposable
  dispose(): void
}

export function createOutputPanel(): OutputPanel {
  const channel = vscode.window.createOutputChannel('Prisma Audit')
  let written = ''
  let writes = 0
  return {
    show: () => channel.show(),
    writes: () => writes,
    text: () => written,
    serve: (client, isShownOtherwise) =>
      client.onNotification(OutputNotification, ({ text, reveal }) => {
        written = (written + text).slice(-REMEMBERED_CHARACTERS)
        channel.append(text)
        writes++
        if (reveal === true && !isShownOtherwise()) channel.show(true)
      }),
    dispose: () => channel.dispose(),
  }
}

const REMEMBERED_CHARACTERS = 1_000_000
