import { inPlainEnglish } from '../../text/phrase'
import { quoteLiteral } from '../../database/quote'
import type { Plan, Step } from '../model'
import { doBlock, tableName } from '../plan/sql'
import { STEP_KINDS } from '../step-kinds'

/** Quoted names of the tables that a folder of Prisma's history may read and index within one transaction. */
export type SmallTables = ReadonlySet<string>

/**
 * Tables small enough to be filled, validated and indexed in a fraction of a second, and together, in one transaction,
 * in a few seconds. Without known sizes, no table is small.
 */
export function smallTablesOf({ steps, tableBytes = {} }: Pick<Plan, 'steps' | 'tableBytes'>): SmallTables {
  const made = new Set(steps.filter(({ kind }) => kind === 'create-table').map(tableName))
  const sizes = [...new Set(steps.map(tableName))]
    .map((name): [string, number] => [name, made.has(name) ? 0 : (tableBytes[name] ?? Number.POSITIVE_INFINITY)])
    .filter(([, bytes]) => bytes <= SMALL)
    .sort(([, left], [, right]) => left - right)
  let total = 0
  return new Set(sizes.filter(([, bytes]) => (total += bytes) <= SMALL_TOGETHER).map(([name]) => name))
}

const SMALL = 8 * 1024 * 1024
const SMALL_TOGETHER = 8 * SMALL

/**
 * A step as written into Prisma's history. A run creates every index CONCURRENTLY and fills in batches, each of which
 * would need its own folder; for a small table both happen in the transaction of the other steps.
 */
export function asInHistory(step: Step, small: SmallTables): Step {
  if (!small.has(tableName(step))) return step
  const whole = step.batch?.whole
  if (step.kind === 'populate' && whole !== undefined && step.up.length > 0) {
    return { ...step, transaction: 'own', scans: false, up: [whole] }
  }
  if (step.kind === 'create-index') {
    return { ...step, transaction: 'own', scans: false, up: step.up.map(notConcurrently) }
  }
  return { ...step, scans: false }
}

/** Dropping an index is instant whatever its size, and takes the same lock as dropping the column. */
export function asInHistoryBackwards(step: Step): Step {
  if (step.kind !== 'create-index') return step
  return { ...step, transaction: 'own', up: step.up.map(notConcurrently) }
}

function notConcurrently(statement: string): string {
  return statement.replace(/^((?:CREATE (?:UNIQUE )?|DROP )INDEX) CONCURRENTLY /, '$1 ')
}

/** Why a step is done like this, for the comments in a folder. */
export function explanationInHistory({ kind, transaction }: Step): string {
  if (transaction !== 'own') return inPlainEnglish(STEP_KINDS[kind].why)
  if (kind === 'create-index') {
    return 'prisma-audit-ignore index-not-concurrent: the table is small, so writes are blocked only briefly.'
  }
  return kind === 'populate' ? 'In one statement, because the table is small.' : inPlainEnglish(STEP_KINDS[kind].why)
}

/**
 * A table that is small here may be large where Prisma deploys the migration. The folder's first statement checks that
 * before it takes a lock. Null if no step of the folder depends on it.
 */
export function refuseLargeTables(steps: readonly Step[], small: SmallTables): string | null {
  const reading = steps.filter(({ kind }) => READ_ROWS.has(kind)).map(tableName)
  const names = [...new Set(reading)].filter((name) => small.has(name))
  if (names.length === 0) return null
  return doBlock(
    [
      'DECLARE',
      '  prisma_audit_large pg_catalog.text;',
      'BEGIN',
      `  SELECT pg_catalog.string_agg(name, ', ') INTO prisma_audit_large`,
      `  FROM pg_catalog.unnest(ARRAY[${names.map(quoteLiteral).join(', ')}]) AS name`,
      `  WHERE pg_catalog.pg_relation_size(pg_catalog.to_regclass(name)) OPERATOR(pg_catalog.>) ${LARGE};`,
      `  IF prisma_audit_large IS NOT NULL AND pg_catalog.current_setting('prisma_audit.large_tables', true) IS DISTINCT FROM 'on' THEN`,
      '    RAISE EXCEPTION USING',
      `      MESSAGE = pg_catalog.format('This migration is for small tables, and would block writes to these for long: %s.', prisma_audit_large),`,
      `      HINT = ${quoteLiteral(REFUSED)};`,
      '  END IF;',
      'END',
    ].join('\n'),
  )
}

/** Bytes of rows. Far above `SMALL`, so that a table may grow a little. */
const LARGE = 64 * 1024 * 1024

const REFUSED =
  'Nothing was changed. Run prisma-audit migrate on this database, which does not block writes, then prisma migrate resolve ' +
  '--applied with the name of this migration. To accept the wait, set prisma_audit.large_tables to on for the database or role.'

const READ_ROWS: ReadonlySet<Step['kind']> = new Set<Step['kind']>([
  'precondition',
  'populate',
  'validate-constraint',
  'create-index',
])
