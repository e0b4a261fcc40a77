import * as vscode from 'vscode'
import type { ListedCheck } from '../../../protocol/src/index'
import { firstLines } from './first-lines'

/** A check to run, with the row that shows its result: its own, or that of its model. */
export interface ChosenCheck {
  readonly id: string
  readonly item: vscode.TestItem
}

/**
 * The rows of the Test Explorer: projects, their models, the checks of each. Of many checks only those of expanded
 * models get rows, and those that failed: VS Code draws each row's result in the tree, the editor and the list of
 * results, and thousands of them stop the window for seconds.
 */
export class CheckItems {
  private readonly listed = new WeakMap<vscode.TestItem, readonly ListedCheck[]>()
  private readonly expanded = new vscode.EventEmitter<vscode.TestItem>()

  /** A model whose checks now have rows of their own. */
  readonly onDidExpand = this.expanded.event

  constructor(readonly controller: vscode.TestController) {}

  /** Existing items are kept, with their results. */
  replace(project: vscode.TestItem, checks: readonly ListedCheck[]): void {
    this.listed.set(project, checks)
    const wanted = new Set(checks.map(({ id }) => id))
    const models = new Set(checks.map(({ model }) => model))
    for (const [id, model] of project.children) {
      for (const [check] of model.children) if (!wanted.has(check)) model.children.delete(check)
      if (!models.has(id)) project.children.delete(id)
    }
    const isLong = checks.length > MOST_LISTED
    for (const check of checks) {
      const model = this.modelOf(project, check, isLong)
      if (!isLong) model.canResolveChildren = false
      if (!model.canResolveChildren || model.children.get(check.id) !== undefined) this.place(project, check)
    }
    for (const [id, line] of firstLines(checks)) {
      const model = project.children.get(id)
      if (model !== undefined && model.range?.start.line !== line) model.range = rangeAt(line)
    }
  }

  /** Gives a model rows for all of its checks. */
  expand(model: vscode.TestItem): void {
    const project = model.parent
    if (project === undefined) return
    model.canResolveChildren = false
    for (const check of this.checksOf(project)) if (check.model === model.id) this.place(project, check)
    this.expanded.fire(model)
  }

  /** The item of a check, created if missing, with its location in the schema. */
  place(project: vscode.TestItem, check: ListedCheck): vscode.TestItem {
    const model = this.modelOf(project, check, false)
    return this.itemIn(model, check, { id: check.id, label: check.title })
  }

  /** The row that shows the result of the check; null if none does. */
  rowOf(project: vscode.TestItem, { id, model }: Pick<ListedCheck, 'id' | 'model'>): vscode.TestItem | null {
    const group = project.children.get(model)
    return group?.children.get(id) ?? (group?.canResolveChildren === true ? group : null)
  }

  /** Those of the request: an item of it is the row, the model or the project, and none of these is excluded. */
  chosen(project: vscode.TestItem, { include, exclude = [] }: vscode.TestRunRequest): ChosenCheck[] {
    return this.checksOf(project).flatMap((check) => {
      const item = this.rowOf(project, check)
      if (item === null) return []
      const line = [item, item.parent, item.parent?.parent]
      const isIn = (items: readonly vscode.TestItem[]) =>
        line.some((each) => each !== undefined && items.includes(each))
      return (include === undefined || isIn(include)) && !isIn(exclude) ? [{ id: check.id, item }] : []
    })
  }

  checksOf(project: vscode.TestItem): readonly ListedCheck[] {
    return this.listed.get(project) ?? []
  }

  private modelOf(project: vscode.TestItem, check: ListedCheck, isClosed: boolean): vscode.TestItem {
    const known = project.children.get(check.model)
    const model = this.itemIn(project, check, { id: check.model, label: check.model })
    if (model !== known) model.canResolveChildren = isClosed
    return model
  }

  private itemIn(
    parent: vscode.TestItem,
    { uri, line }: ListedCheck,
    { id, label }: { readonly id: string; readonly label: string },
  ): vscode.TestItem {
    const place = vscode.Uri.parse(uri)
    const known = parent.children.get(id)
    const item = known?.uri?.toString() === place.toString() ? known : this.controller.createTestItem(id, label, place)
    if (item !== known) parent.children.add(item)
    item.label = label
    const isOfModel = parent.parent === undefined
    if (item.range === undefined || (!isOfModel && item.range.start.line !== line)) item.range = rangeAt(line)
    return item
  }
}

function rangeAt(line: number): vscode.Range {
  return new vscode.Range(line, 0, line, 0)
}

/** As many as VS Code draws without a task of more than a moment. */
const MOST_LISTED = 200
