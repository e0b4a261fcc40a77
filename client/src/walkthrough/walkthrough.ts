import * as vscode from 'vscode'
import type { ServerCommand } from '../../../protocol/src/index'
import type { ProjectStatuses } from '../status/project-statuses'
import { stepsDone, type CommandsDone } from './steps-done'

/** Completes the steps of the walkthrough automatically. */
export interface Walkthrough {
  /** A command succeeded. */
  ended(command: ServerCommand): void
  dispose(): void
}

export function createWalkthrough(statuses: ProjectStatuses): Walkthrough {
  let commands: CommandsDone = { hasMigrated: false, hasSetEnvironment: false }
  let told = ''
  /**
   * VS Code completes a step when its context becomes true, but not if the context was true before the walkthrough was
   * opened. So each is true only for a moment: when something changes, and when a walkthrough may have become visible.
   */
  const tell = async (isInView: boolean): Promise<void> => {
    const done = Object.entries(stepsDone(statuses.all(), commands)).flatMap(([key, isDone]) => (isDone ? [key] : []))
    if (!isInView && done.join() === told) return
    told = done.join()
    for (const key of done)
      for (const value of [true, false]) await vscode.commands.executeCommand('setContext', key, value)
  }
  const listeners = vscode.Disposable.from(
    statuses.onDidChange(() => void tell(mayBeWalkthrough())),
    vscode.window.tabGroups.onDidChangeTabs(() => {
      if (mayBeWalkthrough()) void tell(true)
    }),
  )
  return {
    ended: (command) => {
      if (MIGRATIONS.has(command)) commands = { ...commands, hasMigrated: true }
      else if (command === 'setEnvironment') commands = { ...commands, hasSetEnvironment: true }
      else return
      void tell(true)
    },
    dispose: () => void listeners.dispose(),
  }
}

const MIGRATIONS: ReadonlySet<ServerCommand> = new Set(['guided', 'migrate', 'migrateMissing'])

/** VS Code's own pages are tabs without any information for extensions. */
function mayBeWalkthrough(): boolean {
  const tab = vscode.window.tabGroups.activeTabGroup.activeTab
  return tab !== undefined && tab.input === undefined
}
