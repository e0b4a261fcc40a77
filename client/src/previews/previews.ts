import * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import { PreviewNotification, ReviewRequest, type PreviewParameters } from '../../../protocol/src/index'
import { OPEN_AS_JSON, renderOutdatedPage, renderPreviewPage, type PreviewPage } from './preview-page'
import { createReviews, type Reviews } from './reviews'

/** The server's documents, such as a plan, in read-only tabs; for some of them a command waits until they are read. */
export interface Previews {
  /** Shows what the server sends from now on. */
  serve(client: LanguageClient): vscode.Disposable
  /** Takes the focus, because the user asked for it. */
  show(preview: PreviewParameters): Promise<void>
  /** Reuses the tab of an older document of the same subject, if any, without moving it. */
  update(preview: PreviewParameters): Promise<void>
  /** False if no tab shows that subject. */
  reveal(subject: string): boolean
  /** For tests: documents count as read from now on, because no person reads them. */
  takeAsRead(): void
}

export const PREVIEW_TYPE = 'prismaAudit.preview'

export function createPreviews(): Previews {
  // Documents are identified by their subject, so that a tab never shows another database, nor an older plan next to a
  // newer one.
  const shown = new Map<string, ShownPreview>()
  const documents = new Map<string, string>()
  const reviews = createReviews()
  const keepDocument = ({ subject, json }: PreviewParameters) => {
    if (json !== undefined) documents.set(subject, json)
  }
  return {
    show: async (preview) => {
      keepDocument(preview)
      await show(shown, reviews, preview)
    },
    update: async (preview) => {
      const tab = shown.get(preview.subject)
      if (tab === undefined) return
      keepDocument(preview)
      fill(tab, preview.title, await renderPreviewPage(preview))
    },
    reveal: (subject) => {
      const tab = shown.get(subject)
      tab?.panel.reveal()
      return tab !== undefined
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
          await show(shown, reviews, preview)
        }),
        client.onRequest(ReviewRequest, async (preview, token) =>
          reviews.wait(await show(shown, reviews, preview), preview.subject, token),
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

/** A tab, and the parts that its page may still request. */
interface ShownPreview {
  readonly panel: vscode.WebviewPanel
  parts: readonly string[]
}

async function show(
  shown: Map<string, ShownPreview>,
  reviews: Reviews,
  preview: PreviewParameters,
): Promise<vscode.WebviewPanel> {
  const tab = shown.get(preview.subject) ?? newTab(shown, reviews, preview)
  // A document for review gets the focus, so that keys scroll it and its buttons appear in the title. Immediately,
  // because a long page takes time, and the focus would later be taken from what the user has started by then.
  tab.panel.reveal()
  fill(tab, preview.title, await renderPreviewPage(preview))
  return tab.panel
}

function fill(tab: ShownPreview, title: string, { html, parts }: PreviewPage): void {
  const { panel } = tab
  tab.parts = parts
  panel.title = title
  const enableScripts = parts.length > 0
  if (panel.webview.options.enableScripts !== enableScripts) panel.webview.options = { ...OPTIONS, enableScripts }
  panel.webview.html = html
}

function newTab(
  shown: Map<string, ShownPreview>,
  reviews: Reviews,
  { subject, title }: PreviewParameters,
): ShownPreview {
  const panel = vscode.window.createWebviewPanel(
    PREVIEW_TYPE,
    title,
    { viewColumn: columnOf(shown), preserveFocus: true },
    { ...OPTIONS, enableFindWidget: true },
  )
  const tab: ShownPreview = { panel, parts: [] }
  shown.set(subject, tab)
  panel.webview.onDidReceiveMessage(({ part }: { readonly part: number }) => {
    const html = tab.parts[part]
    if (html !== undefined) void panel.webview.postMessage({ part, html })
  })
  panel.onDidDispose(() => {
    shown.delete(subject)
    reviews.closed(panel)
  })
  return tab
}

/**
 * In the column where the user moved one; otherwise in the active one, because a page of tables needs the full width.
 */
function columnOf(shown: ReadonlyMap<string, ShownPreview>): vscode.ViewColumn {
  const [first] = shown.values()
  return first?.panel.viewColumn ?? vscode.ViewColumn.Active
}
