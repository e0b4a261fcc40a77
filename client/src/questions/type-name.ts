import * as vscode from 'vscode'
import type { TypeNameParameters } from '../../../protocol/src/index'

/** Asks for the name of a database; accepts only exactly that name. */
export async function typeName({ name, message, because }: TypeNameParameters): Promise<boolean> {
  const prompt = promptFor(because, name)
  const typed = await vscode.window.showInputBox({
    title: message,
    prompt,
    placeHolder: name,
    ignoreFocusOut: true,
    // Its message takes the place of the prompt, and what the prompt warns of must stay.
    validateInput: (text) => (text === name ? undefined : prompt),
  })
  return typed === name
}

function promptFor(because: TypeNameParameters['because'], name: string): string {
  switch (because) {
    case 'production':
      return vscode.l10n.t('This is a production database. Type its name to continue: {0}', name)
    case 'replaced':
      return vscode.l10n.t('Everything in this database is replaced. Type its name to continue: {0}', name)
    case 'rows':
      return vscode.l10n.t('Rows in this database are replaced. Type its name to continue: {0}', name)
    case 'agent':
      return vscode.l10n.t('An agent requested this. To allow it, type the name of the database: {0}', name)
  }
}
