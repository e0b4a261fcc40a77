import * as vscode from 'vscode'
import type { CommandOutcome } from '../../protocol/src/index'
import type { TargetProject } from './status/target-project'

/** Has the server create the policy and open it. One that is there already stays as it is. */
export async function createPolicy(target: TargetProject): Promise<CommandOutcome | null> {
  const project = await target.choose()
  if (project === null || project === undefined) return null
  if (project.policy !== 'none') {
    return { status: 'done', message: vscode.l10n.t('{0} already has an audit policy.', project.name) }
  }
  await vscode.commands.executeCommand('prismaAudit.server.createPolicy', project.documentUri)
  return null
}
