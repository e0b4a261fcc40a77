import * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import { BackupsRequest } from '../../../protocol/src/index'
import type { RunningCommands } from '../runs/running-commands'
import type { ProjectStatuses } from '../status/project-statuses'
import { backupsTree, type BackupNode, type BackupsNode, type ProjectBackups } from './backups-tree'

/** The backups view in the explorer. It asks the server only while it is visible. */
export interface BackupsView {
  roots(): Promise<readonly BackupsNode[]>
  dispose(): void
}

export function createBackupsView(
  client: LanguageClient,
  statuses: ProjectStatuses,
  running: RunningCommands,
): BackupsView {
  const changed = new vscode.EventEmitter<void>()
  const watchers = new Map<string, vscode.Disposable>()
  /** Also notices backups that a terminal creates, or that are deleted: the manifest is written last. */
  const watch = (folderUri: string) => {
    if (watchers.has(folderUri)) return
    const pattern = new vscode.RelativePattern(vscode.Uri.parse(folderUri), '*.json')
    const watcher = vscode.workspace.createFileSystemWatcher(pattern)
    const events = [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete]
    const listeners = events.map((event) => event(() => changed.fire()))
    watchers.set(folderUri, vscode.Disposable.from(watcher, ...listeners))
  }
  const listed = async (): Promise<ProjectBackups[]> => {
    const answers = statuses.all().map(async (project) => {
      const { documentUri } = project
      // The project may have been closed by now.
      const answer = await client.sendRequest(BackupsRequest, { documentUri }).catch(() => null)
      if (answer === null) return { project, backups: [] }
      watch(answer.folderUri)
      return { project, backups: answer.backups }
    })
    return await Promise.all(answers)
  }
  const roots = async () => backupsTree(await listed(), { now: Date.now(), language: vscode.env.language })

  let projects = ''
  const parts = vscode.Disposable.from(
    changed,
    vscode.window.createTreeView<BackupsNode>('prismaAudit.backups', {
      treeDataProvider: {
        onDidChangeTreeData: changed.event,
        getTreeItem: treeItemOf,
        getChildren: async (node) =>
          node === undefined ? [...(await roots())] : node.kind === 'project' ? [...node.children] : [],
      },
    }),
    running.onDidEnd(() => changed.fire()),
    statuses.onDidChange(() => {
      const now = statuses
        .all()
        .map(({ schemaUri }) => schemaUri)
        .join()
      if (now === projects) return
      projects = now
      changed.fire()
    }),
    vscode.commands.registerCommand('prismaAudit.revealBackup', reveal),
  )
  return {
    roots,
    dispose() {
      vscode.Disposable.from(...watchers.values()).dispose()
      parts.dispose()
    },
  }
}

function treeItemOf(node: BackupsNode): vscode.TreeItem {
  const { None, Expanded } = vscode.TreeItemCollapsibleState
  const item = new vscode.TreeItem(node.label, node.kind === 'project' ? Expanded : None)
  item.id = node.id
  item.contextValue = node.kind
  item.description = node.description
  item.tooltip = node.tooltip
  item.accessibilityInformation = { label: node.spoken }
  item.iconPath = iconOf(node)
  return item
}

function iconOf(node: BackupsNode): vscode.ThemeIcon {
  if (node.kind === 'project') return new vscode.ThemeIcon('project')
  if (node.kind === 'unusable')
    return new vscode.ThemeIcon('warning', new vscode.ThemeColor('problemsWarningIcon.foreground'))
  return node.isProven
    ? new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed'))
    : new vscode.ThemeIcon('archive')
}

/** In a browser or on a remote machine there is no file manager. */
async function reveal(node: Partial<BackupNode> | undefined): Promise<void> {
  if (node?.backupUri === undefined) return
  const isHere = vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined
  const command = isHere ? 'revealFileInOS' : 'revealInExplorer'
  await vscode.commands.executeCommand(command, vscode.Uri.parse(node.backupUri))
}
