import { RequestType } from 'vscode-languageserver-protocol'

/** What an agent may call, by the names that the server knows. In VS Code each is a language model tool, `prisma_audit_NAME`. */
export const AGENT_TOOL_NAMES = [
  'check',
  'explain_finding',
  'plan',
  'rehearse',
  'verify',
  'coverage',
  'backups',
  'migrate',
  'roll_back',
] as const

export interface AgentToolCall {
  readonly tool: (typeof AGENT_TOOL_NAMES)[number]
  /** As the agent gave it; the server reads it strictly. */
  readonly input: unknown
  /** Any document of the project; null: the only project, or the first one. */
  readonly documentUri: string | null
}

export interface AgentToolPreparation {
  /** What the call does, while it does it. */
  readonly progress: string
  /** What a person has to agree to before the call; null for one that only reads. */
  readonly confirmation: {
    readonly title: string
    /** Markdown. */
    readonly message: string
  } | null
}

/** Client → server: what is shown before a call. Rejects where it would be refused. */
export const PrepareAgentToolRequest = new RequestType<AgentToolCall, AgentToolPreparation, void>(
  'prismaAudit/prepareAgentTool',
)

export interface AgentToolAnswer {
  /** Marked as data. */
  readonly text: string
  readonly failed: boolean
}

/**
 * Client → server: a call. One that writes asks the person by `ConfirmRequest` and `TypeNameRequest`, whatever was confirmed
 * before: an editor can be told to confirm by itself.
 */
export const CallAgentToolRequest = new RequestType<AgentToolCall, AgentToolAnswer, void>('prismaAudit/callAgentTool')
