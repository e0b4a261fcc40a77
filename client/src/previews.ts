import * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import { PreviewNotification, type PreviewParameters } from '../../protocol/src/index'

/** Shows the server's documents, such as a plan, read-only beside the editor. A title shown again replaces its text. */
export function registerPreviews(client: LanguageClient): vscode.Disposable {
  // A rendered document is no open document, so nothing tells when it is closed; there are only a few titles.
  const texts = new Map<string, string>()
  const changed = new vscode.EventEmitter<vscode.Uri>()
  const provider = vscode.workspace.registerTextDocumentContentProvider(PREVIEW_SCHEME, {
    onDidChange: changed.event,
    provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? '',
  })
  const served = client.onNotification(PreviewNotification, async (preview) => {
    const uri = previewUri(preview)
    texts.set(uri.toString(), preview.text)
    changed.fire(uri)
    if (preview.languageId === 'markdown' && (await showRendered(uri))) return
    const document = await vscode.workspace.openTextDocument(uri)
    await vscode.window.showTextDocument(document, {
      viewColumn: vscode.ViewColumn.Beside,
      preserveFocus: true,
      preview: true,
    })
  })
  return vscode.Disposable.from(served, provider, changed)
}

/** By VS Code's own Markdown preview; false where that is switched off. */
async function showRendered(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.commands.executeCommand('markdown.showPreviewToSide', uri)
    return true
  } catch {
    return false
  }
}

const PREVIEW_SCHEME = 'prisma-audit-preview'

/** The extension gives the document its language, and a slash in the title would make a folder of it. */
function previewUri({ title, languageId }: PreviewParameters): vscode.Uri {
  const name = title.replaceAll('/', '∕')
  return vscode.Uri.from({ scheme: PREVIEW_SCHEME, path: `/${name}.${languageId === 'sql' ? 'sql' : 'md'}` })
}
