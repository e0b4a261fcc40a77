import * as vscode from 'vscode'
import type { ListedCheck } from '../../../protocol/src/index'

/** Existing items are kept, with their results. */
export function replaceChecks(
  controller: vscode.TestController,
  project: vscode.TestItem,
  checks: readonly ListedCheck[],
): void {
  const wanted = new Set(checks.map(({ id }) => id))
  for (const [, model] of project.children) {
    for (const [id] of model.children) if (!wanted.has(id)) model.children.delete(id)
  }
  for (const check of checks) placeCheck(controller, project, check)
  for (const [id, model] of project.children) if (model.children.size === 0) project.children.delete(id)
}

/** The item of a check, created if missing, with its location in the schema. */
export function placeCheck(
  controller: vscode.TestController,
  project: vscode.TestItem,
  { id, title, model, uri, line }: ListedCheck,
): vscode.TestItem {
  const place = vscode.Uri.parse(uri)
  const itemIn = (parent: vscode.TestItem, childId: string, label: string): vscode.TestItem => {
    const known = parent.children.get(childId)
    const item = known?.uri?.toString() === place.toString() ? known : controller.createTestItem(childId, label, place)
    if (item !== known) parent.children.add(item)
    item.label = label
    return item
  }
  const group = itemIn(project, model, model)
  const item = itemIn(group, id, title)
  const range = new vscode.Range(line, 0, line, 0)
  if (item.range?.isEqual(range) !== true) item.range = range
  if (group.range === undefined || group.range.start.line > line) group.range = range
  return item
}
