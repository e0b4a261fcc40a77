import * as vscode from 'vscode'
import type { PreviewParameters } from '../../../protocol/src/index'
import { messageText } from '../message-text'

/**
 * Documents that a command waits for while they are read: Run and Cancel stand in the title of their tab, in a notification
 * and in the palette. Nothing modal stands in front of them.
 */
export interface Reviews {
  /** True for Run; false for Cancel, when the tab is closed, or when the server withdraws it. */
  wait(panel: vscode.WebviewPanel, preview: PreviewParameters, token: vscode.CancellationToken): Promise<boolean>
  closed(panel: vscode.WebviewPanel): void
  /** For tests: every document counts as read from now on. */
  takeAsRead(): void
  dispose(): void
}

export function createReviews(): Reviews {
  const open = new Map<vscode.WebviewPanel, (goesOn: boolean) => void>()
  let isTakenAsRead = false
  const tellContext = () => vscode.commands.executeCommand('setContext', 'prismaAudit.isReviewing', open.size > 0)
  const settle = (panel: vscode.WebviewPanel | undefined, goesOn: boolean) => {
    if (panel === undefined) return
    const answer = open.get(panel)
    open.delete(panel)
    void tellContext()
    answer?.(goesOn)
  }
  /** The one that is looked at, else the one that there is. */
  const current = () => [...open.keys()].find(({ active }) => active) ?? [...open.keys()].at(-1)
  const commands = vscode.Disposable.from(
    vscode.commands.registerCommand('prismaAudit.runReviewed', () => settle(current(), true)),
    vscode.commands.registerCommand('prismaAudit.cancelReviewed', () => settle(current(), false)),
  )
  return {
    async wait(panel, { title }, token) {
      if (isTakenAsRead) return true
      settle(panel, false)
      const withdrawn = token.onCancellationRequested(() => settle(panel, false))
      try {
        const read = new Promise<boolean>((resolve) => open.set(panel, resolve))
        void tellContext()
        offer(title, read)
        return await read
      } finally {
        withdrawn.dispose()
      }
    },
    closed: (panel) => settle(panel, false),
    takeAsRead: () => {
      isTakenAsRead = true
    },
    dispose: () => {
      commands.dispose()
      for (const panel of [...open.keys()]) settle(panel, false)
    },
  }
}

/**
 * Shown for as long as the document is read: what offers buttons stays until it is closed by hand, but progress ends. So Run
 * and Cancel are links.
 */
function offer(title: string, read: Promise<boolean>): void {
  const message = messageText(vscode.l10n.t('Review “{0}”. Nothing runs yet.', title))
  const run = `[${vscode.l10n.t('Run')}](command:prismaAudit.runReviewed)`
  const cancel = `[${vscode.l10n.t('Cancel')}](command:prismaAudit.cancelReviewed)`
  const options = { location: vscode.ProgressLocation.Notification, title: `${message} ${run} ${cancel}` }
  void vscode.window.withProgress(options, () => read)
}
