import { phrase } from '../../../text/phrase'
import { createHash } from 'node:crypto'
import type { DatabaseClient } from '../../../database/connect'
import type { AuditError } from '../../../errors'
import type { Plan, Step } from '../../model'
import { journalUnreadable } from '../own-schemas/errors'
import { recordTables } from './identities'
import { readJournal, type JournalRun, type JournalStep } from './journal'
import { createJournal, dropJournalWhenEmpty, FORMAT, journalExists } from './journal-tables'

/** Records the plan before its first step runs, and creates the journal if there is none. */
export async function recordRun(client: DatabaseClient, plan: Pick<Plan, 'steps' | 'additions'>): Promise<JournalRun> {
  await client.query('BEGIN')
  try {
    await createJournal(client)
    const { rows } = await client.query<{ id: string }>(
      `INSERT INTO prisma_audit.run (format, state, additions) VALUES ($1, 'running', $2) RETURNING id::text`,
      [FORMAT, JSON.stringify(plan.additions)],
    )
    const id = rows[0]?.id ?? ''
    await insertSteps(client, id, plan.steps, 1)
    await client.query('COMMIT')
    const recorded = (await readJournal(client)).find((run) => run.id === id)
    if (recorded === undefined) throw journalUnreadable(phrase`The run that was just written is missing.`)
    return withSteps(recorded, plan.steps)
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  }
}

/** Adds the further steps of the plan to an unfinished run, and returns the whole run. */
export async function extendRun(
  client: DatabaseClient,
  run: JournalRun,
  { steps, additions }: Pick<Plan, 'steps' | 'additions'>,
): Promise<JournalRun> {
  await client.query('BEGIN')
  try {
    await client.query(
      `UPDATE prisma_audit.run SET state = 'running', finished_at = NULL, additions = $2 WHERE id = $1`,
      [run.id, JSON.stringify([...run.additions, ...additions])],
    )
    await insertSteps(client, run.id, steps, nextPosition(run))
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  }
  const extended = (await readJournal(client)).find(({ id }) => id === run.id)
  if (extended === undefined) throw journalUnreadable(phrase`The run that was just extended is missing.`)
  return withSteps(extended, steps)
}

/** The run with its last steps as planned, not as read back: exactly the given plan runs. */
function withSteps(run: JournalRun, given: readonly Step[]): JournalRun {
  const before = run.steps.length - given.length
  return {
    ...run,
    steps: run.steps.map((entry, index) => ({ ...entry, step: given[index - before] ?? entry.step })),
  }
}

/** Adds steps at the end of a recorded run, and returns them as recorded. */
export async function appendSteps(
  client: DatabaseClient,
  run: JournalRun,
  steps: readonly Step[],
): Promise<JournalStep[]> {
  const first = nextPosition(run)
  await client.query('BEGIN')
  try {
    await insertSteps(client, run.id, steps, first)
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  }
  const written = (await readJournal(client)).find(({ id }) => id === run.id)
  return written?.steps.filter(({ position }) => position >= first) ?? []
}

function nextPosition({ steps }: JournalRun): number {
  return steps.reduce((last, { position }) => Math.max(last, position), 0) + 1
}

/** A resumed run performs a step as in the new plan, so the journal records that version. */
export async function redefineStep(client: DatabaseClient, runId: string, position: number, step: Step): Promise<void> {
  const { definitionOf } = await import('../recipes/rebuild-step')
  const definition = definitionOf(step)
  await client.query(
    'UPDATE prisma_audit.step SET definition = $3, checksum = $4 WHERE run_id = $1 AND position = $2',
    [...[runId, position, definition, checksumOf(definition)]],
  )
}

/** Sets the state of a step. Within the step's own transaction, this shows later whether it was committed. */
export async function markStep(
  client: DatabaseClient,
  runId: string,
  position: number,
  state: JournalStep['state'],
): Promise<void> {
  await client.query(
    `UPDATE prisma_audit.step SET state = $3,
       started_at = CASE WHEN $3 = 'running' THEN coalesce(started_at, clock_timestamp()) ELSE started_at END,
       finished_at = CASE WHEN $3 = 'running' THEN NULL ELSE clock_timestamp() END
     WHERE run_id = $1 AND position = $2`,
    [runId, position, state],
  )
}

