import { createHash } from 'node:crypto'
import type { DatabaseClient } from '../../../database/connect'
import type { AuditError } from '../../../errors'
import type { AuditAddition, Plan, Step } from '../../model'
import { journalUnreadable } from '../own-schemas/errors'
import { explainEventTrigger } from '../session/event-triggers'
import { recordTables } from './identities'
import createTables from './journal.sql'
import { dropPreservedTablesWhenEmpty } from '../preserved/preserved-tables'
import { createOwnSchema, dropOwnSchemaWhenEmpty, ownTablesExist, type OwnSchema } from '../own-schemas/own-schema'

/** One run as the journal has it. The tables and what they mean are described in `migrations/FORMAT.md`. */
export interface JournalRun {
  readonly id: string
  readonly state: 'running' | 'completed' | 'rolling back' | 'rolled back'
  /** Written in format 1: it can be taken back, and is not gone on with. */
  readonly isFormer: boolean
  readonly additions: readonly AuditAddition[]
  readonly startedAt: Date
  readonly finishedAt: Date | null
  /** In the order of the plan. */
  readonly steps: readonly JournalStep[]
}

export interface JournalStep {
  readonly position: number
  readonly state: 'pending' | 'running' | 'done' | 'already there' | 'undone'
  readonly step: Step
  readonly batches: number
  readonly rowsDone: number
  /** Where the next batch begins; null before the first and after the last. */
  readonly cursor: readonly string[] | null
  /** The values that the step itself wrote into rows, as text, where they are few: all others were written by others. */
  readonly filled: readonly string[]
}

/** All runs, oldest first; empty where there is no journal. For a status: a run that is `running` broke off, or runs now. */
export async function readJournal(client: DatabaseClient): Promise<JournalRun[]> {
  if (!(await journalExists(client))) return []
  await requireSensibleSize(client)
  const runs = await client.query<RunRow>(
    'SELECT id::text, format, state, additions, started_at, finished_at FROM prisma_audit.run ORDER BY run.id',
  )
  const { rows: steps } = await client.query<StepRow>(
    `SELECT run_id::text, position, state, definition::text, checksum, batches::int, rows_done::float8, batch_cursor, filled
     FROM prisma_audit.step ORDER BY run_id, position`,
  )
  const unknown = runs.rows.find(({ format }) => format !== FORMAT && format !== FORMER_FORMAT)
  if (unknown !== undefined) {
    throw journalUnreadable(
      `Run ${unknown.id} was written in format ${unknown.format}; this version supports ${FORMAT}.`,
    )
  }
  // A start of a process that finds no journal need not load what reads one.
  const { readAdditions, readStoredSteps } = await import('../recipes/read-stored')
  const former = new Set(runs.rows.filter(({ format }) => format === FORMER_FORMAT).map(({ id }) => id))
  const rebuilt = await readStoredSteps(steps.map((row) => ({ ...row, isFormer: former.has(row.run_id) })))
  const entries = steps.map((row, index): JournalStep & { readonly runId: string } => {
    const step = rebuilt[index]
    if (step === undefined) throw journalUnreadable(`Step ${row.position} of run ${row.run_id} is missing.`)
    const { position, state, batches, batch_cursor: cursor, filled } = row
    return { runId: row.run_id, position, state, step, batches, rowsDone: row.rows_done, cursor, filled }
  })
  return runs.rows.map((run) => ({
    id: run.id,
    state: run.state,
    isFormer: former.has(run.id),
    additions: readAdditions(run.id, run.additions),
    startedAt: run.started_at,
    finishedAt: run.finished_at,
    steps: entries.filter(({ runId }) => runId === run.id),
  }))
}

/** What no plan of ours comes near to is not loaded into memory. */
async function requireSensibleSize(client: DatabaseClient): Promise<void> {
  const { rows } = await client.query<{ runs: number; steps: number; bytes: number }>(
    `SELECT (SELECT pg_catalog.count(*)::pg_catalog.float8 FROM (SELECT FROM prisma_audit.run LIMIT $1 + 1) AS r) AS runs,
       (SELECT pg_catalog.count(*)::pg_catalog.float8 FROM (SELECT FROM prisma_audit.step LIMIT $1 + 1) AS s) AS steps,
       coalesce((SELECT pg_catalog.sum(s.bytes)::pg_catalog.float8 FROM (
         SELECT pg_catalog.octet_length(definition::pg_catalog.text) OPERATOR(pg_catalog.+) pg_catalog.octet_length(checksum)
           OPERATOR(pg_catalog.+) coalesce(pg_catalog.octet_length(pg_catalog.array_to_string(filled, '')), 0)
           OPERATOR(pg_catalog.+) coalesce(pg_catalog.octet_length(pg_catalog.array_to_string(batch_cursor, '')), 0) AS bytes
         FROM prisma_audit.step LIMIT $1 + 1
       ) AS s), 0) OPERATOR(pg_catalog.+) coalesce((SELECT pg_catalog.sum(r.bytes)::pg_catalog.float8 FROM (
         SELECT pg_catalog.octet_length(additions::pg_catalog.text) AS bytes FROM prisma_audit.run LIMIT $1 + 1
       ) AS r), 0) AS bytes`.replaceAll('$1 + 1', String(MOST_ROWS + 1)),
  )
  const size = rows[0]
  if (size === undefined || size.runs > MOST_ROWS || size.steps > MOST_ROWS || size.bytes > MOST_BYTES) {
    throw journalUnreadable('It is larger than any journal that Prisma Audit writes, so it was not read.')
  }
}

const MOST_ROWS = 100_000

/** Less than `database` takes of a server in one answer. */
const MOST_BYTES = 48 * 1024 * 1024

