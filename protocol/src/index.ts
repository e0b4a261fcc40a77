import { NotificationType, ProgressType, RequestType, RequestType0 } from 'vscode-languageserver-protocol'

/** Settings under `prismaAudit.` in VS Code; the server asks for them with `workspace/configuration`. */
export interface Settings {
  /** The schema, a file or a folder, relative to the workspace folder; empty: found as Prisma finds it. */
  readonly schema: string
  /** The policy file, relative to the workspace folder; empty: `prisma-audit.json` at the project's root. */
  readonly policyFile: string
  /** Where backups are written, relative to the project's root; empty: `backups`. */
  readonly backupDirectory: string
  /** A `pg_dump` to use before all others that are found; empty: the best one installed. */
  readonly pgDumpPath: string
  /** Does a migration leave its SQL in the project, and record it in Prisma's history where there is one? */
  readonly migrationFiles: boolean
  /** Whether the guided run rehearses the migration before it backs up. */
  readonly rehearse: boolean
  /** An empty database to rehearse in; empty: an embedded PostgreSQL. */
  readonly scratchDatabaseUrl: string
  /** Seconds between looks at the live catalog while the editor is in use; 0 turns them off. */
  readonly catalogRefreshSeconds: number
  /** Is it shown above each model how it stands? */
  readonly codeLens: boolean
  /** Is the database's type shown beside a field whose column differs? */
  readonly inlayHints: boolean
}

export const SETTINGS_SECTION = 'prismaAudit'

export const DEFAULT_SETTINGS: Settings = {
  schema: '',
  policyFile: '',
  backupDirectory: '',
  pgDumpPath: '',
  migrationFiles: true,
  rehearse: false,
  scratchDatabaseUrl: '',
  catalogRefreshSeconds: 30,
  codeLens: true,
  inlayHints: false,
}

/** `initializationOptions`. All but `client` are public, for editors without our client. */
export interface InitializationOptions {
  readonly databaseUrl?: string
  readonly policyFile?: string
  /** Public, too: as the settings of the same names. */
  readonly codeLens?: boolean
  readonly inlayHints?: boolean
  /** Set by our client: it answers the server's requests below and shows its notifications. */
  readonly client?: {
    /** False in a workspace that the user does not trust: nothing is connected to or run. */
    readonly trusted: boolean
    /** Is Prisma's own extension installed? Then it reports syntax errors, and we do not. */
    readonly prismaExtensionInstalled: boolean
  }
}

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

/** What a dialog shows fits one: the message and at most four lines, none of them long. */
export interface ConfirmParameters {
  readonly message: string
  readonly detail: string
  /** The buttons, in their order. The dialog is modal; it gets a button to cancel where none of these is it. */
  readonly choices: readonly {
    readonly id: string
    readonly label: string
    /** Is it what closing the dialog means? */
    readonly isCancel?: boolean
  }[]
  /** Are the choices things of one kind, of which one is wanted? Then they are a list, and the dialog is none. */
  readonly isList?: true
}

/** Server → client: ask the user in a modal dialog. Answers the chosen id, or null when it was cancelled. */
export const ConfirmRequest = new RequestType<ConfirmParameters, string | null, void>('prismaAudit/confirm')

export interface TypeNameParameters {
  readonly name: string
  /** What it is typed for. */
  readonly message: string
  /** It is production, everything in it or some rows are replaced, or an agent asks. */
  readonly because: 'production' | 'replaced' | 'rows' | 'agent'
}

/**
 * Server → client: have the user type the name of the database that is about to be written to. Answers true only for exactly
 * that name, and false when the user turned away.
 */
export const TypeNameRequest = new RequestType<TypeNameParameters, boolean, void>('prismaAudit/typeName')

/** Server → client: append to the output panel. `reveal` brings the panel to the front without taking the focus. */
export const OutputNotification = new NotificationType<{ readonly text: string; readonly reveal?: boolean }>(
  'prismaAudit/output',
)

/** Server → client: save these open documents, after an edit that a tool on the disk (prisma generate) is to see. */
export const SaveDocumentsRequest = new RequestType<{ readonly uris: readonly string[] }, boolean, void>(
  'prismaAudit/saveDocuments',
)

/** Server → client: the documents that are open and not saved, whatever their language. */
export const UnsavedDocumentsRequest = new RequestType0<
  readonly { readonly uri: string; readonly text: string }[],
  void
>('prismaAudit/unsavedDocuments')

export interface PreviewParameters {
  /** `Migration: crm`. */
  readonly title: string
  /** What it is of. A later one of the same subject takes its place; one of another stands beside it. */
  readonly subject: string
  /** Markdown. */
  readonly text: string
  /** The same for programs. */
  readonly json?: string
  /** The command that makes it afresh, for the project with this `schemaUri`. */
  readonly again?: { readonly command: 'verify'; readonly schemaUri: string }
}

/** Server → client: show a read-only document. */
export const PreviewNotification = new NotificationType<PreviewParameters>('prismaAudit/preview')

/**
 * Server → client: show a document and let it be read, with no dialog in front of it. Answers whether to go on to the
 * question; cancelling the request withdraws it.
 */
export const ReviewRequest = new RequestType<PreviewParameters, boolean, void>('prismaAudit/review')

export type ConnectionState =
  /** No URL was found. */
  | 'none'
  | 'connecting'
  | 'connected'
  /** The server did not answer; tried again with growing pauses. */
  | 'unreachable'
  /** The password or the role was refused; not tried again before the user acts. */
  | 'refused'
  /** The workspace is not trusted, so nothing is connected to. */
  | 'untrusted'

