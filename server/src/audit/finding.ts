import type { Phrase } from '../text/phrase'
import type { AuditCode } from '../audit-fields/kinds'
import type { Range } from '../schema/model'

/** One difference or omission, with a stable code, a place in the source, and what was expected and found. */
export interface Finding {
  readonly code: FindingCode
  readonly severity: Severity
  /** One sentence that names the model, the field and the difference. */
  readonly message: string
  /**
   * The message with what is put in, for an editor that speaks another language; left out where it has only English.
   */
  readonly phrase?: Phrase | undefined
  readonly model: string | null
  readonly field: string | null
  /** Schema, table and column in the database's own names. */
  readonly schemaName: string | null
  readonly table: string | null
  readonly column: string | null
  /** The index, constraint, enum, trigger or extension that the finding is about. */
  readonly object: string | null
  /** In SQL's words. */
  readonly expected: string | null
  readonly actual: string | null
  /** Only on the audit codes. */
  readonly missingIn?: MissingIn
  /** The column that the field most likely has, renamed in the schema alone. Only on `column-missing`. */
  readonly likelyFormer?: string
  /** The schema file, as the schema model names it, or the policy. */
  readonly file: string
  readonly range: Range
}

/**
 * The findings of one file: of the schema, or the policy. The list is the very same object for as long as nothing in it
 * changes.
 */
export interface FileFindings {
  readonly file: string
  readonly findings: readonly Finding[]
}

/** Whether an audit field is missing although a column has its name: one that cannot be it, with another type or use. */
export function isOfUnfitColumn({ missingIn, actual }: Pick<Finding, 'missingIn' | 'actual'>): boolean {
  return missingIn !== undefined && actual !== null
}

/** Where an audit field is missing. */
export type MissingIn = 'schema' | 'database' | 'both'

export type Severity = 'error' | 'warning' | 'information' | 'hint'

export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'information', 'hint']

export const DRIFT_CODES = [
  'table-missing',
  'table-unmapped',
  'column-missing',
  'column-unmapped',
  'column-type',
  'column-nullability',
  'column-default',
  'primary-key',
  'unique-missing',
  'index-missing',
  'index-unmapped',
  'index-name',
  'index-definition',
  'foreign-key-missing',
  'foreign-key-unmapped',
  'foreign-key-definition',
  'enum-missing',
  'enum-unmapped',
  'enum-values',
  'extension-missing',
  'view-missing',
] as const

export const DATABASE_CODES = [
  'trigger-missing',
  'trigger-disabled',
  'trigger-unmapped',
  'index-invalid',
  'constraint-not-validated',
  'check-unmapped',
  'updated-at-clock',
] as const

/** About the folder of the migrations, in all reports that depend on it. */
export const MIGRATIONS_FOLDER_CODES = ['migrations-path-unknown', 'migrations-not-run'] as const

export type MigrationsFolderCode = (typeof MIGRATIONS_FOLDER_CODES)[number]

export const SCHEMA_CODES = [
  'schema-syntax',
  'schema-invalid',
  'prisma-8',
  'database-not-compared',
  ...MIGRATIONS_FOLDER_CODES,
] as const

/** On the policy's own file. */
export const POLICY_CODES = ['policy-invalid', 'policy-model'] as const

/** On the policy's own file: what the application's code lacks. */
export const APPLICATION_CODES = ['actor-missing'] as const

export type FindingCode =
  | AuditCode
  | (typeof DRIFT_CODES)[number]
  | (typeof DATABASE_CODES)[number]
  | (typeof SCHEMA_CODES)[number]
  | (typeof POLICY_CODES)[number]
  | (typeof APPLICATION_CODES)[number]
