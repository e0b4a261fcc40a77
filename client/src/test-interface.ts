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

/** What the editor tests see and say where VS Code itself has no way: no product code uses it. */
export interface TestInterface {
  /** All that stands in the output panel. */
  outputText(): string
  /** Plans count as read from now on, and modal questions are answered so: by the id of a choice, or null to cancel. */
  answerConfirmations(answer: (question: ConfirmParameters) => string | null): void
  /** The latest state of each project. */
  statuses(): readonly ProjectStatus[]
  readonly onDidChangeStatus: vscode.Event<ProjectStatus | null>
  /** The text of the item in the status bar. */
  statusText(): string
  /** What the Test Explorer works on; undefined before the first project. */
  testController(): vscode.TestController | undefined
  /** The rows of the run's checklist, and when they change. */
  runView(): readonly RunNode[]
  readonly onDidChangeRun: vscode.Event<void>
  /** What the views in the explorer list, and the number on the badge. */
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
