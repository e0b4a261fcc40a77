import type { Policy } from '../audit-fields/policy'
import type { Column, Table } from '../database/model'
import type { ExpectedColumn, ExpectedTable } from '../expected/model'
import type { Phrase } from '../text/phrase'

/** The column that has the name of an audit field, in the schema and in the database. */
export interface AuditColumn {
  readonly policy: Policy
  readonly expected: ExpectedTable
  /** Of tables for which the Prisma schema names none. */
  readonly defaultSchema: string
  /** Null if the database has no such table, or without a connection. */
  readonly actual: Table | null
  readonly column: string
  readonly schemaColumn: ExpectedColumn | null
  readonly databaseColumn: Column | null
  /** False with `relationMode = "prisma"`. */
  readonly usesForeignKeys: boolean
}

/** Why such a column cannot be the audit field. */
export interface UnfitColumn {
  /** The code of the plan's refusal. */
  readonly code: 'not-a-timestamp' | 'refers-elsewhere' | 'polymorphic-column' | 'type-differs'
  readonly in: 'schema' | 'database'
  /** What it is instead, as that side names it. */
  readonly type: string
  /** A sentence, and what to do. */
  readonly reason: Phrase
  /** Whether only the database has another type than it should, which `column-type` reports. */
  readonly isDrift: boolean
}
