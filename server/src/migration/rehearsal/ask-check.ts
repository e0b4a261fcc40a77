import type { DatabaseClient } from '../../database/connect'
import { isRejection } from '../../database/database-errors'
import type { Check, CheckResult } from '../../verification/model'
import { askForFound, judge, runCheck } from '../../verification/run-checks'
import { phrase } from '../../text/phrase'

/**
 * As `runCheck`, but no one else uses the database, so a query that only reads needs no transaction of its own, which
 * saves three of four round trips.
 */
export async function askCheck(client: DatabaseClient, check: Check): Promise<CheckResult> {
  if (check.mode === 'transaction') return await runCheck(client, check)
  try {
    return judge(check, await askForFound(client, check))
  } catch (error) {
    if (isRejection(error)) return { check, outcome: 'fail', found: error.message, words: phrase`${error.message}` }
    throw error
  }
}