/** The result of one batch. */
export interface BatchOutcome {
  readonly filled: number
  /** The start of the next batch. */
  readonly next: readonly string[] | null
  /** The value that all rows were filled with; null if they differ. */
  readonly value: string | null
}

/** Records a batch and its transaction id, in the batch's own transaction. */
export async function recordBatch(
  client: DatabaseClient,
  runId: string,
  position: number,
  { filled, next, value }: BatchOutcome,
): Promise<void> {
  await client.query({
    name: 'prisma-audit-record-batch',
    text: `WITH noted AS (
        INSERT INTO prisma_audit.batch (xid, run_id, position)
        SELECT pg_catalog.pg_current_xact_id()::pg_catalog.text::pg_catalog.int8, $1::pg_catalog.int8, $2::pg_catalog.int4
        WHERE $3::pg_catalog.int8 OPERATOR(pg_catalog.>) 0
      )
      UPDATE prisma_audit.step SET batches = batches + 1, rows_done = rows_done + $3, batch_cursor = $4,
        filled = CASE WHEN $5::text IS NULL OR $5 = ANY (filled) THEN filled ELSE filled || $5::text END
      WHERE run_id = $1 AND position = $2`,
    values: [runId, position, filled, next, value],
  })
}

/** Records what a step wrote into existing rows, in the step's own transaction. */
export async function recordFilled(
  client: DatabaseClient,
  runId: string,
  position: number,
  values: readonly string[],
): Promise<void> {
  await client.query('UPDATE prisma_audit.step SET filled = $3 WHERE run_id = $1 AND position = $2', [
    runId,
    position,
    values,
  ])
}

export async function markRun(client: DatabaseClient, runId: string, state: JournalRun['state']): Promise<void> {
  await client.query(
    `UPDATE prisma_audit.run SET state = $2,
       finished_at = CASE WHEN $2 IN ('completed', 'rolled back') THEN clock_timestamp() END
     WHERE id = $1`,
    [runId, state],
  )
}

/**
 * The end of a rollback. The last run goes together with the journal, so that a process that is killed here leaves
 * either a rollback to continue or nothing. Returns an error if an event trigger rejects dropping the journal.
 */
export async function forgetRolledBack(client: DatabaseClient, runId: string | null): Promise<AuditError | null> {
  if (!(await journalExists(client))) return null
  const outcome = await dropJournalWhenEmpty(client, runId)
  if (outcome === 'dropped') return null
  if (runId !== null) await markRun(client, runId, 'rolled back')
  return outcome === 'has other runs' ? null : outcome
}

/**
 * Deletes a run that found everything in place and so created nothing. If an event trigger rejects the DROP of the
 * journal, it stays, empty.
 */
export async function forgetRun(client: DatabaseClient, runId: string): Promise<void> {
  await client.query('DELETE FROM prisma_audit.run WHERE id = $1', [runId])
  await dropJournalWhenEmpty(client)
}

async function insertSteps(
  client: DatabaseClient,
  runId: string,
  steps: readonly Step[],
  first: number,
): Promise<void> {
  const { definitionOf } = await import('../recipes/rebuild-step')
  for (const [index, step] of steps.entries()) {
    const definition = definitionOf(step)
    await client.query(
      `INSERT INTO prisma_audit.step (run_id, position, id, title, state, definition, checksum)
       VALUES ($1, $2, $3, $4, 'pending', $5, $6)`,
      [runId, first + index, step.id, step.title.replaceAll('→', '->'), definition, checksumOf(definition)],
    )
  }
  await recordTables(client, runId, steps)
}

/** SHA-256 of the definition's text, in hexadecimal. */
function checksumOf(definition: string): string {
  return createHash('sha256').update(definition).digest('hex')
}
