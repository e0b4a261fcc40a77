import * as vscode from 'vscode'

/**
 * Documents that a command waits for while they are read: Run and Cancel are in the title of their tab, in the
 * command's notification and in the palette. No modal dialog covers them.
 */
export interface Reviews {
  /** True for Run; false for Cancel, when the tab is closed, or when the server withdraws it. Then the tab closes. */
  wait(panel: vscode.WebviewPanel, token: vscode.CancellationToken): Promise<boolean>
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
    // A page that regains the focus when the palette closes would take it from the next question.
    if (answer !== undefined) panel.dispose()
    answer?.(goesOn)
  }
  /** The active one, otherwise the only one. */
  const current = () => [...open.keys()].find(({ active }) => active) ?? [...open.keys()].at(-1)
  const commands = vscode.Disposable.from(
    vscode.commands.registerCommand('prismaAudit.runReviewed', () => settle(current(), true)),
    vscode.commands.registerCommand('prismaAudit.cancelReviewed', () => settle(current(), false)),
  )
  return {
    async wait(panel, token) {
      if (isTakenAsRead) return true
      settle(panel, false)
      const withdrawn = token.onCancellationRequested(() => settle(panel, false))
      try {
        const read = new Promise<boolean>((resolve) => open.set(panel, resolve))
        void tellContext()
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
