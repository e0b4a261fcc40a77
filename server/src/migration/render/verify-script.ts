import { sqlComment, sqlDocument, type DataText } from '../../text/data-text'
import { quoteLiteral } from '../../database/quote'
import { SKIPPED_PREFIX, type Check } from '../../verification/model'
import type { Plan } from '../model'
import { SAFE_PATH } from './script-parts'

/** Runs every check with `psql -f` and prints one table: check, expected, found, pass. It changes nothing. */
export function renderVerifyScript(plan: Pick<Plan, 'checks'>): DataText {
  const { checks } = plan
  const head = [
    '-- Verifies the migration of the same name. Made by Prisma Audit; run with psql -f.',
    '-- Changes nothing: the test of a trigger is rolled back. Prints one table with all results at the end.',
    '',
    '-- If a query fails, its check fails and the next one runs.',
    '\\set ON_ERROR_STOP off',
    '\\set QUIET on',
    `SET lock_timeout = '5s';`,
    '-- Fail instead of skipping rows that row-level security hides from this role.',
    'SET row_security = off;',
    ...SAFE_PATH,
  ].join('\n')
  if (checks.length === 0) return sqlDocument(`${head}\n\n-- Nothing to verify.\n`)
  return sqlDocument(`${[head, ...checks.map(renderCheck), renderTable(checks)].join('\n\n')}\n`)
}

/** The answer lands in the psql variable `check_<number>_found`. */
function renderCheck(check: Check, index: number): string {
  const number = index + 1
  const query = `${check.sql}\n\\gset check_${number}_`
  return [
    `-- ${number}. ${sqlComment(check.title)}`,
    `\\set check_${number}_found 'the query failed'`,
    ...(check.mode === 'transaction' ? ['BEGIN;', query, 'ROLLBACK;'] : [query]),
  ].join('\n')
}

function renderTable(checks: readonly Check[]): string {
  const rows = checks.map(
    (check, index) =>
      `  (${index + 1}, ${quoteLiteral(check.title)}, ${quoteLiteral(check.expected)}, :'check_${index + 1}_found')`,
  )
  return [
    `SELECT "check", expected, found,`,
    `  CASE WHEN found = expected THEN 'pass' WHEN found LIKE '${SKIPPED_PREFIX}%' THEN 'skipped' ELSE 'FAIL' END AS pass`,
    'FROM (VALUES',
    rows.join(',\n'),
    ') AS results (number, "check", expected, found)',
    'ORDER BY number;',
  ].join('\n')
}
