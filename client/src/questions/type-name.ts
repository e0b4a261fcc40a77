import * as vscode from 'vscode'

/** Has the name of a production database typed. Enter is taken only for exactly that name. */
export async function typeName({
  name,
  message,
}: {
  readonly name: string
  readonly message: string
}): Promise<boolean> {
  const typed = await vscode.window.showInputBox({
    title: message,
    prompt: vscode.l10n.t('This is a production database. Type its name to continue: {0}', name),
    placeHolder: name,
    ignoreFocusOut: true,
    validateInput: (text) =>
      text === name ? undefined : vscode.l10n.t('Type {0}, the name of the production database.', name),
  })
  return typed === name
}
