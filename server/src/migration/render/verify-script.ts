import { sqlComment, sqlDocument, type DataText } from '../../text/data-text'
import { quoteLiteral } from '../../database/quote'
import { SKIPPED_PREFIX, type Check } from '../../verification/model'
import type { Plan } from '../model'
import { SAFE_PATH } from './script-parts'

/** Runs every check with `psql -f` and prints one table: check, expected, found, pass. It changes nothing. */
export function renderVerifyScript(plan: Pick<Plan, 'checks'>): DataText {
  const { checks } = plan
  const head = [
    '-- Proves that the migration of the same name took. Made by Prisma Audit; run it with psql -f.',
    '-- It changes nothing: the live proof of a trigger is rolled back. All results stand in one table at the end.',
    '',
    '-- A query that fails is a check that failed, and the next one is run.',
    '\\set ON_ERROR_STOP off',
    '\\set QUIET on',
    `SET lock_timeout = '5s';`,
    '-- What row-level security hides from this role is not proven: the query fails instead.',
    'SET row_security = off;',
    ...SAFE_PATH,
  ].join('\n')
  if (checks.length === 0) return sqlDocument(`${head}\n\n-- The policy requires nothing of this database.\n`)
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
