import * as vscode from 'vscode'
import type { RunningCommands } from './running-commands'
import { canUndo, phaseOf, type RunList } from './run-list'
import type { RunLists } from './run-lists'
import { runTree, type RunNode } from './run-tree'

/** The view of the run: a checklist that stays when the run has ended, and after a reload. */
export interface RunView {
  roots(): readonly RunNode[]
  dispose(): void
}

export function createRunView(lists: RunLists, running: RunningCommands): RunView {
  const changed = new vscode.EventEmitter<void>()
  let timer: NodeJS.Timeout | undefined
  const roots = () => {
    const list = lists.current()
    return list === undefined ? [] : runTree(list, vscode.l10n.t, vscode.env.language)
  }
  const view = vscode.window.createTreeView<RunNode>('prismaAudit.run', {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getTreeItem: treeItemOf,
      getChildren: (node) => [...(node === undefined ? roots() : 'children' in node ? node.children : [])],
    },
  })
  const refresh = () => {
    timer = undefined
    const list = lists.current()
    view.title = list?.command === 'rollback' ? vscode.l10n.t('Rollback') : vscode.l10n.t('Guided Migration')
    view.description = list?.databaseLabel ?? ''
    view.message = list?.end?.message ?? ''
    changed.fire()
  }
  const tellContext = () => {
    const list = lists.current()
    const set = (key: string, value: unknown) => void vscode.commands.executeCommand('setContext', key, value)
    set('prismaAudit.run', list === undefined ? '' : phaseOf(list))
    set('prismaAudit.canUndoRun', list !== undefined && canUndo(list))
  }
  const follow = () => {
    tellContext()
    timer ??= setTimeout(refresh, REFRESH_MILLISECONDS)
  }
  const onList = (work: (list: RunList) => unknown) => () => {
    const list = lists.current()
    return list === undefined ? undefined : work(list)
  }
  follow()
  const parts = vscode.Disposable.from(
    view,
    changed,
    lists.onDidChange(follow),
    vscode.commands.registerCommand(
      'prismaAudit.cancelRun',
      onList(({ schemaUri }) => running.cancel(schemaUri)),
    ),
    vscode.commands.registerCommand(
      'prismaAudit.resumeRun',
      onList(({ command, schemaUri }) => vscode.commands.executeCommand(`prismaAudit.${command}`, { schemaUri })),
    ),
    vscode.commands.registerCommand(
      'prismaAudit.undoRun',
      onList(({ schemaUri }) => vscode.commands.executeCommand('prismaAudit.rollback', { schemaUri })),
    ),
    vscode.commands.registerCommand(NEXT, (command: string) =>
      onList(({ schemaUri }) => vscode.commands.executeCommand(`prismaAudit.${command}`, { schemaUri }))(),
    ),
  )
  return {
    roots,
    dispose() {
      clearTimeout(timer)
      parts.dispose()
    },
  }
}

/** A run tells of itself many times a second; the view follows no faster than one reads. */
const REFRESH_MILLISECONDS = 200

/** Of a row that says what one would do next. */
const NEXT = 'prismaAudit.runNext'

function treeItemOf(node: RunNode): vscode.TreeItem {
  const item = new vscode.TreeItem(node.label, collapsibleState(node))
  item.id = node.id
  item.description = node.description
  item.accessibilityInformation = { label: node.spoken }
  item.iconPath = node.kind === 'next' ? new vscode.ThemeIcon('arrow-right') : iconOf(node.state)
  if (node.kind === 'next') item.command = { title: node.label, command: NEXT, arguments: [node.command] }
  return item
}

function collapsibleState(node: RunNode): vscode.TreeItemCollapsibleState {
  if (!('children' in node) || node.children.length === 0) return vscode.TreeItemCollapsibleState.None
  // Opened as the run comes to it, closed when all is done.
  return node.kind === 'stage' && node.state !== 'done'
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
