import { randomUUID } from 'node:crypto'
import * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import { CoverageRequest, type CoverageAnswer } from '../../../protocol/src/index'
import type { ProjectStatuses } from '../status/project-statuses'
import type { TargetProject } from '../status/target-project'
import { tellFailure } from '../report-end'
import { renderCoveragePage } from './coverage-page'

/** The commands of the page that shows which model has which audit field. They have nothing to tell at their end. */
export interface CoverageCommands {
  /** In a tab for each project. */
  readonly show: () => Promise<null>
  /** The tab that is looked at, as its title's button. */
  readonly refresh: () => Promise<null>
}

export function createCoverageCommands({ client, target, statuses, log }: CoverageParts): CoverageCommands {
  const panels = new Map<string, CoveragePanel>()
  const show = async () => {
    const project = await target.choose()
    if (project === null) return null
    const documentUri = project?.documentUri ?? null
    const key = project?.schemaUri ?? ''
    const known = panels.get(key)
    if (known !== undefined) {
      await known.load()
      known.panel.reveal()
      return null
    }
    const ask = () => client.sendRequest(CoverageRequest, { documentUri })
    // Asked before the tab is there: where there is nothing to show, none opens.
    const onChange = (listener: () => void) =>
      statuses.onDidChange((status) => {
        if (status === null || status.schemaUri === key) listener()
      })
    panels.set(key, openPanel(await ask(), { ask, log, onChange, closed: () => panels.delete(key) }))
    return null
  }
  const refresh = async () => {
    for (const { panel, load } of panels.values()) if (panel.active) await load()
    return null
  }
  return { show, refresh }
}

export interface CoverageParts {
  readonly client: LanguageClient
  readonly target: TargetProject
  readonly statuses: ProjectStatuses
  readonly log: vscode.LogOutputChannel
}

interface CoveragePanel {
  readonly panel: vscode.WebviewPanel
  /** Asks again, and shows what it is now. */
  readonly load: () => Promise<void>
}

interface PanelParts {
  readonly log: vscode.LogOutputChannel
  readonly ask: () => Promise<CoverageAnswer>
  /** Calls after each change of the project: of its schema, its policy, its database. */
  readonly onChange: (listener: () => void) => vscode.Disposable
  readonly closed: () => void
}

function openPanel(first: CoverageAnswer, { ask, log, onChange, closed }: PanelParts): CoveragePanel {
  const panel = vscode.window.createWebviewPanel(COVERAGE_TYPE, first.title, vscode.ViewColumn.Active, {
    enableScripts: true,
    enableFindWidget: true,
    localResourceRoots: [],
  })
  let shown = first
  const show = (answer: CoverageAnswer) => {
    shown = answer
    panel.title = answer.title
    panel.webview.html = renderCoveragePage(answer, {
      t: vscode.l10n.t,
      language: vscode.env.language,
      nonce: randomUUID(),
    })
  }
  const load = async () => {
    show(await ask())
  }
  // Typing changes much many times a second; what nobody looks at waits until somebody does.
  let timer: NodeJS.Timeout | undefined
  let isOutdated = false
  const follow = async () => {
    timer = undefined
    if (!panel.visible) return
    isOutdated = false
    // Where the server does not answer, the page stays as it is, and Refresh says why.
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

/** What the page's script posts: places in the answer, so that a page can open nothing else. */
interface PageMessage {
  readonly action: 'refresh' | 'markdown' | 'svg' | 'open'
  readonly row?: number
  readonly cell?: number
}

/** Beside the page; with the quick fixes that there are, where something is missing. */
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
