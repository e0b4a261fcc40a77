import * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import { PolicyAdviceRequest, type PolicyChoiceValue } from '../../../protocol/src/index'
import type { TargetProject } from '../status/target-project'
import { choosePolicy } from './choose-policy'

/** Guides through the choices of a policy, and has the server write and open it. An existing one is only opened. */
export async function createPolicy(client: LanguageClient, target: TargetProject): Promise<null> {
  const project = await target.choose()
  if (project === null || project === undefined) return null
  const { documentUri } = project
  const ask = (choice: PolicyChoiceValue | null) => client.sendRequest(PolicyAdviceRequest, { documentUri, choice })
  const advice = await ask(null)
  if (advice.existing !== null) {
    await vscode.window.showTextDocument(vscode.Uri.parse(advice.existing))
    return null
  }
  const choice = await choosePolicy(advice, ask)
  if (choice === null) return null
  await vscode.commands.executeCommand('prismaAudit.server.createPolicy', documentUri, choice)
  return null
}
