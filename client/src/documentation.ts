import * as vscode from 'vscode'

/** The pages that are shipped with the extension, readable without access to the repository. */
export function registerDocumentation({ extensionUri, extensionMode }: vscode.ExtensionContext): vscode.Disposable {
  return vscode.commands.registerCommand('prismaAudit.openDocumentation', async () => {
    const chosen = await vscode.window.showQuickPick(pages(), {
      title: vscode.l10n.t('Prisma Audit: Documentation'),
      placeHolder: vscode.l10n.t('Select a page'),
      matchOnDescription: true,
    })
    if (chosen === undefined) return
    const isPackaged = extensionMode === vscode.ExtensionMode.Production
    const file = chosen.file === CHANGES && !isPackaged ? CHANGES.replace('changelog', 'CHANGELOG') : chosen.file
    await openPage(vscode.Uri.joinPath(extensionUri, file))
  })
}

/** In the package, vsce has named it so; most systems of Linux know no other spelling. */
const CHANGES = 'changelog.md'

function pages(): readonly (vscode.QuickPickItem & { readonly file: string })[] {
  const { t } = vscode.l10n
  return [
    { label: t('Policy'), description: t('Every key of prisma-audit.json'), file: 'docs/policy.md' },
    { label: t('Findings'), description: t('What each finding means, and what to do'), file: 'docs/findings.md' },
    { label: t('Errors'), description: t('Every error code, and what to do next'), file: 'docs/errors.md' },
    { label: t('Environments'), description: t('Production, read-only, sandbox'), file: 'docs/environments.md' },
    { label: t('Backups'), description: t('How they are made, proven and restored'), file: 'docs/backups.md' },
    {
      label: t('Migration history'),
      description: t("Prisma's migrations and _prisma_migrations"),
      file: 'docs/history.md',
    },
    {
      label: t('Filling audit fields'),
      description: t('Who changed a row, in the application'),
      file: 'docs/actor.md',
    },
    {
      label: t('Application code'),
      description: t('Where new fields are added to queries'),
      file: 'docs/application.md',
    },
    { label: t('Application tests'), description: t('Requests to the running application'), file: 'docs/smoke.md' },
    { label: t('SQL checks'), description: t('What is checked in migration scripts'), file: 'docs/lint.md' },
    { label: t('CI'), description: t('GitHub Actions, other systems, hooks'), file: 'docs/ci.md' },
    { label: t('Agents'), description: t('What they can call, and what you confirm'), file: 'docs/agents.md' },
    { label: t('Other editors'), description: t('Neovim, Helix, Emacs and others'), file: 'docs/editors.md' },
    { label: t('JSON'), description: t('The formats that the terminal prints'), file: 'docs/json.md' },
    { label: t('Changes'), description: t("What's new"), file: CHANGES },
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
