import type { DatabaseClient } from '../../database/connect'
import type { Check, CheckResult } from '../../verification/model'
import { askForFound, judge, runCheck } from '../../verification/run-checks'
import { isServersAnswer } from './load-structure'

/**
 * As `runCheck`, but where nobody else is, a question that only reads needs no transaction of its own, which is three
 * round trips of four.
 */
export async function askCheck(client: DatabaseClient, check: Check): Promise<CheckResult> {
  if (check.mode === 'transaction') return await runCheck(client, check)
  try {
    return judge(check, await askForFound(client, check))
  } catch (error) {
    if (isServersAnswer(error)) return { check, outcome: 'fail', found: error.message }
    throw error
  }
}
