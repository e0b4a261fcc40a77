import * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import { PreviewNotification, ReviewRequest, type PreviewParameters } from '../../../protocol/src/index'
import { OPEN_AS_JSON, renderOutdatedPage, renderPreviewPage } from './preview-page'
import { createReviews, type Reviews } from './reviews'

/** The server's documents, such as a plan, read-only beside the editor; some of them are waited for, to be read. */
export interface Previews {
  /** Shows what the server sends from now on. */
  serve(client: LanguageClient): vscode.Disposable
  /** With the focus, for who asked for it. */
  show(preview: PreviewParameters): Promise<void>
  /** In the tab that shows an older one of the same, if any; where one is, nothing moves. */
  update(preview: PreviewParameters): Promise<void>
  /** For tests: documents count as read from now on, with nobody there to read them. */
  takeAsRead(): void
}

export const PREVIEW_TYPE = 'prismaAudit.preview'

export function createPreviews(): Previews {
  // What is shown is known by what it is of: a tab never shows what is of another database, nor an older plan beside a newer one.
  const panels = new Map<string, vscode.WebviewPanel>()
  const documents = new Map<string, string>()
  const reviews = createReviews()
  const keepDocument = ({ subject, json }: PreviewParameters) => {
    if (json !== undefined) documents.set(subject, json)
  }
  return {
    show: async (preview) => {
      keepDocument(preview)
      await show(panels, reviews, preview, 'read')
    },
    update: async (preview) => {
      const panel = panels.get(preview.subject)
      if (panel === undefined) return
      keepDocument(preview)
      panel.webview.html = await renderPreviewPage(preview)
    },
    takeAsRead: () => {
      reviews.takeAsRead()
    },
    serve: (client) =>
      vscode.Disposable.from(
        reviews,
        vscode.commands.registerCommand(OPEN_AS_JSON, async (subject: string) => {
          const content = documents.get(subject)
          if (content === undefined) return
          await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'json', content }))
        }),
        client.onNotification(PreviewNotification, async (preview) => {
          await show(panels, reviews, preview, 'beside')
        }),
        client.onRequest(ReviewRequest, async (preview, token) =>
          reviews.wait(await show(panels, reviews, preview, 'read'), preview, token),
        ),
        vscode.window.registerWebviewPanelSerializer(PREVIEW_TYPE, {
          deserializeWebviewPanel: (panel) => {
            panel.webview.options = OPTIONS
            panel.webview.html = renderOutdatedPage(panel.title)
            return Promise.resolve()
          },
        }),
      ),
  }
}

const OPTIONS: vscode.WebviewOptions = {
  enableScripts: false,
  enableCommandUris: ['prismaAudit.preview', 'prismaAudit.verify', OPEN_AS_JSON],
  localResourceRoots: [],
}

async function show(
  panels: Map<string, vscode.WebviewPanel>,
  reviews: Reviews,
  preview: PreviewParameters,
  purpose: 'beside' | 'read',
): Promise<vscode.WebviewPanel> {
  const { title, subject } = preview
  const html = await renderPreviewPage(preview)
  const known = panels.get(subject)
  const panel = known ?? newPanel(panels, reviews, subject, title)
  panel.title = title
  panel.webview.html = html
  // What is to be read gets the focus: keys scroll it, and its buttons show in the title.
  panel.reveal(undefined, purpose === 'beside')
  return panel
}

function newPanel(
  panels: Map<string, vscode.WebviewPanel>,
  reviews: Reviews,
  subject: string,
  title: string,
): vscode.WebviewPanel {
  const panel = vscode.window.createWebviewPanel(
    PREVIEW_TYPE,
    title,
    { viewColumn: columnOf(panels), preserveFocus: true },
    { ...OPTIONS, enableFindWidget: true },
  )
  panels.set(subject, panel)
  panel.onDidDispose(() => {
    panels.delete(subject)
    reviews.closed(panel)
  })
  return panel
}

/** One column beside the editor serves all of them. */
function columnOf(panels: ReadonlyMap<string, vscode.WebviewPanel>): vscode.ViewColumn {
  const [shown] = panels.values()
  return shown?.viewColumn ?? vscode.ViewColumn.Beside
}
