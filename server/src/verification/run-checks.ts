import type { DatabaseClient } from '../database/connect'
import { errorCode } from '../database/database-errors'
import { messageLine } from '../errors'
import { inPlainEnglish, phrase, type Phrase } from '../text/phrase'
import { whyWritesMayActOutside } from './writes/may-act-outside'
import { SKIPPED_PREFIX, type Check, type CheckResult, type VerificationReport } from './model'

/** Called when a check starts and ends. */
export interface CheckListener {
  onStart(check: Check): void
  onResult(result: CheckResult, milliseconds: number): void
}

/**
 * Runs every check, each in its own transaction that is rolled back, and reports the results. A query that fails is a
 * failed check; one for which the role lacks a privilege is skipped, because it proves nothing. Rejects only if the
 * connection is lost or aborted. A write that is not safe to try is skipped (see `whyNotTried`). `database` is its name
 * in the report.
 */
export async function runChecks(
  client: DatabaseClient,
  checks: readonly Check[],
  database: string,
  listener?: CheckListener,
): Promise<VerificationReport> {
  const results: CheckResult[] = []
  for (const check of checks) {
    listener?.onStart(check)
    const start = performance.now()
    const risk = check.writes === undefined ? null : await whyWritesMayActOutside(client, check.writes)
    const result: CheckResult =
      risk === null
        ? await runCheck(client, check)
        : resultOf(check, 'skipped', phrase`this check would write a row and roll it back, but ${risk}`)
    listener?.onResult(result, performance.now() - start)
    results.push(result)
  }
  return reportOfResults(results, database)
}

function reportOfResults(results: readonly CheckResult[], database: string): VerificationReport {
  const notProven = results.filter(isNotProven).length
  const count = (outcome: CheckResult['outcome']) => results.filter((result) => result.outcome === outcome).length
  return {
    database,
    results,
    passed: count('pass'),
    failed: count('fail'),
    skipped: count('skipped'),
    ...(notProven > 0 ? { notProven } : {}),
  }
}

/**
 * One check, in its own transaction that is rolled back. All of it is one message: a large verification waits for the
 * server as often as it has checks.
 */
export async function runCheck(client: DatabaseClient, check: Check): Promise<CheckResult> {
  try {
    // Never READ WRITE: a session that is read-only by default is so on purpose. Behind a pooler the session does not
    // have our settings.
    const answers: unknown = await client.query(`${check.mode === 'read' ? 'BEGIN READ ONLY' : 'BEGIN'};
SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'; SET LOCAL row_security = off;
${check.sql};
ROLLBACK`)
    return judge(check, foundIn((answers as readonly unknown[]).at(-2)))
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    const code = errorCode(error)
    // Only the server's response is a result; a lost connection is not.
    if (code === undefined || !/^[0-9A-Z]{5}$/.test(code) || CONNECTION_GONE.test(code)) throw error
    const message = messageLine(error)
    if (code === NO_PRIVILEGE) {
      return resultOf(check, 'skipped', check.mode === 'read' ? phrase`not proven: ${message}` : phrase`${message}`)
    }
    if (check.mode === 'transaction' && (code === RAISED || code === CHECK_VIOLATION))
      return resultOf(
        check,
        'skipped',
        phrase`this check writes a row and rolls it back, but the table rejects it: ${message}`,
      )
    if (await takesNoWrites(client, error)) return resultOf(check, 'skipped', TAKES_NO_WRITES)
    return resultOf(check, 'fail', phrase`${message}`)
  }
}

/** The value of `found`, from the last of several statements. */
export async function askForFound(client: DatabaseClient, check: Check): Promise<string> {
  const answer: unknown = await client.query(check.sql)
  return foundIn(Array.isArray(answer) ? answer.at(-1) : answer)
}

function foundIn(answer: unknown): string {
  const { rows } = answer as { readonly rows: readonly { readonly found?: unknown }[] }
  const found = rows[0]?.found
  return typeof found === 'string' ? found : 'nothing'
}

/** The result of a check from a response. */
export function judge(check: Check, found: string): CheckResult {
  if (found.startsWith(SKIPPED_PREFIX)) return { check, outcome: 'skipped', found: found.slice(SKIPPED_PREFIX.length) }
  return { check, outcome: found === check.expected ? 'pass' : 'fail', found }
}

function resultOf(check: Check, outcome: CheckResult['outcome'], words: Phrase): CheckResult {
  return { check, outcome, found: inPlainEnglish(words), words }
}

/** Long enough for a busy moment, short enough not to delay others. */
const LOCK_TIMEOUT = '3s'

function isNotProven({ outcome, found }: CheckResult): boolean {
  return outcome === 'skipped' && found.startsWith(NOT_PROVEN)
}

/** A trigger of the table that prevents any change of a row, as for a log. Ours raise nothing. */
const RAISED = 'P0001'

/** The row that the check picked violates a constraint that is NOT VALID: each UPDATE of it fails. */
const CHECK_VIOLATION = '23514'

/** A missing privilege, or rows hidden by row-level security. */
const NO_PRIVILEGE = '42501'

const NOT_PROVEN = 'not proven: '

/** A read-only session reports this with its own code; a replica rejects the transaction that would write. */
async function takesNoWrites(client: DatabaseClient, error: unknown): Promise<boolean> {
  if (errorCode(error) === '25006') return true
  if (errorCode(error) !== '0A000') return false
  const { rows } = await client.query<{ replica: boolean }>('SELECT pg_catalog.pg_is_in_recovery() AS replica')
  return rows[0]?.replica === true
}

const TAKES_NO_WRITES = phrase`this check writes a row and rolls it back, but the server is read-only (a read replica or a read-only session)`

/** Shutdown, cancellation, protocol errors: not a result of the query. */
const CONNECTION_GONE = /^(08|57)/
