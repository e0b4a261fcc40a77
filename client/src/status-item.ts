import * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import { StatusNotification, type ProjectStatus } from '../../protocol/src/index'
import { activeDocumentUri } from './active-document'
import { messageText } from './message-text'
import { statusText, statusTooltip } from './status-text'

/** The item in the status bar: the connection, the findings and the age of the snapshot that they come from. */
export interface StatusItem {
  text(): string
  statuses(): readonly ProjectStatus[]
  readonly onDidChange: vscode.Event<ProjectStatus>
  /** Shows what the server sends from now on. */
  serve(client: LanguageClient): vscode.Disposable
  dispose(): void
}

export function createStatusItem(): StatusItem {
  const statuses = new Map<string, ProjectStatus>()
  const changed = new vscode.EventEmitter<ProjectStatus>()
  const item = vscode.window.createStatusBarItem('prismaAudit.status', vscode.StatusBarAlignment.Left, 0)
  item.name = 'Prisma Audit'
  item.command = 'prismaAudit.showMenu'

  const refresh = () => {
    const status = statusOfActiveProject(statuses)
    if (status === undefined) {
      item.hide()
      return
    }
    const now = Date.now()
    item.text = statusText(status, now)
    item.tooltip = statusTooltip(status, now)
    item.backgroundColor =
      status.connection === 'refused' ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined
    item.show()
  }
  const ageTimer = setInterval(refresh, AGE_REFRESH_MILLISECONDS)
  const parts = vscode.Disposable.from(
    item,
    changed,
    { dispose: () => clearInterval(ageTimer) },
    vscode.window.onDidChangeActiveTextEditor(refresh),
    vscode.commands.registerCommand('prismaAudit.showMenu', () => showMenu(statusOfActiveProject(statuses))),
  )

  return {
    text: () => item.text,
    statuses: () => [...statuses.values()],
    onDidChange: changed.event,
    serve: (client) =>
      client.onNotification(StatusNotification, (status) => {
        const before = statuses.get(status.rootUri)?.connection
        statuses.set(status.rootUri, status)
        refresh()
        changed.fire(status)
        if (status.connection === 'refused' && before !== 'refused') offerToConnect(status)
      }),
    dispose: () => {
      parts.dispose()
    },
  }
}

const AGE_REFRESH_MILLISECONDS = 10_000

/** The project whose root holds the active document; of several, the innermost. */
function statusOfActiveProject(statuses: ReadonlyMap<string, ProjectStatus>): ProjectStatus | undefined {
  const documentUri = activeDocumentUri()
  const holding = [...statuses.values()]
    .filter(({ rootUri }) => documentUri?.startsWith(`${rootUri.replace(/\/$/, '')}/`) === true)
    .sort((left, right) => right.rootUri.length - left.rootUri.length)
  return holding[0] ?? [...statuses.values()][0]
}

/** Once a refusal: the server does not try a refused password again, so the user has to act. */
function offerToConnect({ databaseLabel, detail }: ProjectStatus): void {
  const message = detail === '' ? `${databaseLabel} refused the connection.` : detail
  void vscode.window.showErrorMessage(messageText(message), CONNECT).then(async (button) => {
    if (button === CONNECT) await vscode.commands.executeCommand('prismaAudit.connect')
  })
}

const CONNECT = 'Connect to Database…'

async function showMenu(status: ProjectStatus | undefined): Promise<void> {
  const chosen = await vscode.window.showQuickPick(MENU, {
    title: 'Prisma Audit',
    placeHolder: status?.databaseLabel ?? '',
  })
  if (chosen !== undefined) await vscode.commands.executeCommand(chosen.command)
}

const MENU = [
  { label: '$(checklist) Check Schema Against Database', command: 'prismaAudit.check' },
  { label: '$(rocket) Run Guided Migration', command: 'prismaAudit.guided' },
  { label: '$(open-preview) Preview Migration', command: 'prismaAudit.preview' },
  { label: '$(verified) Verify Migration', command: 'prismaAudit.verify' },
  { label: '$(discard) Roll Back Migration', command: 'prismaAudit.rollback' },
  { label: '$(archive) Back Up Database', command: 'prismaAudit.backup' },
  { label: '$(plug) Connect to Database', command: 'prismaAudit.connect' },
  { label: '$(output) Show Output', command: 'prismaAudit.showOutput' },
]
