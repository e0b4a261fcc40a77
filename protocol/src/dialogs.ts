import { NotificationType, RequestType, RequestType0 } from './message-types'

/** The content of a dialog, which must fit: the message and at most four short lines. */
export interface ConfirmParameters {
  readonly message: string
  readonly detail: string
  /** The buttons, in order. The dialog is modal and gets a Cancel button if none of these closes it. */
  readonly choices: readonly {
    readonly id: string
    readonly label: string
    /** Whether closing the dialog means this choice. */
    readonly isCancel?: boolean
  }[]
  /** Whether one of several similar things is to be chosen. They are then shown as a list instead of a dialog. */
  readonly isList?: true
}

/** Server → client: asks the user in a modal dialog. Returns the chosen id, or null if cancelled. */
export const ConfirmRequest = new RequestType<ConfirmParameters, string | null, void>('prismaAudit/confirm')

export interface TypeNameParameters {
  readonly name: string
  /** The reason for typing the name. */
  readonly message: string
  /** The database is production, all or some of its rows are replaced, or an agent asks. */
  readonly because: 'production' | 'replaced' | 'rows' | 'agent'
}

/**
 * Server → client: has the user type the name of the database that will be written to. Returns true only for exactly
 * that name, and false if the user cancelled.
 */
export const TypeNameRequest = new RequestType<TypeNameParameters, boolean, void>('prismaAudit/typeName')

/** Server → client: appends to the output panel. `reveal` shows the panel without focusing it. */
export const OutputNotification = new NotificationType<{ readonly text: string; readonly reveal?: boolean }>(
  'prismaAudit/output',
)

/** Server → client: saves these open documents after an edit, for tools that read the disk (prisma generate). */
export const SaveDocumentsRequest = new RequestType<{ readonly uris: readonly string[] }, boolean, void>(
  'prismaAudit/saveDocuments',
)

export interface UnsavedDocument {
  readonly uri: string
  readonly version: number
  readonly text: string
}

/** Server → client: returns the open documents with unsaved changes, of any language. */
export const UnsavedDocumentsRequest = new RequestType0<readonly UnsavedDocument[], void>(
  'prismaAudit/unsavedDocuments',
)

/**
 * Server → client: opens these files, so that the editor notices what is typed into them from now on. Returns the
 * versions of their documents in the same order; null for a file that cannot be opened.
 */
export const DocumentVersionsRequest = new RequestType<
  { readonly uris: readonly string[] },
  readonly (number | null)[],
  void
>('prismaAudit/documentVersions')

export interface PreviewParameters {
  /** `Migration: crm`. */
  readonly title: string
  /** Identifies the tab: a later document of the same subject replaces it. Two projects never share one. */
  readonly subject: string
  /** Markdown. */
  readonly text: string
  /** The same as JSON. */
  readonly json?: string
  /** The command that creates it again, for the project with this `schemaUri`. */
  readonly again?: { readonly command: 'verify'; readonly schemaUri: string }
}

/** Server → client: shows a read-only document. */
export const PreviewNotification = new NotificationType<PreviewParameters>('prismaAudit/preview')

/**
 * Server → client: shows a document for reading, without a dialog in front of it. Returns whether to continue with the
 * question; cancelling the request withdraws it.
 */
export const ReviewRequest = new RequestType<PreviewParameters, boolean, void>('prismaAudit/review')

/**
 * The id of the change annotation for edits that are offered for review but unlikely: our client does not preselect
 * them.
 */
export const UNTICKED_ANNOTATION = 'prisma-audit-unticked'
