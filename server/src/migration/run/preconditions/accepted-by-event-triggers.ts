import { phraseOfTitle } from '../../plan/step-titles'
import { phrase, type Phrase } from '../../../text/phrase'
import type { DatabaseClient } from '../../../database/connect'
import { isServersAnswer } from '../../../database/database-errors'
import { readEventTriggers } from '../../../database/event-triggers'
import { lookingUp } from '../../../database/lookup-path'
import { quoteQualified } from '../../../database/quote'
import { AuditError } from '../../../errors'
import { whyEventTriggersMayActOutside } from '../../../verification/writes/may-act-outside'
import type { Step } from '../../model'
import { STEP_KINDS } from '../../step-kinds'
import { inTransaction } from '../execution/execution'
import { explainEventTrigger } from '../session/event-triggers'
import { retryLocked, type RetryOptions } from '../execution/retry'

/** Work other than the steps: creating the journal, capturing values. */
export interface OwnWork {
  readonly title: Phrase
  readonly work: (client: DatabaseClient) => Promise<unknown>
}

export interface TrialOptions {
  readonly retry: RetryOptions
  readonly lockTimeout: number
}

/**
 * If the database has event triggers, tries the statements of the steps in the given order, table by table in
 * transactions that are rolled back: a rejected statement would stop the run midway. Rejects with
 * `event-trigger-rejects`. Statements that read rows or take long are not tried, and nothing is tried if an event
 * trigger may act outside the transaction; then the step itself reports the rejection.
 */
export async function requireAcceptedByEventTriggers(
  client: DatabaseClient,
  steps: readonly Step[],
  direction: 'up' | 'back',
  own: readonly OwnWork[],
  { retry, lockTimeout }: TrialOptions,
): Promise<void> {
  if ((await readEventTriggers(client)).length === 0) return
  if ((await whyEventTriggersMayActOutside(client)) !== null) return
  const settings = { lock_timeout: `${String(lockTimeout)}ms`, statement_timeout: '2s' }
  const trial = async (work: () => Promise<void>) => {
    const tried = () =>
      inTransaction(client, settings, async () => {
        await work()
        throw new Tried()
      })
    await retryLocked(retry, tried).catch((error: unknown) => {
      if (!(error instanceof Tried)) throw error
    })
  }
  for (const { title, work } of own) await trial(() => attempt(client, title, () => work(client)))
  for (const group of byTable(steps.filter(isQuick), direction)) {
    await trial(async () => {
      for (const step of group) {
        for (const statement of await statementsOf(client, step, direction)) {
          await attempt(client, phraseOfTitle(step.title), () => lookingUp(client, step, () => client.query(statement)))
        }
      }
    })
  }
}

/** Rolls back a transaction in which everything succeeded. */
class Tried extends Error {}

/** Other failures, and statements that take longer than a trial may, are left to the step. */
async function attempt(client: DatabaseClient, title: Phrase, work: () => Promise<unknown>): Promise<void> {
  await client.query('SAVEPOINT tried')
  try {
    await work()
  } catch (error) {
    if (!isServersAnswer(error) || ('code' in error && RETRIED.has(String(error.code)))) throw error
    await client.query('ROLLBACK TO SAVEPOINT tried')
    const rejection = await explainEventTrigger(client, error, title)
    if (rejection === null) return
    const { code, parts, cause } = rejection
    throw new AuditError(code, { ...parts, what: phrase`${parts.what} Nothing was changed.` }, { cause })
  }
}

const RETRIED = new Set(['55P03', '40P01', '40001'])

/** Up, each table needs the shared objects that its steps use. */
function byTable(steps: readonly Step[], direction: 'up' | 'back'): Step[][] {
  if (direction === 'back') return grouped(steps)
  const shared = steps.filter(({ kind }) => SHARED.has(kind))
  const others = grouped(steps.filter((step) => !shared.includes(step)))
  return (others.length === 0 ? [[]] : others).map((own) => [...shared, ...own])
}

function grouped(steps: readonly Step[]): Step[][] {
  const tables = new Map<string, Step[]>()
  for (const step of steps) {
    const table = quoteQualified(step.schema, step.table)
    tables.set(table, [...(tables.get(table) ?? []), step])
  }
  return [...tables.values()]
}

/**
 * CONCURRENTLY cannot run in a transaction. A comment keeps the word for triggers that look for it, and the index of a
 * large table is tried on an empty one.
 */
async function statementsOf(client: DatabaseClient, step: Step, direction: 'up' | 'back'): Promise<readonly string[]> {
  const statements = direction === 'up' ? step.up : step.down
  if (direction === 'back' && step.kind === 'create-function') {
    // Triggers of other tables still use it, so it is not dropped; but the event trigger must be asked.
    return [...statements, `DROP FUNCTION IF EXISTS ${quoteQualified(step.schema, step.object ?? '')}()`]
  }
  if (step.transaction !== 'none') return statements
  const plain = statements.map(
    (statement) => `/* ${statement.slice(0, 40).replaceAll('*', '')} */ ${statement.replace(' CONCURRENTLY', '')}`,
  )
  if (direction === 'back') return plain
  const { rows } = await client.query<{ small: boolean }>(
    `SELECT coalesce(pg_catalog.pg_relation_size(pg_catalog.to_regclass($1)), 0) OPERATOR(pg_catalog.<) ${String(SMALL)} AS small`,
    [quoteQualified(step.schema, step.table)],
  )
  if (rows[0]?.small === true) return plain
  return [
    'CREATE TEMPORARY TABLE IF NOT EXISTS prisma_audit_trial (value pg_catalog.int4) ON COMMIT DROP',
    '/* CREATE INDEX CONCURRENTLY */ CREATE INDEX ON pg_temp.prisma_audit_trial (value)',
  ]
}

/** Bytes: the index of such a table takes some hundredths of a second. */
const SMALL = 2 * 1024 * 1024

function isQuick({ kind, rewrites }: Step): boolean {
  return !rewrites && STEP_KINDS[kind].isTriedFirst === true
}

const SHARED: ReadonlySet<Step['kind']> = new Set<Step['kind']>(['create-schema', 'create-enum', 'create-function'])
