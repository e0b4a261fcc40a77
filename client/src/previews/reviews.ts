import * as vscode from 'vscode'

/**
 * Documents that a command waits for while they are read: Run and Cancel are in the title of their tab, in the
 * command's notification and in the palette. No modal dialog covers them.
 */
export interface Reviews {
  /** True for Run; false for Cancel, when the tab is closed, or when the server withdraws it. Then the tab closes. */
  wait(panel: vscode.WebviewPanel, subject: string, token: vscode.CancellationToken): Promise<boolean>
  closed(panel: vscode.WebviewPanel): void
  /** For tests: every document counts as read from now on. */
  takeAsRead(): void
  dispose(): void
}

interface Review {
  readonly subject: string
  readonly answer: (goesOn: boolean) => void
}

export function createReviews(): Reviews {
  const open = new Map<vscode.WebviewPanel, Review>()
  let isTakenAsRead = false
  const tellContext = () => {
    const contexts = {
      'prismaAudit.isReviewing': open.size > 0,
      // Another document beside it, such as a report, has no Run in its title.
      'prismaAudit.isReviewActive': [...open.keys()].some(({ active }) => active),
    }
    for (const [key, value] of Object.entries(contexts)) void vscode.commands.executeCommand('setContext', key, value)
  }
  const settle = (panel: vscode.WebviewPanel | undefined, goesOn: boolean) => {
    if (panel === undefined) return
    const review = open.get(panel)
    open.delete(panel)
    tellContext()
    // A page that regains the focus when the palette closes would take it from the next question.
    if (review !== undefined) panel.dispose()
    review?.answer(goesOn)
  }
  const commands = vscode.Disposable.from(
    vscode.commands.registerCommand('prismaAudit.runReviewed', async (subject?: unknown) =>
      settle(await chosenReview(open, subject), true),
    ),
    vscode.commands.registerCommand('prismaAudit.cancelReviewed', async () =>
      settle(await chosenReview(open, undefined), false),
    ),
  )
  return {
    async wait(panel, subject, token) {
      if (isTakenAsRead) return true
      settle(panel, false)
      const listeners = vscode.Disposable.from(
        token.onCancellationRequested(() => settle(panel, false)),
        panel.onDidChangeViewState(tellContext),
      )
      try {
        const read = new Promise<boolean>((answer) => open.set(panel, { subject, answer }))
        tellContext()
        return await read
      } finally {
        listeners.dispose()
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
 * The one that a link names; without a name the active one, otherwise the only one. With several, the user is asked:
 * each is the plan of another database.
 */
async function chosenReview(
  open: ReadonlyMap<vscode.WebviewPanel, Review>,
  subject: unknown,
): Promise<vscode.WebviewPanel | undefined> {
  const panels = [...open.keys()]
  // From a menu, VS Code passes the tab, not a subject.
  if (typeof subject === 'string') return panels.find((panel) => open.get(panel)?.subject === subject)
  const active = panels.find((panel) => panel.active)
  if (active !== undefined || panels.length < 2) return active ?? panels[0]
  const items = panels.map((panel) => ({ label: panel.title, panel }))
  const placeHolder = vscode.l10n.t('Select a migration')
  return (await vscode.window.showQuickPick(items, { title: 'Prisma Audit', placeHolder }))?.panel
}
