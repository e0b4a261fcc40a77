import { RequestType } from './message-types'

/**
 * The tools that an agent may call, by the names that the server uses. In VS Code each is a language model tool,
 * `prisma_audit_NAME`.
 */
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
  /** The agent's input as it came; the server validates it strictly. */
  readonly input: unknown
  /** Any document of the project; null: the only project, or the first one. */
  readonly documentUri: string | null
}

export interface AgentToolPreparation {
  /** What the call is doing, for its progress. */
  readonly progress: string
  /** What a person has to confirm before the call; null for a call that only reads. */
  readonly confirmation: {
    readonly title: string
    /** Markdown. */
    readonly message: string
  } | null
}

/** Client → server: returns what to show before a call. Rejects if the call would be refused. */
export const PrepareAgentToolRequest = new RequestType<AgentToolCall, AgentToolPreparation, void>(
  'prismaAudit/prepareAgentTool',
)

export interface AgentToolAnswer {
  /** Marked as data. */
  readonly text: string
  readonly failed: boolean
}

/**
 * Client → server: runs a call. One that writes asks the person with `ConfirmRequest` and `TypeNameRequest`, even if it
 * was confirmed before, because an editor can be configured to confirm automatically.
 */
export const CallAgentToolRequest = new RequestType<AgentToolCall, AgentToolAnswer, void>('prismaAudit/callAgentTool')
