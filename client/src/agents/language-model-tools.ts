import * as vscode from 'vscode'
import type { LanguageClient } from 'vscode-languageclient/node'
import {
  AGENT_TOOL_NAMES,
  CallAgentToolRequest,
  PrepareAgentToolRequest,
  type AgentToolCall,
  type ServerCommand,
} from '../../../protocol/src/index'
import type { RunningCommands } from '../runs/running-commands'
import type { TargetProject } from '../status/target-project'

/**
 * Registers the tools for language models. VS Code confirms a call that writes, showing the SQL, and the server then
 * asks for the name of the database, because VS Code can be configured to confirm automatically.
 */
export function registerAgentTools(
  client: LanguageClient,
  target: TargetProject,
  running: RunningCommands,
): vscode.Disposable {
  return vscode.Disposable.from(
    ...AGENT_TOOL_NAMES.map((name) =>
      vscode.lm.registerTool(`prisma_audit_${name}`, createTool(name, { client, target, running })),
    ),
  )
}

function createTool(
  tool: AgentToolCall['tool'],
  { client, target, running }: ToolParts,
): vscode.LanguageModelTool<object> {
  const projectOfCall = async () => {
    if (!vscode.workspace.isTrusted) throw new Error(vscode.l10n.t('The workspace is not trusted.'))
    const project = await target.choose()
    if (project === null) throw new vscode.CancellationError()
    return project
  }
  return {
    async prepareInvocation({ input }, token) {
      const call = { tool, input, documentUri: (await projectOfCall())?.documentUri ?? null }
      const { progress, confirmation } = await client.sendRequest(PrepareAgentToolRequest, call, token)
      if (confirmation === null) return { invocationMessage: progress }
      const { title, message } = confirmation
      return {
        invocationMessage: progress,
        confirmationMessages: { title, message: new vscode.MarkdownString(message) },
      }
    },
    async invoke({ input }, token) {
      const project = await projectOfCall()
      const call = { tool, input, documentUri: project?.documentUri ?? null }
      const command = COMMANDS[tool]
      const begun = command === undefined ? undefined : running.begin(project?.schemaUri ?? '', command, token)
      try {
        const { text } = await client.sendRequest(CallAgentToolRequest, call, begun?.token ?? token)
        return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)])
      } finally {
        begun?.dispose()
      }
    },
  }
}

interface ToolParts {
  readonly client: LanguageClient
  readonly target: TargetProject
  readonly running: RunningCommands
}

/** The command that does the same, for the tools that take time: the status bar shows it. */
const COMMANDS: Readonly<Partial<Record<AgentToolCall['tool'], ServerCommand>>> = {
  check: 'check',
  plan: 'preview',
  rehearse: 'rehearse',
  verify: 'verify',
  migrate: 'migrate',
  roll_back: 'rollback',
}
