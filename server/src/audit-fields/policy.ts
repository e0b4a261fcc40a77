import type { SaidEnvironment } from '../database/environments'
import type { ApplicationPolicy } from './application-policy'
import { defaultSettings, type AuditField, type FieldPolicies } from './kinds'

/** Which models must have which audit fields: the trusted form of `prisma-audit.json`, every default filled in. */
export interface Policy {
  /** The model of the users that the fields of users refer to. */
  readonly userModel: string
  readonly rules: readonly PolicyRule[]
  readonly fields: FieldPolicies
  readonly actor: ActorPolicy
  /** What the team's databases are. */
  readonly databases: readonly PolicyDatabase[]
  /** How the application is started and tested; null where the policy does not say. */
  readonly application: ApplicationPolicy | null
  readonly backups: BackupPolicy
}

export interface BackupPolicy {
  /** After each backup, so many of the newest are kept of each database; null: nothing is deleted unasked. */
  readonly keep: number | null
  /** What is backed up before a migration: all, or the tables that it changes. */
  readonly scope: 'database' | 'tables'
  /** Connections that back up at a time, where pg_dump is installed; 1: one file. */
  readonly jobs: number
}

/** How the fields of users get the user who acts, beside what the application writes into them. */
export interface ActorPolicy {
  /** Does a trigger fill them from the setting `app.actor` of the transaction, for raw SQL and other writers? */
  readonly trigger: boolean
  /** Does whoever creates a row own it? */
  readonly ownerId: boolean
}

/** Databases, by patterns with `*`; null for any. */
export interface PolicyDatabase {
  readonly host: string | null
  readonly port: number | null
  readonly database: string | null
  readonly environment: SaidEnvironment | null
  /** Nothing is written to them. */
  readonly readOnly: boolean
}

export interface PolicyRule {
  /** Names and globs of models; `!` excludes. */
  readonly models: readonly string[]
  readonly require: readonly AuditField[]
}

/** What a project without a word about it gets; also what `{}` parses to. */
export const DEFAULT_POLICY: Policy = {
  userModel: 'User',
  rules: [],
  databases: [],
  application: null,
  backups: { keep: null, scope: 'database', jobs: 1 },
  fields: defaultSettings(),
  actor: { trigger: false, ownerId: false },
}
