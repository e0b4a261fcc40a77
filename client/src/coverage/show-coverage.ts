import { randomUUID } from 'node:crypto'
import * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import { CoverageRequest, type CoverageAnswer, type ProjectStatus } from '../../../protocol/src/index'
import { localized } from '../localized'
import type { ProjectStatuses } from '../status/project-statuses'
import type { TargetProject } from '../status/target-project'
import { tellFailure } from '../report-end'
import { renderCoveragePage } from './coverage-page'

/** The page that shows which model has which audit field. Its commands end without a notification. */
export interface Coverage {
  /** One tab per project. */
  readonly show: () => Promise<null>
  /** The active tab, for the button in its title. */
  readonly refresh: () => Promise<null>
  /** Restores tabs after a reload of VS Code. */
  readonly restore: vscode.WebviewPanelSerializer
}

export function createCoverage({ client, target, statuses, log }: CoverageParts): Coverage {
  const panels = new Map<string, CoveragePanel>()
  const open = async (project: ProjectStatus | undefined, tab: (title: string) => vscode.WebviewPanel) => {
    const schemaUri = project?.schemaUri ?? ''
    const ask = () => client.sendRequest(CoverageRequest, { documentUri: project?.documentUri ?? null })
    const onChange = (listener: () => void) =>
      statuses.onDidChange((status) => {
        if (status === null || status.schemaUri === schemaUri) listener()
      })
    // Requested before the tab opens: if there is nothing to show, none opens.
    const first = await ask()
    const closed = () => panels.delete(schemaUri)
    panels.set(schemaUri, fillPanel(tab(first.title), first, { schemaUri, ask, log, onChange, closed }))
  }
  const show = async () => {
    const project = await target.choose()
    if (project === null) return null
    const known = panels.get(project?.schemaUri ?? '')
    if (known === undefined) await open(project, newTab)
    else {
      await known.load()
      known.panel.reveal()
    }
    return null
  }
  const restore = async (panel: vscode.WebviewPanel, state: unknown) => {
    const project = await knownProject(statuses, projectIn(state))
    // It may be closed, or already shown.
    if (project === null || panels.has(project.schemaUri)) {
      panel.dispose()
      return
    }
    panel.webview.options = OPTIONS
    await open(project, () => panel)
  }
  const refresh = async () => {
    for (const { panel, load } of panels.values()) if (panel.active) await load()
    return null
  }
  return { show, refresh, restore: { deserializeWebviewPanel: restore } }
}

export interface CoverageParts {
  readonly client: LanguageClient
  readonly target: TargetProject
  readonly statuses: ProjectStatuses
  readonly log: vscode.LogOutputChannel
}

interface CoveragePanel {
  readonly panel: vscode.WebviewPanel
  /** Requests the coverage again and shows it. */
  readonly load: () => Promise<void>
}

/**
 * Resolves when the server has reported the project; null if there is no such project. VS Code may not have saved
 * which: then the only one.
 */
function knownProject(statuses: ProjectStatuses, schemaUri: unknown): Promise<ProjectStatus | null> {
  return new Promise((resolve) => {
    const look = () => {
      const all = statuses.all()
      const project = all.find((each) => each.schemaUri === schemaUri)
      if (project === undefined && !statuses.isComplete()) return
      listener.dispose()
      resolve(project ?? (schemaUri === undefined && all.length === 1 ? (all[0] ?? null) : null))
    }
    const listener = statuses.onDidChange(look)
    look()
  })
}

/** The part that the page's script saves. */
function projectIn(state: unknown): unknown {
  return typeof state === 'object' && state !== null && 'project' in state ? state.project : undefined
}

interface PanelParts {
  readonly schemaUri: string
  readonly log: vscode.LogOutputChannel
  readonly ask: () => Promise<CoverageAnswer>
  /** Called after each change of the project: of its schema, its policy, its database. */
  readonly onChange: (listener: () => void) => vscode.Disposable
  readonly closed: () => void
}

const OPTIONS: vscode.WebviewOptions = { enableScripts: true, localResourceRoots: [] }

function newTab(title: string): vscode.WebviewPanel {
  const options = { ...OPTIONS, enableFindWidget: true }
  return vscode.window.createWebviewPanel(COVERAGE_TYPE, title, vscode.ViewColumn.Active, options)
}

function fillPanel(
  panel: vscode.WebviewPanel,
  first: CoverageAnswer,
  { schemaUri, ask, log, onChange, closed }: PanelParts,
): CoveragePanel {
  let shown = first
  const show = (answer: CoverageAnswer) => {
    shown = answer
    panel.title = answer.title
    panel.webview.html = renderCoveragePage(answer, {
      t: localized,
      language: vscode.env.language,
      nonce: randomUUID(),
      schemaUri,
    })
  }
  const load = async () => {
    show(await ask())
  }
  // Typing causes many changes a second; a hidden page is updated when it becomes visible.
  let timer: NodeJS.Timeout | undefined
  let isOutdated = false
  const follow = async () => {
    timer = undefined
    if (!panel.visible) return
    isOutdated = false
    // If the server does not respond, the page is unchanged, and Refresh shows the reason.
    const answer = await ask().catch(() => shown)
    if (JSON.stringify(answer) !== JSON.stringify(shown)) show(answer)
  }
  const following = vscode.Disposable.from(
    onChange(() => {
      isOutdated = true
      timer ??= setTimeout(() => void follow(), FOLLOW_MILLISECONDS)
    }),
    panel.onDidChangeViewState(() => {
      if (panel.visible && isOutdated) void follow()
    }),
  )
  panel.onDidDispose(() => {
    clearTimeout(timer)
    following.dispose()
    closed()
  })
  panel.webview.onDidReceiveMessage(async (message: PageMessage) => {
    try {
      if (message.action === 'refresh') await load()
      else if (message.action === 'open') await openPlace(shown, message)
      else if (message.action === 'createPolicy') await vscode.commands.executeCommand('prismaAudit.createPolicy', { schemaUri })
      else if (message.action === 'markdown') await openText('markdown', shown.markdown)
      else await openText('xml', shown.svg)
    } catch (error) {
      await tellFailure(vscode.l10n.t('Show Coverage'), error, log)
    }
  })
  show(first)
  return { panel, load }
}

const FOLLOW_MILLISECONDS = 500

export const COVERAGE_TYPE = 'prismaAudit.coverage'

/** The messages of the page's script: positions in the data, so that a page can open nothing else. */
interface PageMessage {
  readonly action: 'refresh' | 'createPolicy' | 'markdown' | 'svg' | 'open'
  readonly row?: number
  readonly cell?: number
}

/** Next to the page; with the available quick fixes if something is missing. */
async function openPlace({ models }: CoverageAnswer, { row = -1, cell = -1 }: PageMessage): Promise<void> {
  const model = models[row]
  if (model === undefined) return
  const { line, state } = model.cells[cell] ?? { line: model.line, state: 'complete' }
  const uri = vscode.Uri.parse(model.uri)
  const found = vscode.languages
    .getDiagnostics(uri)
    .find(({ source, range }) => source === 'prisma-audit' && range.start.line === line)
  const start = found?.range.start ?? new vscode.Position(line, 0)
  await vscode.window.showTextDocument(uri, { selection: new vscode.Range(start, start) })
  if (found !== undefined && (state === 'missing' || state === 'partial')) {
    await vscode.commands.executeCommand('editor.action.quickFix')
  }
}

async function openText(language: string, content: string): Promise<void> {
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language, content }))
}
