import { quoteIdentifier } from '../../database/quote'
import { AuditError, describeError } from '../../errors'
import { HIDDEN_ROWS_ADVICE } from '../plan/rows-read'

export function migrationIsRunning(holder: string): AuditError {
  return new AuditError('migration-running', {
    what: 'Another Prisma Audit migration is running on this database.',
    why: `It holds the migration lock: ${holder}.`,
    nextStep:
      'Wait until it has finished, then run the command again. If it was killed, the lock is released within seconds.',
  })
}

export function transactionPooler(): AuditError {
  return new AuditError('transaction-pooler', {
    what: 'Cannot migrate through a connection pooler in transaction mode.',
    why: 'The session, with its advisory lock and timeouts, does not survive between transactions.',
    nextStep: 'Use a direct connection: set `directUrl` in the schema, or pass --url.',
  })
}

export function keysNotReadable(table: string, key: readonly string[]): AuditError {
  return new AuditError('keys-not-readable', {
    what: `Cannot fill ${table}: values of its key (${key.join(', ')}) are not UTF-8.`,
    why: 'The database has the encoding SQL_ASCII, which accepts any bytes, and rows are filled in the order of their keys.',
    nextStep:
      'Nothing was changed. Convert those values to UTF-8, or set "populate" to "none" in the policy and fill the column by hand.',
  })
}

export function databaseIsReadOnly(reason: 'replica' | 'session' | 'marked', label = 'The database'): AuditError {
  return new AuditError('database-read-only', {
    what: `${label} is read-only.`,
    why: WHY_READ_ONLY[reason],
    nextStep:
      reason === 'marked'
        ? 'Nothing was changed. Only a person can remove the mark, with Set Database Environment or in the policy.'
        : reason === 'replica'
          ? 'Nothing was changed. Run it on the primary server: the replica follows.'
          : 'Nothing was changed. Connect to the primary server, with a role that can write.',
  })
}

const WHY_READ_ONLY = {
  replica: 'The server is a standby, a read replica (pg_is_in_recovery).',
  session: 'The session is read-only (default_transaction_read_only).',
  marked: 'It is marked as read-only, by you or by the policy.',
}

/** `source` as in `pg_settings`. */
export function triggersDoNotFire(source: string, role: string): AuditError {
  return new AuditError('triggers-do-not-fire', {
    what: 'Triggers do not fire in this session: session_replication_role is "replica". Nothing was changed.',
    why: `It is set ${PLACES_OF_SETTINGS[source] ?? 'in the configuration of the server'}. Foreign keys are not checked either, so the migration could not be verified.`,
    nextStep: `Remove the setting (for example ALTER ROLE ${quoteIdentifier(role)} RESET session_replication_role), and run it again.`,
  })
}

const PLACES_OF_SETTINGS: Readonly<Record<string, string>> = {
  client: 'by the connection (options in the URL, or PGOPTIONS)',
  user: 'for the role (ALTER ROLE … SET)',
  database: 'for the database (ALTER DATABASE … SET)',
  'database user': 'for the role in this database (ALTER ROLE … IN DATABASE … SET)',
}

export function otherRunIsNewest(): AuditError {
  return new AuditError('other-run', {
    what: 'The migration that you confirmed is no longer the newest one.',
    why: 'Another session has migrated or rolled back meanwhile.',
    nextStep: 'Nothing was changed. Run the rollback again to see what it would undo now.',
  })
}

export function privilegesMissing(missing: readonly string[], role: string): AuditError {
  return new AuditError('privileges-missing', {
    what: `The role "${role}" lacks privileges for this migration. Nothing was changed.`,
    why: `Missing: ${missing.join('; ')}.`,
    nextStep: 'Connect as the owner of the tables, or grant these privileges, and run it again.',
  })
}

export function rowsAreHidden(tables: readonly string[], role: string): AuditError {
  return new AuditError('rows-hidden', {
    what: `Row-level security hides rows of ${tables.join(' and ')} from the role "${role}". Nothing was changed.`,
    why: 'Rows that the role cannot see would not be filled, verified or preserved.',
    nextStep: HIDDEN_ROWS_ADVICE,
  })
}

export function preconditionFailed(message: string, hint: string): AuditError {
  return new AuditError('precondition-failed', {
    what: message,
    why: 'The migration was refused before it changed anything.',
    nextStep: hint,
  })
}

