import * as vscode from 'vscode'

/** The pages that are shipped with the extension, readable without access to the repository. */
export function registerDocumentation({ extensionUri }: vscode.ExtensionContext): vscode.Disposable {
  return vscode.commands.registerCommand('prismaAudit.openDocumentation', async () => {
    const chosen = await vscode.window.showQuickPick(pages(), {
      title: vscode.l10n.t('Prisma Audit: Documentation'),
      matchOnDescription: true,
    })
    if (chosen === undefined) return
    await openPage(vscode.Uri.joinPath(extensionUri, chosen.file))
  })
}

function pages(): readonly (vscode.QuickPickItem & { readonly file: string })[] {
  const { t } = vscode.l10n
  return [
    { label: t('Policy'), description: t('Every key of prisma-audit.json'), file: 'docs/policy.md' },
    { label: t('Environments'), description: t('Production, read-only, sandbox'), file: 'docs/environments.md' },
    { label: t('Findings'), description: t('What each finding means, and what to do'), file: 'docs/findings.md' },
    { label: t('Errors'), description: t('Every error code, and what to do next'), file: 'docs/errors.md' },
    {
      label: t('Migration history'),
      description: t("Prisma's migrations and _prisma_migrations"),
      file: 'docs/history.md',
    },
    { label: t('SQL checks'), description: t('What is checked in migration scripts'), file: 'docs/lint.md' },
    { label: t('JSON'), description: t('The formats that the terminal prints'), file: 'docs/json.md' },
    { label: t('Changes'), description: t("What's new"), file: 'CHANGELOG.md' },
  ]
}

/** As source if VS Code's own Markdown support is disabled. */
async function openPage(page: vscode.Uri): Promise<void> {
  try {
    await vscode.commands.executeCommand('markdown.showPreview', page)
  } catch {
    await vscode.window.showTextDocument(page)
  }
}
