import { quoteIdentifier } from '../../../database/quote'
import { AuditError } from '../../../errors'
import { HIDDEN_ROWS_ADVICE } from '../../plan/rows-read'
import { allOf, phrase, type Phrase, oneByOne } from '../../../text/phrase'
import { firstOf } from '../../../text/bounded-list'

/** What a precondition says if it is not met. */
export interface UnmetPrecondition {
  readonly message: Phrase
  readonly hint: Phrase
  /** The number of rows that it is about; null if it does not count them. */
  readonly rows: number | null
}

export function preconditionFailed({ message, hint, rows }: UnmetPrecondition): AuditError {
  return new AuditError('precondition-failed', {
    what: rows === null ? message : phrase`${message} Rows: ${rows}.`,
    why: phrase`The migration was refused before it changed anything.`,
    nextStep: hint,
  })
}

export function privilegesMissing(missing: readonly Phrase[], role: string): AuditError {
  return new AuditError('privileges-missing', {
    what: phrase`The role "${role}" lacks privileges for this migration. Nothing was changed.`,
    why: phrase`Missing: ${oneByOne(missing)}.`,
    nextStep: phrase`Connect as the owner of the tables, or grant these privileges, then run the migration again.`,
  })
}

export function rowsAreHidden(tables: readonly string[], role: string): AuditError {
  return new AuditError('rows-hidden', {
    what: phrase`Row-level security hides rows of ${allOf(tables)} from the role "${role}". Nothing was changed.`,
    why: phrase`Rows that the role cannot see would not be filled, verified or preserved.`,
    nextStep: HIDDEN_ROWS_ADVICE,
  })
}

export function keysNotReadable(table: string, key: readonly string[]): AuditError {
  return new AuditError('keys-not-readable', {
    what: phrase`Cannot fill ${table}: values of its key (${key.join(', ')}) are not UTF-8.`,
    why: phrase`The database has the encoding SQL_ASCII, which accepts any bytes, and rows are filled in the order of their keys.`,
    nextStep: phrase`Nothing was changed. Convert those values to UTF-8, or set "populate" to "none" in the policy and fill the column yourself.`,
  })
}

/** PostgreSQL does not support UPDATE with RETURNING, or in WITH, on a table with a rule that rewrites UPDATEs. */
export function ruleOnFilledTable(table: string, rule: string): AuditError {
  return preconditionFailed({
    message: phrase`The rule ${quoteIdentifier(rule)} on ${table} rewrites UPDATEs, so its rows cannot be filled.`,
    hint: phrase`Drop the rule or disable it for the migration (ALTER TABLE … DISABLE RULE), or set "populate" to "none" in the policy.`,
    rows: null,
  })
}

/** A step that fills a column updates every row of the table. */
export function fillWouldFail(table: string, message: string): AuditError {
  return preconditionFailed({
    message: phrase`An UPDATE of ${table} fails, but the migration must update its rows: ${message}`,
    hint: phrase`Correct or disable the trigger or rule that the message comes from, or set "populate" to "none" in the policy.`,
    rows: null,
  })
}

/** @param failures `INSERT into "public"."Lead": null value in column …` */
export function applicationWritesFail(failures: readonly Phrase[]): AuditError {
  return new AuditError('application-writes-fail', {
    what: phrase`All steps are done, but writes that worked before now fail.`,
    why: failures,
    nextStep: phrase`Roll the migration back (prisma-audit rollback). Or fix the cause and run the migration again: it only tests the writes again.`,
  })
}

/** Which part of the project fails, in words, as located by the server's message. */
export interface BrokenTrigger {
  readonly table: string
  readonly columns: readonly string[]
  /** Quoted; empty if the server names no trigger function. */
  readonly triggers: readonly string[]
  readonly functionName: string | null
  /** The table that the failing statement writes, as spelled in it; null if unknown. */
  readonly writes: string | null
  readonly statement: string
  readonly message: string | Phrase
}

/** For a trigger that copies whole rows: without this check, every write would fail once the columns exist. */
export function columnsBreakTrigger(broken: BrokenTrigger): AuditError {
  const { table, columns, triggers, functionName, writes, statement, message } = broken
  const trigger = triggers.length === 0 ? phrase`A trigger` : phrase`The trigger ${triggers}`
  return new AuditError('trigger-breaks', {
    what:
      columns.length === 1
        ? phrase`${trigger} on ${table} fails once ${columns} is added. Nothing was changed.`
        : phrase`${trigger} on ${table} fails once ${columns} are added. Nothing was changed.`,
    why: [
      phrase`${functionName ?? phrase`Its function`}${writes === null ? '' : phrase`, which writes ${writes}`}: ${message}.`,
      ...(statement === '' ? [] : [phrase`Statement: ${statement.slice(0, 300)}`]),
      phrase`Every write of the application would then fail.`,
    ],
    nextStep:
      writes === null
        ? phrase`Change the function so that it accepts more columns, then run the migration again.`
        : phrase`Name the columns in the function instead of copying whole rows, or add the columns to ${writes} first; then run the migration again.`,
  })
}

/** Names are titles. */
export interface WritesNoUser {
  readonly column: string
  readonly referenced: string
  readonly triggers: readonly string[]
  readonly message: string
}

/** For a trigger that writes something other than a user's key: every write would fail once the foreign key exists. */
export function triggerWritesNoUser({ column, referenced, triggers, message }: WritesNoUser): AuditError {
  return new AuditError('trigger-breaks', {
    what:
      triggers.length === 1
        ? phrase`The trigger ${triggers} writes a value to ${column} that does not exist in ${referenced}. Nothing was changed.`
        : phrase`One of the triggers ${firstOf(triggers)} writes a value to ${column} that does not exist in ${referenced}. Nothing was changed.`,
    why: [phrase`With the foreign key: ${message}.`, phrase`Every write of the application would then fail.`],
    nextStep: phrase`Change the trigger so that it writes the key of a user or NULL, or set "relation": false for the field in the policy; then run the migration again.`,
  })
}
