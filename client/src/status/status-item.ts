import * as vscode from 'vscode'
import type { ProjectStatus } from '../../../protocol/src/index'
import { localized } from '../localized'
import type { Activity } from './activity'
import type { ProjectStatuses } from './project-statuses'
import { statusTooltip, statusWords, TOOLTIP_COMMANDS } from './status-text'
import type { TargetProject } from './target-project'

/** The item in the status bar, from activation on: the state of the target project. */
export interface StatusItem {
  text(): string
  /** What a command is doing for a project, once the commands are loaded. */
  follow(activityOf: (schemaUri: string) => Activity | null, changes: readonly vscode.Event<void>[]): vscode.Disposable
  dispose(): void
}

export function createStatusItem(statuses: ProjectStatuses, target: TargetProject): StatusItem {
  const item = vscode.window.createStatusBarItem('prismaAudit.status', vscode.StatusBarAlignment.Left, 0)
  item.name = 'Prisma Audit'
  item.command = 'prismaAudit.showQuickCommands'

  let activityOf: (schemaUri: string) => Activity | null = () => null
  const refresh = () => {
    const project = target.current()
    const words = statusWords(localized, project, {
      count: statuses.all().length,
      isComplete: statuses.isComplete(),
      activity: project === undefined ? null : activityOf(project.schemaUri),
    })
    item.text = words.text
    item.accessibilityInformation = { label: words.label, role: 'button' }
    item.tooltip = project === undefined ? words.label : tooltipOf(project)
    item.backgroundColor = words.isAlarming ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined
  }
  refresh()
  item.show()
  const parts = vscode.Disposable.from(item, target.onDidChange(refresh))
  return {
    text: () => item.text,
    follow(of, changes) {
      activityOf = of
      return vscode.Disposable.from(...changes.map((event) => event(refresh)))
    },
    dispose: () => void parts.dispose(),
  }
}

function tooltipOf(project: ProjectStatus): vscode.MarkdownString {
  const tooltip = new vscode.MarkdownString(statusTooltip(localized, project))
  tooltip.isTrusted = { enabledCommands: TOOLTIP_COMMANDS }
  return tooltip
}
