import { randomUUID } from 'node:crypto'
import * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import { CoverageRequest, type CoverageAnswer } from '../../../protocol/src/index'
import type { TargetProject } from '../status/target-project'
import { tellFailure } from '../report-end'
import { renderCoveragePage } from './coverage-page'

/**
 * The command that shows which model has which audit field, in a tab for each project. It has nothing to tell at its end.
 */
export function createShowCoverage({ client, target, log }: CoverageParts): () => Promise<null> {
  const panels = new Map<string, CoveragePanel>()
  return async () => {
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
}

export interface CoverageParts {
  readonly client: LanguageClient
  readonly target: TargetProject
  readonly log: vscode.LogOutputChannel
}

interface CoveragePanel {
  readonly panel: vscode.WebviewPanel
  /** Asks again, and shows what it is now. */
  load(): Promise<void>
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
