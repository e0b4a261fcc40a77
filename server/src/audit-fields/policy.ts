import type { SaidEnvironment } from '../database/environments'
import type { ApplicationPolicy } from './application-policy'
import { defaultSettings, type AuditField, type FieldPolicies } from './kinds'

/** Which models must have which audit fields: `prisma-audit.json`, validated and with all defaults. */
export interface Policy {
  /** The user model that the user fields reference. */
  readonly userModel: string
  readonly rules: readonly PolicyRule[]
  readonly fields: FieldPolicies
  readonly actor: ActorPolicy
  /** The environments of the team's databases. */
  readonly databases: readonly PolicyDatabase[]
  /** How the application is started and tested; null if the policy does not say. */
  readonly application: ApplicationPolicy | null
  readonly backups: BackupPolicy
}

export interface BackupPolicy {
  /** How many backups of each database to keep after each backup; null: none is deleted without being asked. */
  readonly keep: number | null
  /** What to back up before a migration: everything, or only the tables that it changes. */
  readonly scope: 'database' | 'tables'
  /** How many connections back up at a time if pg_dump is installed; 1: one file. */
  readonly jobs: number
}

/** How the user fields are filled with the current user, apart from what the application writes. */
export interface ActorPolicy {
  /** Whether a trigger fills them from the transaction setting `app.actor`, for raw SQL and other clients. */
  readonly trigger: boolean
  /** Whether the user who creates a row owns it. */
  readonly ownerId: boolean
}

/** Databases, by patterns with `*`; null for any. */
export interface PolicyDatabase {
  readonly host: string | null
  readonly port: number | null
  readonly database: string | null
  readonly environment: SaidEnvironment | null
  /** Whether nothing may be written to them. */
  readonly readOnly: boolean
}

export interface PolicyRule {
  /** Names and globs of models; `!` excludes. */
  readonly models: readonly string[]
  readonly require: readonly AuditField[]
}

/** The policy of a project that sets nothing; also what `{}` parses to. */
export const DEFAULT_POLICY: Policy = {
  userModel: 'User',
  rules: [],
  databases: [],
  application: null,
  backups: { keep: null, scope: 'database', jobs: 1 },
  fields: defaultSettings(),
  actor: { trigger: false, ownerId: false },
}
