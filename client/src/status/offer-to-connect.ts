import * as vscode from 'vscode'
import type { ProjectStatus } from '../../../protocol/src/index'
import { messageText } from '../message-text'
import type { ProjectStatuses } from './project-statuses'
import { Refusals } from './refusals'

/**
 * The only notification that no user action causes: a server rejected the login, and is not tried again until the user
 * acts. It is shown once per rejection, and never again for a project if the user does not want it; the status bar says
 * the same.
 */
export function offerToConnectOnRefusal(statuses: ProjectStatuses, state: vscode.Memento): vscode.Disposable {
  const refusals = new Refusals()
  return statuses.onDidChange((status) => {
    if (status === null || !refusals.isNew(status)) return
    if (!quietOnes(state).includes(status.schemaUri)) void offer(status, state)
  })
}

async function offer({ databaseLabel, detail, schemaUri }: ProjectStatus, state: vscode.Memento): Promise<void> {
  const message = detail === '' ? vscode.l10n.t('{0} refused the connection.', databaseLabel) : detail
  const connect = vscode.l10n.t('Connect to Database…')
  const never = vscode.l10n.t("Don't Show Again")
  const button = await vscode.window.showErrorMessage(messageText(message), connect, never)
  if (button === connect) await vscode.commands.executeCommand('prismaAudit.connect')
  else if (button === never) await state.update(QUIET, [...quietOnes(state), schemaUri])
}

function quietOnes(state: vscode.Memento): readonly string[] {
  return state.get<readonly string[]>(QUIET, [])
}

const QUIET = 'prismaAudit.quietRefusals'
