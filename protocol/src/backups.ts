import { RequestType } from './message-types'

/** A backup in the view. Texts are single lines without control characters; no markup is escaped in them. */
export interface ListedBackupAnswer {
  readonly uri: string
  /** Name of the database; of the file if no manifest names the database. */
  readonly name: string
  /** ISO 8601. */
  readonly createdAt: string
  /** 0: damaged or unusable; null if no manifest says it. */
  readonly level: number | null
  /** `level 2`, or that it is unusable: short enough for a narrow row. */
  readonly brief: string
  /** `level 2 of 4: complete`, or why it is unusable. */
  readonly state: string
  /** Other details. */
  readonly details: readonly string[]
}

export interface BackupsAnswer {
  readonly folderUri: string
  /** The newest first. */
  readonly backups: readonly ListedBackupAnswer[]
}

/**
 * Client → server: lists the backups in a project's folder, from their manifests. Reads no backup and queries no
 * database.
 */
export const BackupsRequest = new RequestType<{ readonly documentUri: string }, BackupsAnswer, void>(
  'prismaAudit/backups',
)