export interface ProjectStatus {
  /** The project's root, as a URI. */
  readonly rootUri: string
  /** The schema, a file or a folder: what the project is told from others by. */
  readonly schemaUri: string
  /** A document of the schema: what a request names the project by. */
  readonly documentUri: string
  /** What the project is called: its folder in the workspace. */
  readonly name: string
  readonly policy: 'valid' | 'none' | 'invalid'
  /** Does the database's journal hold a migration of the project, or a rollback, that broke off? */
  readonly hasUnfinishedMigration: boolean
  readonly connection: ConnectionState
  /** `app on localhost:5432`, never with a password; empty where no URL was found. */
  readonly databaseLabel: string
  /** What the database is; `remote` where nobody has said it yet, null where it is not known. */
  readonly environment: 'sandbox' | 'local' | 'development' | 'staging' | 'production' | 'remote' | null
  /** Will no command write to it? */
  readonly isReadOnly: boolean
  /** What to tell the user about the state: the error's sentences, or where the URL came from. */
  readonly detail: string
  /** When the catalog was last read, milliseconds since 1970; null before the first reading. */
  readonly catalogReadAt: number | null
  readonly findings: {
    readonly error: number
    readonly warning: number
    readonly information: number
    readonly hint: number
  }
}

/** Server → client: a project's state changed; the client's status item shows it. */
export const StatusNotification = new NotificationType<ProjectStatus>('prismaAudit/status')

/**
 * Server → client: the projects that are open now, by their `schemaUri`; those of the workspace's folders once at the start.
 * What was told of all others holds no longer.
 */
export const ProjectsNotification = new NotificationType<{ readonly schemaUris: readonly string[] }>(
  'prismaAudit/projects',
)

/** Server → client: the URL that the user stored for the project with Connect to Database, or null. */
export const StoredDatabaseUrlRequest = new RequestType<{ readonly rootUri: string }, string | null, void>(
  'prismaAudit/storedDatabaseUrl',
)

export interface ConnectParameters {
  /** Any document of the project; null: the only project, or the first one. */
  readonly documentUri: string | null
  /** To try; null forgets the stored one. */
  readonly url: string | null
}

export interface ConnectAnswer {
  /** The project that the URL belongs to: the key under which the client stores it. */
  readonly rootUri: string
  readonly connected: boolean
  /** The database and its host, or what went wrong and what to do. */
  readonly message: string
}

/** Client → server: use this URL from now on. It is tried once; the client stores it only when it connected. */
export const ConnectRequest = new RequestType<ConnectParameters, ConnectAnswer, void>('prismaAudit/connect')

/** What Show Coverage shows. Texts are single lines without control characters; no markup is escaped in them. */
export interface CoverageAnswer {
  readonly title: string
  readonly summary: string
  /** What is not known, or not required, and why. */
  readonly notes: readonly string[]
  readonly counts: readonly { readonly state: CoverageState; readonly symbol: string; readonly count: number }[]
  readonly fields: readonly string[]
  readonly models: readonly {
    readonly name: string
    readonly uri: string
    readonly line: number
    /** One for each of `fields`. */
    readonly cells: readonly CoverageCellAnswer[]
  }[]
  /** The same as documents to keep. */
  readonly markdown: string
  readonly svg: string
}

export type CoverageState = 'complete' | 'partial' | 'missing' | 'unknown' | 'ignored' | 'not required'

export interface CoverageCellAnswer {
  readonly state: CoverageState
  readonly symbol: string
  /** Schema, column, key, index and trigger, those that are required. */
  readonly parts: readonly CoveragePartAnswer[]
  /** Who fills the column, or why it is ignored; empty where nothing is known. */
  readonly detail: string
  readonly line: number
}

export interface CoveragePartAnswer {
  readonly name: 'schema' | 'column' | 'key' | 'index' | 'trigger'
  readonly state: 'present' | 'missing' | 'faulty' | 'unknown'
  readonly symbol: string
}

/** Client → server: the audit fields of a project's models, as the latest look at its database has them. */
export const CoverageRequest = new RequestType<{ readonly documentUri: string | null }, CoverageAnswer, void>(
  'prismaAudit/coverage',
)

/** What a person chose for a policy: the models that must have each audit field. */
export interface PolicyChoiceValue {
  /** Null where no model holds the users. */
  readonly userModel: string | null
  readonly fields: Readonly<Record<string, readonly string[]>>
}

export interface PolicyAdviceAnswer {
  /** Is there a policy, so that none can be created? */
  readonly exists: boolean
  readonly fields: readonly { readonly name: string; readonly meaning: string; readonly refersToUsers: boolean }[]
  /** The likeliest first. */
  readonly userModels: readonly { readonly name: string; readonly isLikely: boolean }[]
  readonly models: readonly {
    readonly name: string
    /** What it looks like, in words; empty where there is nothing to say. */
    readonly looksLike: string
    readonly present: readonly string[]
    readonly suggested: readonly string[]
  }[]
  /** How many warnings the choice would give now; null without one. */
  readonly warnings: number | null
}

/** Client → server: which models look like what, for a policy that is to be created; and what a choice would find. */
export const PolicyAdviceRequest = new RequestType<
  { readonly documentUri: string | null; readonly choice: PolicyChoiceValue | null },
  PolicyAdviceAnswer,
  void
>('prismaAudit/policyAdvice')

/** Client → server: the user has trusted the workspace. */
export const TrustGrantedNotification = new NotificationType<void>('prismaAudit/trustGranted')

/** Client → server: the window got the focus back, so the database may have changed meanwhile. */
export const WindowFocusedNotification = new NotificationType<void>('prismaAudit/windowFocused')

export * from './agents'
export * from './backups'
export * from './checks'
export * from './checklist'
export * from './run-stages'

/** The id of the change annotation of edits that are offered for review and not likely: our client leaves them unticked. */
export const UNTICKED_ANNOTATION = 'prisma-audit-unticked'
