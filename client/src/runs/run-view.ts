import * as vscode from 'vscode'
import { localized } from '../localized'
import type { RunningCommands } from './running-commands'
import { canUndo, phaseOf, type RunList } from './run-list'
import type { RunLists } from './run-lists'
import { runsTree, runTitle, type ProjectNode, type RunNode } from './run-tree'

/** The view of the runs: checklists that remain after a run has ended, and after a reload. */
export interface RunView {
  roots(): readonly RunNode[]
  dispose(): void
}

export function createRunView(lists: RunLists, running: RunningCommands): RunView {
  const changed = new vscode.EventEmitter<void>()
  let timer: NodeJS.Timeout | undefined
  const roots = () => runsTree(lists.all(), localized, vscode.env.language)
  const view = vscode.window.createTreeView<RunNode>(VIEW, {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getTreeItem: treeItemOf,
      getChildren: (node) => [...(node === undefined ? roots() : 'children' in node ? node.children : [])],
    },
  })
  /** With several runs, each row shows its own. */
  const only = () => {
    const [list, ...others] = lists.all()
    return others.length === 0 ? list : undefined
  }
  const refresh = () => {
    timer = undefined
    const list = only()
    view.title = list === undefined ? vscode.l10n.t('Guided Migration') : runTitle(list, localized)
    view.description = list?.databaseLabel ?? ''
    view.message = list?.end?.message ?? ''
    changed.fire()
  }
  const tellContext = async () => {
    const [latest] = lists.all()
    const contexts = {
      'prismaAudit.run': latest === undefined ? '' : phaseOf(latest),
      'prismaAudit.canUndoRun': latest !== undefined && canUndo(latest),
      'prismaAudit.hasSeveralRuns': lists.all().length > 1,
    }
    for (const [key, value] of Object.entries(contexts)) await vscode.commands.executeCommand('setContext', key, value)
  }
  const follow = () => {
    void tellContext()
    timer ??= setTimeout(refresh, REFRESH_MILLISECONDS)
  }
  const show = async () => {
    // The view exists only after its context is set.
    await tellContext()
    await vscode.commands.executeCommand(`${VIEW}.focus`, { preserveFocus: true })
  }
  /** On the run of the chosen row, otherwise on the latest. */
  const onRun = (name: string, work: (list: RunList) => unknown) =>
    vscode.commands.registerCommand(`prismaAudit.${name}`, (node?: Partial<ProjectNode>) => {
      const all = lists.all()
      const list = all.find(({ schemaUri }) => schemaUri === node?.schemaUri) ?? all[0]
      return list === undefined ? undefined : work(list)
    })
  const start = (command: string, schemaUri: string) =>
    vscode.commands.executeCommand(`prismaAudit.${command}`, { schemaUri })
  follow()
  const parts = vscode.Disposable.from(
    view,
    changed,
    lists.onDidChange(follow),
    lists.onDidBegin(() => void show()),
    onRun('cancelRun', ({ schemaUri }) => running.cancel(schemaUri)),
    onRun('resumeRun', ({ command, schemaUri }) => start(command, schemaUri)),
    onRun('undoRun', ({ schemaUri }) => start('rollback', schemaUri)),
    vscode.commands.registerCommand(NEXT, (command?: string, schemaUri?: string) => {
      // A keybinding has no row: then the view shows what can be chosen.
      if (command !== undefined && schemaUri !== undefined) return start(command, schemaUri)
      return lists.all().length === 0 ? undefined : show()
    }),
  )
  return {
    roots,
    dispose() {
      clearTimeout(timer)
      parts.dispose()
    },
  }
}

const VIEW = 'prismaAudit.run'

/** A run reports its progress many times a second; the view is updated at reading speed. */
const REFRESH_MILLISECONDS = 200

/** The command of a row with a next action. */
const NEXT = 'prismaAudit.runNext'

function treeItemOf(node: RunNode): vscode.TreeItem {
  const state = collapsibleState(node)
  const item = new vscode.TreeItem(node.label, state)
  // VS Code applies the expansion state only to new rows.
  item.id = `${node.id} ${state}`
  item.description = node.description
  item.accessibilityInformation = { label: node.spoken }
  if (node.kind === 'project') {
    item.iconPath = new vscode.ThemeIcon('database')
    item.contextValue = node.actions
    return item
  }
  item.iconPath = node.kind === 'next' ? new vscode.ThemeIcon('arrow-right') : iconOf(node.state)
  if (node.kind === 'next')
    item.command = { title: node.label, command: NEXT, arguments: [node.command, node.schemaUri] }
  return item
}

function collapsibleState(node: RunNode): vscode.TreeItemCollapsibleState {
  if (!('children' in node) || node.children.length === 0) return vscode.TreeItemCollapsibleState.None
  // Expanded when the run reaches it, collapsed when it is done.
  return node.kind === 'project' || (node.kind === 'stage' && node.state !== 'done')
    ? vscode.TreeItemCollapsibleState.Expanded
    : vscode.TreeItemCollapsibleState.Collapsed
}

function iconOf(state: 'waiting' | 'running' | 'done' | 'skipped' | 'stopped' | 'failed'): vscode.ThemeIcon {
  switch (state) {
    case 'waiting':
      return new vscode.ThemeIcon('circle-outline')
    case 'running':
      return new vscode.ThemeIcon('loading~spin')
    case 'done':
      return new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed'))
    case 'skipped':
      return new vscode.ThemeIcon('circle-slash')
    case 'stopped':
      return new vscode.ThemeIcon('debug-pause', new vscode.ThemeColor('problemsWarningIcon.foreground'))
    case 'failed':
      return new vscode.ThemeIcon('error', new vscode.ThemeColor('problemsErrorIcon.foreground'))
  }
}
