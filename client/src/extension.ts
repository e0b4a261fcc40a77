import type * as vscode from 'vscode'
import { createProjectStatuses } from './status/project-statuses'
import { createStatusItem } from './status/status-item'
import { createTargetProject } from './status/target-project'
import type { TestInterface } from './test-interface'

/**
 * Shows the status bar item, then loads the rest: the language client is the largest part, and every extension that
 * starts with the window waits for activation. Commands wait until it is loaded. Returns the result of `startFeatures`.
 */
export async function activate(context: vscode.ExtensionContext): Promise<TestInterface | undefined> {
  const statuses = createProjectStatuses()
  const target = createTargetProject(statuses)
  const status = createStatusItem(statuses, target)
  context.subscriptions.push(statuses, target, status)
  // VS Code sends the item's text with such a timer: this one comes after it.
  await new Promise((resolve) => setTimeout(resolve))
  // A separate bundle (esbuild.mjs).
  const { startFeatures } = await import('./features')
  return startFeatures(context, { statuses, target, status })
}