/** `failures`: `INSERT into "public"."Lead": null value in column …` */
export function applicationWritesFail(failures: readonly string[]): AuditError {
  return new AuditError('application-writes-fail', {
    what: 'All steps are done, but writes that worked before now fail.',
    why: failures,
    nextStep:
      'Roll the migration back (prisma-audit rollback). Or fix the cause and run the migration again: ' +
      'it only tests the writes again.',
  })
}

/** What of the project fails, in words, by what the server says of where it happened. */
export interface BrokenTrigger {
  readonly table: string
  readonly columns: readonly string[]
  /** Quoted; empty where the server names no function of a trigger. */
  readonly triggers: readonly string[]
  readonly functionName: string | null
  /** The table that the failing statement writes, as it is spelled there; null where that is not known. */
  readonly writes: string | null
  readonly statement: string
  readonly message: string
}

/** A trigger that copies whole rows: nobody would see it before the columns are there, and then no write works any more. */
export function columnsBreakTrigger(broken: BrokenTrigger): AuditError {
  const { table, columns, triggers, functionName, writes, statement, message } = broken
  const trigger = triggers.length === 0 ? 'A trigger' : `The trigger ${triggers.join(', ')}`
  return new AuditError('trigger-breaks', {
    what: `${trigger} on ${table} fails once ${columns.join(', ')} ${columns.length === 1 ? 'is' : 'are'} added. Nothing was changed.`,
    why: [
      `${functionName ?? 'Its function'}${writes === null ? '' : `, which writes ${writes}`}: ${message}.`,
      ...(statement === '' ? [] : [`Statement: ${statement.slice(0, 300)}`]),
      'Every write of the application would fail with it.',
    ],
    nextStep:
      writes === null
        ? 'Change the function so that it takes rows with more columns, then run it again.'
        : `Name the columns in the function instead of copying whole rows, or add the columns to ${writes} first; then run it again.`,
  })
}

/** PostgreSQL takes no UPDATE with RETURNING, or in WITH, of a table whose UPDATEs a rule rewrites. */
export function ruleOnFilledTable(table: string, rule: string): AuditError {
  return preconditionFailed(
    `The rule ${quoteIdentifier(rule)} on ${table} rewrites UPDATEs, so its rows cannot be filled.`,
    'Drop the rule or disable it for the migration (ALTER TABLE … DISABLE RULE), or set "populate" to "none" in the policy.',
  )
}

/** A step that fills a column updates every row of the table. */
export function fillWouldFail(table: string, message: string): AuditError {
  return preconditionFailed(
    `An UPDATE of ${table} fails, but the migration must update its rows: ${message}`,
    'Correct or disable the trigger or rule that the message comes from, or set "populate" to "none" in the policy.',
  )
}

export function tableLocked(tables: readonly string[], seconds: number, holders: readonly string[]): AuditError {
  return new AuditError('table-locked', {
    what: `Could not acquire the lock on ${tables.join(' and ')} within ${seconds} s.`,
    why: holders.length === 0 ? 'Other transactions held it at every attempt.' : `Held by ${holders.join('; ')}.`,
    nextStep: 'Wait for the other transaction or end it, then run the command again to continue.',
  })
}

/** Of CONCURRENTLY, which waits for every transaction that began before it, whatever that does. */
export function waitedTooLong(seconds: number, blockers: readonly string[]): AuditError {
  return new AuditError('waited-too-long', {
    what: `Could not create or drop the index CONCURRENTLY within ${seconds} s.`,
    why:
      blockers.length === 0
        ? 'It waits for all transactions that began before it.'
        : `It waits for all transactions that began before it: ${blockers.join('; ')}.`,
    nextStep: 'Wait for those transactions or end them, then run the command again to continue.',
  })
}

export function serverDiskFull(message: string): AuditError {
  return new AuditError('server-disk-full', {
    what: 'The disk of the database server is full.',
    why: `The server said: ${message}.`,
    nextStep: 'Free disk space there (table, new index, WAL), then run the command again to continue.',
  })
}

export function stepNotVerified(title: string, check: string, expected: string, found: string): AuditError {
  return new AuditError('step-not-verified', {
    what: `The step "${title}" failed its verification.`,
    why: `${check}: expected ${expected}, found ${found}.`,
    nextStep: 'Another session may have changed the database meanwhile. Plan again, or roll back.',
  })
}

