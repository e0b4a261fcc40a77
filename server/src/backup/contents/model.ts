/** What a database held at one moment, as far as a restored copy must be equal to it. Plain data. */
export interface DatabaseContents {
  readonly serverMajor: number
  /** Tables that hold rows of their own; partitioned ones do not. */
  readonly tables: readonly TableContents[]
  /** Null where the database has none. */
  readonly largeObjects: { readonly count: number; readonly hash: string } | null
  readonly sequences: readonly SequenceContents[]
  readonly objects: readonly DatabaseObject[]
}

export interface TableContents {
  /** As PostgreSQL quotes it: `public."User"`. */
  readonly name: string
  readonly rows: number
  /** Of all rows in any order, hex: equal tables have equal hashes. */
  readonly hash: string
}

/** A snapshot does not hold a sequence: it has a value before the dump and one after it, and the backup has one between them. */
export interface SequenceContents {
  /** As PostgreSQL quotes it. */
  readonly name: string
  /** The latest value, null where none was drawn. */
  readonly before: string | null
  readonly after: string | null
}

/** Something that a dump writes out, but for rows. */
export interface DatabaseObject {
  readonly kind: ObjectKind
  /** Qualified and quoted: `public."User"."User_pkey"` for what belongs to a table. */
  readonly name: string
  /** MD5 of its definition, without what a dump and a restore may spell otherwise. */
  readonly fingerprint: string
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
  'privileges',
  'default privileges',
  'other',
] as const

export type ObjectKind = (typeof OBJECT_KINDS)[number]
