import type * as vscode from 'vscode'
import type { ConfirmParameters, ProjectStatus } from '../../protocol/src/index'
import type { Confirmation } from './questions/confirmation'
import type { OutputPanel } from './output-panel'
import type { Previews } from './previews/previews'
import type { ProjectStatuses } from './status/project-statuses'
import type { RunLists } from './runs/run-lists'
import type { RunNode } from './runs/run-tree'
import type { RunView } from './runs/run-view'
import type { StatusItem } from './status/status-item'
import type { BackupsNode } from './views/backups-tree'
import type { BackupsView } from './views/backups-view'
import type { FindingsNode } from './views/findings-tree'
import type { TestExplorer } from './tests/test-explorer'
import type { FindingsView } from './views/findings-view'

/** What editor tests read and control where VS Code has no API; no product code uses it. */
export interface TestInterface {
  /** All content of the output panel. */
  outputText(): string
  /** From now on, plans count as read, and modal questions get this answer: the id of a choice, or null to cancel. */
  answerConfirmations(answer: (question: ConfirmParameters) => string | null): void
  /** The latest state of each project. */
  statuses(): readonly ProjectStatus[]
  readonly onDidChangeStatus: vscode.Event<ProjectStatus | null>
  /** The text of the status bar item. */
  statusText(): string
  /** The controller of the Test Explorer; undefined before the first project. */
  testController(): vscode.TestController | undefined
  /** The rows of the run's checklist, and an event for changes. */
  runView(): readonly RunNode[]
  readonly onDidChangeRun: vscode.Event<void>
  /** The rows of the views in the explorer, and the number on the badge. */
  backupsView(): Promise<readonly BackupsNode[]>
  findingsView(): { readonly roots: readonly FindingsNode[]; readonly badge: number }
}

export function createTestInterface(parts: {
  readonly output: OutputPanel
  readonly confirmation: Confirmation
  readonly statuses: ProjectStatuses
  readonly previews: Previews
  readonly status: StatusItem
  readonly view: FindingsView
  readonly backups: BackupsView
  readonly tests: TestExplorer
  readonly runs: RunLists
  readonly run: RunView
}): TestInterface {
  return {
    outputText: () => parts.output.text(),
    answerConfirmations: (answer) => {
      parts.previews.takeAsRead()
      parts.confirmation.answerBy(answer)
    },
    statuses: () => parts.statuses.all(),
    onDidChangeStatus: parts.statuses.onDidChange,
    runView: () => parts.run.roots(),
    onDidChangeRun: parts.runs.onDidChange,
    testController: () => parts.tests.controller(),
    statusText: () => parts.status.text(),
    backupsView: () => parts.backups.roots(),
    findingsView: () => ({ roots: parts.view.roots(), badge: parts.view.badge() }),
  }
}
