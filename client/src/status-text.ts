import * as vscode from 'vscode'
import type { ConnectionState, ProjectStatus } from '../../protocol/src/index'

/** The line in the status bar, such as `$(database) app on localhost:5432 · 3 findings · 2 min ago`. `now` in milliseconds. */
export function statusText(status: ProjectStatus, now: number): string {
  const { icon, word } = CONNECTIONS[status.connection]
  const parts = [status.databaseLabel || 'Prisma Audit', word, findingsText(status), ageText(status, now)]
  return `$(${icon}) ${parts.filter((part) => part !== '').join(' · ')}`
}

/** More of the same for the mouse at rest, with links to the commands that resolve each state. */
export function statusTooltip(status: ProjectStatus, now: number): vscode.MarkdownString {
  const { error, warning, information, hint } = status.findings
  const tooltip = new vscode.MarkdownString('', true)
  tooltip.isTrusted = { enabledCommands: ['prismaAudit.check', 'prismaAudit.connect', 'workbench.trust.manage'] }
  tooltip.appendMarkdown(`**Prisma Audit**\n\n`)
  // The server's words and the database's name are text, not Markdown, and must not become links.
  if (status.detail !== '') tooltip.appendText(status.detail).appendMarkdown('\n\n')
  tooltip.appendMarkdown(
    `Errors ${error} · Warnings ${warning} · Information ${information} · Hints ${hint}\n\n` +
      (status.catalogReadAt === null ? '' : `Catalog read ${ageText(status, now)}\n\n`) +
      (status.connection === 'untrusted'
        ? '[Manage Workspace Trust](command:workbench.trust.manage)'
        : '[Check now](command:prismaAudit.check) · [Connect to Database…](command:prismaAudit.connect)'),
  )
  return tooltip
}

const CONNECTIONS: Readonly<Record<ConnectionState, { readonly icon: string; readonly word: string }>> = {
  none: { icon: 'debug-disconnect', word: 'no database' },
  connecting: { icon: 'sync~spin', word: 'connecting' },
  connected: { icon: 'database', word: '' },
  unreachable: { icon: 'debug-disconnect', word: 'unreachable' },
  refused: { icon: 'warning', word: 'refused' },
  untrusted: { icon: 'shield', word: 'workspace not trusted' },
}

function findingsText({ findings, catalogReadAt }: ProjectStatus): string {
  const count = findings.error + findings.warning
  if (count === 0) return catalogReadAt === null ? '' : 'no findings'
  return `${count} ${count === 1 ? 'finding' : 'findings'}`
}

/** The snapshot's age in the unit that a person would use. */
function ageText({ catalogReadAt }: ProjectStatus, now: number): string {
  if (catalogReadAt === null) return ''
  const seconds = Math.max(0, Math.round((now - catalogReadAt) / 1000))
  if (seconds < 10) return 'now'
  if (seconds < 60) return `${seconds} s ago`
  if (seconds < 3600) return `${Math.round(seconds / 60)} min ago`
  return `${Math.round(seconds / 3600)} h ago`
}