/** Are the journal's tables there? Rejects with `journal-not-trusted`; asked before anything is read or written. */
export async function journalExists(client: DatabaseClient): Promise<boolean> {
  return await ownTablesExist(client, SCHEMA)
}

/** Makes what a journal of an older version lacks. To be called before batches of it are run, or asked for. */
export async function completeJournal(client: DatabaseClient): Promise<void> {
  if (await journalExists(client)) await createJournal(client)
}

/** To be called in a transaction. */
export async function createJournal(client: DatabaseClient): Promise<void> {
  await createOwnSchema(client, SCHEMA, createTables)
}

/** Writes the plan down before anything of it is done, and makes the journal where there is none. */
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
    if (recorded === undefined) throw journalUnreadable('The run that was just written is missing.')
    return withSteps(recorded, plan.steps)
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  }
}

/** Adds to a run that had broken off what the plan has besides, and answers the whole of it as it stands then. */
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
  if (extended === undefined) throw journalUnreadable('The run that was just extended is missing.')
  return withSteps(extended, steps)
}

/** The run with the steps that were written last as they were given: what was planned a moment ago is what runs. */
function withSteps(run: JournalRun, given: readonly Step[]): JournalRun {
  const before = run.steps.length - given.length
  return {
    ...run,
    steps: run.steps.map((entry, index) => ({ ...entry, step: given[index - before] ?? entry.step })),
  }
}

/** Adds steps behind those of a run that stands already, and answers them as they stand then. */
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
  return Math.max(0, ...steps.map(({ position }) => position)) + 1
}

/** A run that goes on does a step as its fresh plan has it, and remembers that. */
export async function redefineStep(client: DatabaseClient, runId: string, position: number, step: Step): Promise<void> {
  const { definitionOf } = await import('../recipes/rebuild-step')
  const definition = definitionOf(step)
  await client.query(
    'UPDATE prisma_audit.step SET definition = $3, checksum = $4 WHERE run_id = $1 AND position = $2',
    [...[runId, position, definition, checksumOf(definition)]],
  )
}

/** Marks a step; inside the step's own transaction this is what settles whether it was committed. */
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

/** What a batch did. */
export interface BatchOutcome {
  readonly filled: number
  /** Where the next one begins. */
  readonly next: readonly string[] | null
  /** What the rows were filled with, where that is one value for all of them. */
  readonly value: string | null
}

/** Notes a batch in the batch's own transaction, and which transaction that is. */
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

/** Notes what a step wrote into the rows that stood already; inside the step's own transaction. */
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
 * A run that found everything there already made nothing, and nothing need be remembered of it. Where an event trigger keeps the
 * journal, it stays, empty.
 */
export async function forgetRun(client: DatabaseClient, runId: string): Promise<void> {
  await client.query('DELETE FROM prisma_audit.run WHERE id = $1', [runId])
  await dropJournalWhenEmpty(client)
}

/**
 * Once no run has anything left in the database, the journal goes too, so that the database is as it was. What was kept
 * of the application's values stays, in a schema of its own. Answers which event trigger keeps it from being dropped, where
 * one does.
 */
export async function dropJournalWhenEmpty(client: DatabaseClient): Promise<AuditError | null> {
  const { rows } = await client.query<{ left: boolean }>(
    `SELECT EXISTS (SELECT FROM prisma_audit.run WHERE state <> 'rolled back') AS "left"`,
  )
  if (rows[0]?.left !== false) return null
  await client.query('BEGIN')
  try {
    await client.query(
      'DROP TABLE IF EXISTS prisma_audit.object, prisma_audit.identity, prisma_audit.write, prisma_audit.batch, prisma_audit.step, prisma_audit.run',
    )
    await dropPreservedTablesWhenEmpty(client)
    await dropOwnSchemaWhenEmpty(client, SCHEMA)
    await client.query('COMMIT')
    return null
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    const known = await explainEventTrigger(client, error, 'Drop the journal (schema prisma_audit)')
    if (known === null) throw error
    return known
  }
}

/** Of the tables. A journal in another format is never guessed at. */
const FORMAT = 2

/** Which had the SQL of the steps in it. Of that, nothing is run. */
const FORMER_FORMAT = 1

const SCHEMA: OwnSchema = {
  name: 'prisma_audit',
  comment: 'Made by Prisma Audit: the journal of its migrations. Dropped when all of them are rolled back.',
  tables: {
    run: ['id', 'format', 'state', 'additions', 'role', 'started_at', 'finished_at'],
    step: [
      ...[
        'run_id',
        'position',
        'id',
        'title',
        'state',
        'definition',
        'checksum',
        'batches',
        'rows_done',
        'batch_cursor',
      ],
      ...['filled', 'started_at', 'finished_at'],
    ],
    batch: ['xid', 'run_id', 'position'],
    write: ['run_id', 'table_name', 'write', 'outcome'],
    identity: ['run_id', 'table_name', 'column_name', 'relation', 'number', 'journal'],
    object: ['run_id', 'position', 'catalog', 'number', 'name', 'journal'],
  },
  // Journals of the first versions have none.
  optional: ['batch', 'write', 'identity', 'object'],
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

interface RunRow {
  readonly id: string
  readonly format: number
  readonly state: JournalRun['state']
  readonly additions: unknown
  readonly started_at: Date
  readonly finished_at: Date | null
}

interface StepRow {
  readonly run_id: string
  readonly position: number
  readonly state: JournalStep['state']
  readonly definition: string
  readonly checksum: string
  readonly batches: number
  readonly rows_done: number
  readonly batch_cursor: readonly string[] | null
  readonly filled: readonly string[]
}

/** SHA-256 of the definition's text, in hexadecimal. */
function checksumOf(definition: string): string {
  return createHash('sha256').update(definition).digest('hex')
}
