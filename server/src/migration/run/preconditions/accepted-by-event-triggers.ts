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

/** What is done beside the steps: the journal, the capture of values. */
export interface OwnWork {
  readonly title: string
  readonly work: (client: DatabaseClient) => Promise<unknown>
}

export interface TrialOptions {
  readonly retry: RetryOptions
  readonly lockTimeout: number
}

/**
 * Where the database has event triggers, tries what the steps do, or undo, in the order in which they are given, table by table in transactions that are rolled back:
 * one that rejects a statement would stop the run midway. Rejects with `event-trigger-rejects`. What reads rows or takes long is
 * not tried, nor is anything where an event trigger may act outside of the transaction; there the step itself says who rejects it.
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
          await attempt(client, step.title, () => lookingUp(client, step, () => client.query(statement)))
        }
      }
    })
  }
}

/** Ends a transaction in which all went well. */
class Tried extends Error {}

/** What fails for other reasons, or takes longer than a trial may, is the step's business. */
async function attempt(client: DatabaseClient, title: string, work: () => Promise<unknown>): Promise<void> {
  await client.query('SAVEPOINT tried')
  try {
    await work()
  } catch (error) {
    if (!isServersAnswer(error) || ('code' in error && RETRIED.has(String(error.code)))) throw error
    await client.query('ROLLBACK TO SAVEPOINT tried')
    const rejection = await explainEventTrigger(client, error, title)
    if (rejection === null) return
    const { message, why, nextStep, cause } = rejection
    const parts = { what: `${message} Nothing was changed.`, why: why.split('\n'), nextStep: nextStep.split('\n') }
    throw new AuditError(rejection.code, parts, { cause })
  }
}

const RETRIED = new Set(['55P03', '40P01', '40001'])

/** On the way up each table needs what its steps build on. */
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

/** CONCURRENTLY is for no transaction; a trigger that asks for the word finds it, and an index of many rows is tried on none. */
async function statementsOf(client: DatabaseClient, step: Step, direction: 'up' | 'back'): Promise<readonly string[]> {
  const statements = direction === 'up' ? step.up : step.down
  if (direction === 'back' && step.kind === 'create-function') {
    // Triggers of tables whose turn has not come keep it from being dropped; an event trigger is asked before that.
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

/** Bytes: so many are indexed in some hundredths of a second. */
const SMALL = 2 * 1024 * 1024

function isQuick({ kind, rewrites }: Step): boolean {
  return !rewrites && STEP_KINDS[kind].isTriedFirst === true
}

const SHARED: ReadonlySet<Step['kind']> = new Set<Step['kind']>(['create-schema', 'create-enum', 'create-function'])