/** Wraps what went wrong in a step, and says what stands. Keeps the code of an error that has one. */
export function stepFailed(
  title: string,
  place: { readonly number: number; readonly count: number },
  applied: number,
  cause: unknown,
): AuditError {
  const code = cause instanceof AuditError ? cause.code : 'step-failed'
  const advice = cause instanceof AuditError ? cause.nextStep.split('\n') : []
  return new AuditError(
    code,
    {
      what: `Step ${place.number} of ${place.count} failed: ${title}.`,
      why: whyOf(cause),
      nextStep: [
        ...advice,
        `${applied} of ${place.count} steps are applied. Run the migration again to continue, or roll it back.`,
      ],
    },
    { cause },
  )
}

/** `reason` is why it could not be dropped; null where it was. */
export function unprovenConstraintDropped(error: unknown, constraint: string, reason: string | null): unknown {
  if (!(error instanceof AuditError)) return error
  const name = quoteIdentifier(constraint)
  const said =
    reason === null
      ? `The constraint ${name} was dropped again, so that it does not reject the application's writes. Running the migration again recreates it.`
      : `The constraint ${name} still rejects writes, since it could not be dropped again: ${reason}`
  return new AuditError(
    error.code,
    { what: error.message, why: error.why.split('\n'), nextStep: [said, ...error.nextStep.split('\n')] },
    { cause: error.cause },
  )
}

/** `renamed`: `the table "public"."Lead" is "public"."Prospect" now`. */
export function objectsRenamed(renamed: readonly string[]): AuditError {
  return new AuditError('objects-renamed', {
    what: 'The migration is not rolled back. Nothing was changed.',
    why: `Objects that it changed were renamed or moved since: ${renamed.join('; ')}.`,
    nextStep:
      'Rename or move them back for the rollback (ALTER TABLE, INDEX, TRIGGER … RENAME, SET SCHEMA), then roll back again.',
  })
}

/** As `stepFailed`, for the way back. */
export function rollbackStepFailed(title: string, undone: number, cause: unknown): AuditError {
  const isKnown = cause instanceof AuditError
  return new AuditError(
    isKnown ? cause.code : 'rollback-failed',
    {
      what: `Could not roll back this step: ${title}.`,
      why: whyOf(cause),
      nextStep: [
        ...(isKnown ? cause.nextStep.split('\n') : []),
        `${undone} steps are undone. Roll back again to continue.`,
      ],
    },
    { cause },
  )
}

export function rollbackUnfinished(runId: string): AuditError {
  return new AuditError('rollback-unfinished', {
    what: `The rollback of run ${runId} is unfinished.`,
    why: 'A new migration cannot start before it is finished.',
    nextStep: 'Roll back again to continue, then migrate.',
  })
}

export function runOfFormerVersion(runId: string): AuditError {
  return new AuditError('journal-format-former', {
    what: `Run ${runId} was interrupted, and was started by an earlier version of Prisma Audit. Nothing was changed.`,
    why: 'Its journal contains SQL, and this version runs no SQL that it reads from a database.',
    nextStep: 'Roll it back, then migrate again.',
  })
}

export function columnsAreInUse(dependents: readonly string[]): AuditError {
  return new AuditError('columns-in-use', {
    what: 'Cannot roll back. Nothing was changed.',
    why: `Other objects depend on its columns: ${dependents.join('; ')}.`,
    nextStep: 'Drop or change them first: Prisma Audit drops only what it created. Then roll back again.',
  })
}

export const DATA_WOULD_BE_LOST = 'data-would-be-lost'

export function dataWouldBeLost(held: readonly string[]): AuditError {
  return new AuditError(DATA_WOULD_BE_LOST, {
    what: 'Cannot roll back. Nothing was changed.',
    why: `Data that was written since would be lost: ${held.join('; ')}.`,
    nextStep: 'Save what you need, then run: prisma-audit rollback --drop-data.',
  })
}

export function valuesCannotBePreserved(columns: readonly string[]): AuditError {
  return new AuditError(VALUES_CANNOT_BE_PRESERVED, {
    what: `The values of ${columns.join(' and ')} would be lost. Nothing was changed.`,
    why:
      'The application has written them since, and they cannot be preserved: the table has no primary key, or the role ' +
      'cannot create the schema prisma_audit_kept.',
    nextStep:
      'Add a primary key to the table, grant CREATE on the database to the role, or drop the values (--drop-data); then ' +
      'roll back again.',
  })
}

