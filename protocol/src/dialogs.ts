import { NotificationType, RequestType, RequestType0 } from 'vscode-languageserver-protocol'

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

/** The id of the change annotation of edits that are offered for review and not likely: our client leaves them unticked. */
export const UNTICKED_ANNOTATION = 'prisma-audit-unticked'
