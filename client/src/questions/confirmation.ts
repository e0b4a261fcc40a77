import * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import { messageText } from '../message-text'
import { ConfirmRequest, type ConfirmParameters } from '../../../protocol/src/index'

/** The server's questions, asked in a modal dialog. */
export interface Confirmation {
  /** Answers the server's requests from now on. */
  serve(client: LanguageClient): vscode.Disposable
  /** For tests: questions are answered so from now on, with no dialog. */
  answerBy(answer: (question: ConfirmParameters) => string | null): void
}

export function createConfirmation(): Confirmation {
  let ask: (question: ConfirmParameters) => Promise<string | null> = askInDialog
  return {
    serve: (client) => client.onRequest(ConfirmRequest, (question) => ask(question)),
    answerBy: (answer) => {
      ask = (question) => Promise.resolve(answer(question))
    },
  }
}

async function askInDialog({ message, detail, choices }: ConfirmParameters): Promise<string | null> {
  // A choice that stops is VS Code's button to cancel, which would stand beside it otherwise.
  const items = choices.map(({ id, label, isCancel }) => ({ id, title: label, isCloseAffordance: isCancel === true }))
  const chosen = await vscode.window.showWarningMessage(messageText(message), { modal: true, detail }, ...items)
  return chosen?.id ?? null
}
