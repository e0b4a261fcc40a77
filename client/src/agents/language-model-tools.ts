import * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import {
  AGENT_TOOL_NAMES,
  CallAgentToolRequest,
  PrepareAgentToolRequest,
  type AgentToolCall,
} from '../../../protocol/src/index'
import type { TargetProject } from '../status/target-project'

/**
 * Registers the tools for language models. VS Code confirms a call that writes, showing the SQL, and the server then
 * asks for the name of the database, because VS Code can be configured to confirm automatically.
 */
export function registerAgentTools(client: LanguageClient, target: TargetProject): vscode.Disposable {
  return vscode.Disposable.from(
    ...AGENT_TOOL_NAMES.map((name) => vscode.lm.registerTool(`prisma_audit_${name}`, createTool(name, client, target))),
  )
}

function createTool(
  tool: AgentToolCall['tool'],
  client: LanguageClient,
  target: TargetProject,
): vscode.LanguageModelTool<object> {
  const callOf = async (input: object): Promise<AgentToolCall> => {
    if (!vscode.workspace.isTrusted) throw new Error(vscode.l10n.t('The workspace is not trusted.'))
    const project = await target.choose()
    if (project === null) throw new vscode.CancellationError()
    return { tool, input, documentUri: project?.documentUri ?? null }
  }
  return {
    async prepareInvocation({ input }, token) {
      const call = await callOf(input)
      const { progress, confirmation } = await client.sendRequest(PrepareAgentToolRequest, call, token)
      if (confirmation === null) return { invocationMessage: progress }
      const { title, message } = confirmation
      return {
        invocationMessage: progress,
        confirmationMessages: { title, message: new vscode.MarkdownString(message) },
      }
    },
    async invoke({ input }, token) {
      const { text } = await client.sendRequest(CallAgentToolRequest, await callOf(input), token)
      return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)])
    },
  }
}
