import type * as vscode from 'vscode'
import { createProjectStatuses } from './status/project-statuses'
import { createStatusItem } from './status/status-item'
import { createTargetProject } from './status/target-project'
import type { TestInterface } from './test-interface'

/**
 * Shows the status bar's item, then loads the rest: the language client is most of what there is to load, and every extension
 * that starts with the window waits for it. Commands wait until this has ended. Answers what `startFeatures` does.
 */
export async function activate(context: vscode.ExtensionContext): Promise<TestInterface | undefined> {
  const statuses = createProjectStatuses()
  const target = createTargetProject(statuses)
  const status = createStatusItem(statuses, target)
  context.subscriptions.push(statuses, target, status)
  // VS Code sends the item's text by such a timer: this one comes after it.
  await new Promise((resolve) => setTimeout(resolve))
  // A bundle of its own (esbuild.mjs).
  const { startFeatures } = await import('./features')
  return startFeatures(context, { statuses, target, status })
}
