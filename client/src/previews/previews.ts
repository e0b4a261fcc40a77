import * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import { PreviewNotification, ReviewRequest, type PreviewParameters } from '../../../protocol/src/index'
import { renderOutdatedPage, renderPreviewPage } from './preview-page'
import { createReviews, type Reviews } from './reviews'

/** The server's documents, such as a plan, read-only beside the editor; some of them are waited for, to be read. */
export interface Previews {
  /** Shows what the server sends from now on. */
  serve(client: LanguageClient): vscode.Disposable
  /** With the focus, for who asked for it. */
  show(preview: PreviewParameters): Promise<void>
  /** For tests: documents count as read from now on, with nobody there to read them. */
  takeAsRead(): void
}

export const PREVIEW_TYPE = 'prismaAudit.preview'

export function createPreviews(): Previews {
  // What is shown is known by what it is of: a tab never shows what is of another database, nor an older plan beside a newer one.
  const panels = new Map<string, vscode.WebviewPanel>()
  const reviews = createReviews()
  return {
    show: async (preview) => {
      await show(panels, reviews, preview, 'read')
    },
    takeAsRead: () => {
      reviews.takeAsRead()
    },
    serve: (client) =>
      vscode.Disposable.from(
        reviews,
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
  enableCommandUris: ['prismaAudit.preview'],
  localResourceRoots: [],
}

async function show(
  panels: Map<string, vscode.WebviewPanel>,
  reviews: Reviews,
  { title, subject, text }: PreviewParameters,
  purpose: 'beside' | 'read',
): Promise<vscode.WebviewPanel> {
  const html = await renderPreviewPage(title, text)
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