/** The code of the refusal that a caller may ask the user about. */
export const VALUES_CANNOT_BE_PRESERVED = 'values-cannot-be-kept'

export function journalUnreadable(reason: string): AuditError {
  return new AuditError('journal-unreadable', {
    what: 'The journal in schema prisma_audit is unreadable.',
    why: reason,
    nextStep: 'Restore the journal or a backup, or clean up by hand; migrations/FORMAT.md describes the journal.',
  })
}

/** `problems` are phrases. */
export function journalNamesOthers(writer: string, problems: readonly string[]): AuditError {
  return new AuditError('journal-not-trusted', {
    what: `The journal's steps cannot be trusted, since ${writer} can write to it. Nothing was changed.`,
    why: `${writer} is a member of pg_write_all_data, and of what the steps name, ${problems.slice(0, 5).join('; ')}. The steps would run with your rights.`,
    nextStep: `REVOKE pg_write_all_data FROM ${quoteIdentifier(writer)} once you have looked at prisma_audit.step, and run the command again.`,
  })
}

/** `owner` is the role that something of it belongs to, null where the owners are right; `role` is the one that runs. */
export function journalNotTrusted(
  schema: string,
  problems: readonly string[],
  owner: string | null,
  role: string,
): AuditError {
  const name = quoteIdentifier(role)
  return new AuditError('journal-not-trusted', {
    what: `The schema ${schema} cannot be trusted. Nothing was read from it and nothing was changed.`,
    why:
      `${problems.slice(0, 5).join('; ')}. Its contents decide what runs with the rights of ${role}, so no role with ` +
      'fewer rights may be able to write to it.',
    nextStep:
      owner === null
        ? `Inspect it. If it is yours, remove these privileges and objects: REVOKE ALL ON ALL TABLES IN SCHEMA ` +
          `${schema} FROM …; REVOKE CREATE ON SCHEMA ${schema} FROM …. If it is not, drop the schema.`
        : `Connect as ${owner}; or, after you have inspected it, ALTER SCHEMA ${schema} OWNER TO ${name} and ` +
          `ALTER TABLE … OWNER TO ${name} for its tables. If you do not know it, drop the schema.`,
  })
}

export function migrationsNotWritable(folder: string, cause: Error): AuditError {
  return new AuditError(
    'migrations-not-writable',
    {
      what: `Cannot write a migration to ${folder}.`,
      why: describeError(cause),
      nextStep: 'Make the folder writable or free disk space, and run it again.',
    },
    { cause },
  )
}

export function migrationFileChanged(file: string): AuditError {
  return new AuditError('migration-file-changed', {
    what: `${file} has changed since this migration wrote it.`,
    why: "It was changed before it was recorded in Prisma's history, which stores its checksum. It was not overwritten.",
    nextStep: 'Remove it or restore its content, and run the migration again.',
  })
}

export function prismaMigrationOpen(names: readonly string[]): AuditError {
  return new AuditError('prisma-migration-open', {
    what: `A Prisma migration is unfinished: ${names.join(', ')}.`,
    why: 'It failed or was interrupted. Prisma refuses other migrations until it is resolved, and so does Prisma Audit.',
    nextStep: 'Run `prisma migrate resolve --applied` or `--rolled-back`, then run this command again.',
  })
}

export function prismaHistoryUnfit(table: string, faults: readonly string[]): AuditError {
  return new AuditError('prisma-history-unfit', {
    what: `Cannot record migrations in ${table}. Nothing was changed.`,
    why: `It is not the table that Prisma creates, or it runs code of a role with fewer rights than yours: ${faults.slice(0, 5).join('; ')}.`,
    nextStep: "Remove what is named. Or migrate with --no-files, which keeps the migration out of Prisma's history.",
  })
}

export function prismaIsMigrating(holder: string): AuditError {
  return new AuditError('prisma-migrating', {
    what: 'Prisma is migrating this database.',
    why: `Its migration lock is held: ${holder}.`,
    nextStep: 'Wait until it has finished, then run this command again to continue.',
  })
}

/** What went wrong inside of what failed, line by line. */
function whyOf(cause: unknown): string[] {
  return (cause instanceof AuditError ? `${cause.message} ${cause.why}` : describeError(cause)).split('\n')
}
