import { RequestType } from 'vscode-languageserver-protocol'

/** A backup as the view lists it. Texts are single lines without control characters; no markup is escaped in them. */
export interface ListedBackupAnswer {
  readonly uri: string
  /** Of the database; the file's where no manifest says which. */
  readonly name: string
  /** ISO 8601. */
  readonly createdAt: string
  /** 0: damaged, or it cannot be used; null where no manifest says it. */
  readonly level: number | null
  /** `level 2`, or that it cannot be used: what fits into a narrow row. */
  readonly brief: string
  /** `level 2 of 4: complete`, or why it cannot be used. */
  readonly state: string
  /** What else is known of it. */
  readonly details: readonly string[]
}

export interface BackupsAnswer {
  readonly folderUri: string
  /** The newest first. */
  readonly backups: readonly ListedBackupAnswer[]
}

/** Client → server: the backups in a project's folder, by their manifests. No backup is read, no database asked. */
export const BackupsRequest = new RequestType<{ readonly documentUri: string }, BackupsAnswer, void>(
  'prismaAudit/backups',
)
