import * as vscode from 'vscode'

/** The pages that come with the extension: they can be read where the repository cannot. */
export function registerDocumentation({ extensionUri }: vscode.ExtensionContext): vscode.Disposable {
  return vscode.commands.registerCommand('prismaAudit.openDocumentation', async () => {
    const chosen = await vscode.window.showQuickPick(PAGES, {
      title: 'Prisma Audit: Documentation',
      matchOnDescription: true,
    })
    if (chosen === undefined) return
    await openPage(vscode.Uri.joinPath(extensionUri, chosen.file))
  })
}

const PAGES = [
  { label: 'Policy', description: 'Every key of prisma-audit.json', file: 'docs/policy.md' },
  { label: 'Findings', description: 'What each finding means, and what to do', file: 'docs/findings.md' },
  { label: 'Errors', description: 'Every error code, and what to do next', file: 'docs/errors.md' },
  { label: 'Migration history', description: "Prisma's migrations and _prisma_migrations", file: 'docs/history.md' },
  { label: 'SQL checks', description: 'What is checked in migration scripts', file: 'docs/lint.md' },
  { label: 'JSON', description: 'The formats that the terminal prints', file: 'docs/json.md' },
  { label: 'Changes', description: 'What is new', file: 'CHANGELOG.md' },
]

/** As source where VS Code's own Markdown support is switched off. */
async function openPage(page: vscode.Uri): Promise<void> {
  try {
    await vscode.commands.executeCommand('markdown.showPreview', page)
  } catch {
    await vscode.window.showTextDocument(page)
  }
}
