import { randomUUID } from 'node:crypto'
import * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import { CoverageRequest, type CoverageAnswer } from '../../../protocol/src/index'
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

export function createCoverageCommands({ client, target, log }: CoverageParts): CoverageCommands {
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
    panels.set(key, openPanel(await ask(), { ask, log, closed: () => panels.delete(key) }))
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
  readonly closed: () => void
}

function openPanel(first: CoverageAnswer, { ask, log, closed }: PanelParts): CoveragePanel {
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
  panel.onDidDispose(closed)
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

export const COVERAGE_TYPE = 'prismaAudit.coverage'

/** What the page's script posts: places in the answer, so that a page can open nothing else. */
interface PageMessage {
  readonly action: 'refresh' | 'markdown' | 'svg' | 'open'
  readonly row?: number
  readonly cell?: number
}

async function openPlace({ models }: CoverageAnswer, { row = -1, cell = -1 }: PageMessage): Promise<void> {
  const model = models[row]
  if (model === undefined) return
  const line = model.cells[cell]?.line ?? model.line
  const selection = new vscode.Range(line, 0, line, 0)
  await vscode.window.showTextDocument(vscode.Uri.parse(model.uri), { selection })
}

async function openText(language: string, content: string): Promise<void> {
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language, content }))
}
