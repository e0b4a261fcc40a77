import * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import { messageText } from '../message-text'
import { ConfirmRequest, TypeNameRequest, type ConfirmParameters } from '../../../protocol/src/index'
import { typeName } from './type-name'

/** The server's questions, in a modal dialog. */
export interface Confirmation {
  /** Answers the server's requests from now on. */
  serve(client: LanguageClient): vscode.Disposable
  /** For tests: answers questions like this from now on, without a dialog. */
  answerBy(answer: (question: ConfirmParameters) => string | null): void
}

export function createConfirmation(): Confirmation {
  let ask: (question: ConfirmParameters) => Promise<string | null> = askPerson
  let type = typeName
  return {
    serve: (client) =>
      vscode.Disposable.from(
        client.onRequest(ConfirmRequest, (question) => ask(question)),
        client.onRequest(TypeNameRequest, (wanted) => type(wanted)),
      ),
    answerBy: (answer) => {
      ask = (question) => Promise.resolve(answer(question))
      type = () => Promise.resolve(true)
    },
  }
}

/** A choice from many things, and more buttons than a dialog has room for, are shown as a list. */
async function askPerson(question: ConfirmParameters): Promise<string | null> {
  const isList = question.isList === true || question.choices.length > MOST_BUTTONS
  return isList ? await askInList(question) : await askInDialog(question)
}

const MOST_BUTTONS = 3

async function askInList({ message, detail, choices }: ConfirmParameters): Promise<string | null> {
  const items = choices.map(({ id, label }) => ({ id, label }))
  const options = { title: message, placeHolder: detail.split('\n')[0] ?? '', ignoreFocusOut: true }
  return (await vscode.window.showQuickPick(items, options))?.id ?? null
}

async function askInDialog({ message, detail, choices }: ConfirmParameters): Promise<string | null> {
  // A choice that cancels becomes VS Code's own Cancel button, which would otherwise be a second one.
  const items = choices.map(({ id, label, isCancel }) => ({ id, title: label, isCloseAffordance: isCancel === true }))
  const chosen = await vscode.window.showWarningMessage(messageText(message), { modal: true, detail }, ...items)
  return chosen?.id ?? null
}
