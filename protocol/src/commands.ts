import { ProgressType, RequestType } from './message-types'
import type { PreviewParameters } from './dialogs'

/** The commands that the server runs, with the titles from package.json. `guided` runs all of them. */
export const COMMAND_TITLES = {
  check: 'Check Schema Against Database',
  backup: 'Back Up Database',
  rehearseRestore: 'Rehearse Restore',
  restore: 'Restore Backup',
  preview: 'Preview Migration',
  previewMissing: 'Preview Migration of Missing Objects',
  rehearse: 'Rehearse Migration',
  migrate: 'Run Migration',
  migrateMissing: 'Run Migration of Missing Objects',
  generate: 'Generate Prisma Client',
  verify: 'Verify Migration',
  rollback: 'Roll Back Migration',
  guided: 'Run Guided Migration',
  actor: 'Fill Audit Fields Automatically',
  smoke: 'Test the Application',
  setEnvironment: 'Set Database Environment',
  startSandbox: 'Start Sandbox Database',
  stopSandbox: 'Stop Sandbox Database',
} as const

export type ServerCommand = keyof typeof COMMAND_TITLES

/** The client's own commands that can be offered when a command has ended. */
export type ClientCommand = 'connect' | 'createPolicy' | 'showCoverage' | 'showProblems' | 'showRunning'

export interface ExecuteParameters {
  readonly command: ServerCommand
  /** Any document of the project (usually its schema); null: the only project, or the first one. */
  readonly documentUri: string | null
  /** The token of the `CommandProgress` notifications. */
  readonly progressToken: string
  /**
   * The backup for `rehearseRestore` and `restore`. Without it, the newest is rehearsed, and the user is asked which
   * one to restore.
   */
  readonly backupUri?: string
}

/** How a command ended. Details are in the output panel; this is the one line for a notification. */
export interface CommandOutcome {
  readonly status: 'done' | 'findings' | 'failed' | 'cancelled'
  readonly message: string
  /** Likely next actions, as buttons of the notification, the likeliest first. */
  readonly next?: readonly { readonly command: ServerCommand | ClientCommand; readonly label: string }[]
  /** Its results, shown when the user asks for them in the notification. */
  readonly report?: PreviewParameters
  /** Where the details are, if they are not in the output panel. */
  readonly storyIn?: 'log'
  /** Whether the document that it opened says the same, so that a notification would be redundant. */
  readonly isShown?: boolean
}

/** Client → server: runs a command. Cancelling the request stops it at the next safe point. */
export const ExecuteRequest = new RequestType<ExecuteParameters, CommandOutcome, void>('prismaAudit/execute')

export interface CommandProgressValue {
  /** Empty: the same as before. */
  readonly message: string
  /** From 0 to 100 for the whole command; omitted if unknown. */
  readonly percentage?: number
  /** The `subject` of the document that it waits for the user to read, so that the message needs a Run link. */
  readonly reviews?: string
  /** Whether it waits for an answer in a dialog. */
  readonly isQuestion?: boolean
}

/** Server → client, with the token of `ExecuteParameters`: what the command is doing now. */
export const CommandProgress = new ProgressType<CommandProgressValue>()
