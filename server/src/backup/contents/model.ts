/** The contents of a database at one moment that a restored copy must match. Plain data. */
export interface DatabaseContents {
  readonly serverMajor: number
  /** Tables that hold rows of their own; partitioned ones do not. */
  readonly tables: readonly TableContents[]
  /** Null if the database has none. */
  readonly largeObjects: { readonly count: number; readonly hash: string } | null
  readonly sequences: readonly SequenceContents[]
  readonly objects: readonly DatabaseObject[]
}

export interface TableContents {
  /** As PostgreSQL quotes it: `public."User"`. */
  readonly name: string
  readonly rows: number
  /** Hash of all rows in any order, hex: equal tables have equal hashes. */
  readonly hash: string
}

/**
 * A snapshot does not include sequences: one has a value before the dump and one after, and the backup's is in between.
 */
export interface SequenceContents {
  /** As PostgreSQL quotes it. */
  readonly name: string
  /** The latest value; null if none was drawn. */
  readonly before: string | null
  readonly after: string | null
}

/** An object in a dump, without rows. */
export interface DatabaseObject {
  readonly kind: ObjectKind
  /** Qualified and quoted: `public."User"."User_pkey"` for an object of a table. */
  readonly name: string
  /**
   * MD5 of its definition, without parts that a dump and a restore may write differently; null in the manifest of an
   * earlier version, which wrote it otherwise.
   */
  readonly fingerprint: string | null
}

export const OBJECT_KINDS = [
  'schema',
  'table',
  'view',
  'materialized view',
  'materialized view data',
  'sequence',
  'constraint',
  'index',
  'trigger',
  'function',
  'type',
  'policy',
  'rule',
  'extension',
  'event trigger',
  'publication',
  'statistics',
  'comment',
  'security label',
  'privileges',
  'default privileges',
  'other',
] as const

export type ObjectKind = (typeof OBJECT_KINDS)[number]
