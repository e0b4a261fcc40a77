import { ProgressType, RequestType } from 'vscode-languageserver-protocol'
import type { PreviewParameters } from './dialogs'

/** The commands that the server carries out, with the titles that package.json contributes. `guided` is all of them in one run. */
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

/** Commands of the client's own that a command's end can offer. */
export type ClientCommand = 'connect' | 'createPolicy' | 'showCoverage'

export interface ExecuteParameters {
  readonly command: ServerCommand
  /** Any document of the project (its schema, usually); null: the only project, or the first one. */
  readonly documentUri: string | null
  /** Under which `CommandProgress` is sent. */
  readonly progressToken: string
  /** Of `rehearseRestore` and `restore`: which backup. Without it the newest is rehearsed, and the person asked which to restore. */
  readonly backupUri?: string
}

/** How a command ended. What it found and did stands in the output panel; this is the one line for a notification. */
export interface CommandOutcome {
  readonly status: 'done' | 'findings' | 'failed' | 'cancelled'
  readonly message: string
  /** What one would want next, as buttons of the notification, the likeliest first. */
  readonly next?: readonly { readonly command: ServerCommand | ClientCommand; readonly label: string }[]
  /** What it found, to be shown where the notification is asked for it. */
  readonly report?: PreviewParameters
  /** Does the document that it has shown say the same, so that a notification beside it would be one too many? */
  readonly isShown?: boolean
}

/** Client → server: carry out a command. Cancelling the request stops it at the next safe point. */
export const ExecuteRequest = new RequestType<ExecuteParameters, CommandOutcome, void>('prismaAudit/execute')

export interface CommandProgressValue {
  readonly message: string
  /** 0 to 100 over the whole command; absent where it is not known. */
  readonly percentage?: number
  /** Does it wait until the user has read a document, so that Run belongs beside the message? */
  readonly isReview?: boolean
}

/** Server → client, on the token of `ExecuteParameters`: what the command is doing now. */
export const CommandProgress = new ProgressType<CommandProgressValue>()
