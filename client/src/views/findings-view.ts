import * as vscode from 'vscode'
import { localized } from '../localized'
import type { ProjectStatuses } from '../status/project-statuses'
import { findingCount, problemCount } from '../status/status-text'
import { findingsTree, type FindingsNode, type ListedFinding } from './findings-tree'
import { welcomeOf } from './welcome'

/** The view in the explorer: the server's findings, by project and model. It sends no requests to the server. */
export interface FindingsView {
  roots(): readonly FindingsNode[]
  /** The number of findings on the badge. */
  badge(): number
  dispose(): void
}

export function createFindingsView(statuses: ProjectStatuses): FindingsView {
  const changed = new vscode.EventEmitter<void>()
  // Files that had findings before may have lost some; a file without our findings, before and now, is ignored.
  let listed = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  const refreshSoon = () => {
    timer ??= setTimeout(() => {
      timer = undefined
      changed.fire()
    }, REFRESH_MILLISECONDS)
  }

  const view = vscode.window.createTreeView<FindingsNode>('prismaAudit.findings', {
    showCollapseAll: true,
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getTreeItem: treeItemOf,
      getChildren(node) {
        if (node !== undefined) return node.kind === 'finding' ? [] : [...node.children]
        const findings = listedFindings()
        listed = new Set(findings.map(({ uri }) => uri))
        return [...findingsTree(localized, statuses.all(), findings)]
      },
    },
  })
  const tellState = () => {
    const all = statuses.all()
    const value = all.reduce((sum, project) => sum + problemCount(project), 0)
    view.badge = value === 0 ? undefined : { value, tooltip: findingCount(localized, value) }
    void vscode.commands.executeCommand('setContext', 'prismaAudit.welcome', welcomeOf(all[0]))
    refreshSoon()
  }
  tellState()
  const parts = vscode.Disposable.from(
    view,
    changed,
    statuses.onDidChange(tellState),
    vscode.languages.onDidChangeDiagnostics(({ uris }) => {
      if (uris.some((uri) => listed.has(uri.toString()) || ours(uri).length > 0)) refreshSoon()
    }),
    vscode.commands.registerCommand('prismaAudit.showFixes', showFixes),
  )
  return {
    roots: () => findingsTree(localized, statuses.all(), listedFindings()),
    badge: () => view.badge?.value ?? 0,
    dispose() {
      clearTimeout(timer)
      parts.dispose()
    },
  }
}

/** Typing changes findings many times a second; the view is updated at reading speed. */
const REFRESH_MILLISECONDS = 150

/** Like the Problems panel and the status bar: without hints, and without findings in migration scripts. */
function listedFindings(): readonly ListedFinding[] {
  return vscode.languages.getDiagnostics().flatMap(([uri, diagnostics]) =>
    uri.path.endsWith('.sql')
      ? []
      : diagnostics.flatMap((diagnostic) => {
          const severity = SEVERITIES[diagnostic.severity]
          if (diagnostic.source !== 'prisma-audit' || severity === undefined) return []
          const { code, message, range } = diagnostic
          return [
            {
              uri: uri.toString(),
              line: range.start.line,
              character: range.start.character,
              severity,
              code: String(typeof code === 'object' ? code.value : code),
              message,
              model: modelOf(diagnostic),
            },
          ]
        }),
  )
}

const SEVERITIES: Readonly<Partial<Record<vscode.DiagnosticSeverity, ListedFinding['severity']>>> = {
  [vscode.DiagnosticSeverity.Error]: 'error',
  [vscode.DiagnosticSeverity.Warning]: 'warning',
  [vscode.DiagnosticSeverity.Information]: 'information',
}

function ours(uri: vscode.Uri): readonly vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'prisma-audit')
}

/** LSP's `data`, which the language client keeps on its diagnostics. */
function modelOf(diagnostic: vscode.Diagnostic & { readonly data?: unknown }): string | null {
  const { data } = diagnostic
  const model = typeof data === 'object' && data !== null && 'model' in data ? data.model : null
  return typeof model === 'string' ? model : null
}

function treeItemOf(node: FindingsNode): vscode.TreeItem {
  const item = new vscode.TreeItem(node.label, collapsibleState(node))
  item.contextValue = node.kind
  item.description = node.description
  item.accessibilityInformation = { label: node.spoken }
  if (node.kind === 'finding') {
    const { uri, code, message, severity } = node.finding
    item.tooltip = `${message}\n${code}`
    item.iconPath = SEVERITY_ICONS[severity]
    item.command = {
      title: vscode.l10n.t('Open'),
      command: 'vscode.open',
      arguments: [vscode.Uri.parse(uri), { selection: placeOf(node.finding), preserveFocus: true }],
    }
  } else {
    item.id = node.id
    item.iconPath = new vscode.ThemeIcon(GROUP_ICONS[node.kind])
  }
  return item
}

function collapsibleState(node: FindingsNode): vscode.TreeItemCollapsibleState {
  if (node.kind === 'finding' || node.children.length === 0) return vscode.TreeItemCollapsibleState.None
  return node.kind === 'project' ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed
}

const SEVERITY_ICONS: Readonly<Record<ListedFinding['severity'], vscode.ThemeIcon>> = {
  error: new vscode.ThemeIcon('error', new vscode.ThemeColor('problemsErrorIcon.foreground')),
  warning: new vscode.ThemeIcon('warning', new vscode.ThemeColor('problemsWarningIcon.foreground')),
  information: new vscode.ThemeIcon('info', new vscode.ThemeColor('problemsInfoIcon.foreground')),
}

const GROUP_ICONS = { project: 'project', model: 'symbol-class', file: 'file' } as const

/** Opens the location of the finding, or of the model's first one, with its quick fixes. */
async function showFixes(node: FindingsNode | undefined): Promise<void> {
  const finding = node?.kind === 'finding' ? node.finding : firstOf(node)
  if (finding === undefined) return
  await vscode.window.showTextDocument(vscode.Uri.parse(finding.uri), { selection: placeOf(finding) })
  await vscode.commands.executeCommand('editor.action.quickFix')
}

function firstOf(node: FindingsNode | undefined): ListedFinding | undefined {
  return node?.kind === 'model' || node?.kind === 'file' ? node.children[0]?.finding : undefined
}

function placeOf({ line, character }: ListedFinding): vscode.Range {
  return new vscode.Range(line, character, line, character)
}
