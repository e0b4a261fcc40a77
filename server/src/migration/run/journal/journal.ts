import { phrase } from '../../../text/phrase'
import type { DatabaseClient } from '../../../database/connect'
import type { AuditAddition, Step } from '../../model'
import { journalUnreadable } from '../own-schemas/errors'
import { FORMAT, FORMER_FORMAT, journalExists } from './journal-tables'

/** One run as recorded. `migrations/FORMAT.md` describes the tables. */
export interface JournalRun {
  readonly id: string
  readonly state: 'running' | 'completed' | 'rolling back' | 'rolled back'
  /** Written in format 1: it can be rolled back, but not resumed. */
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
  /** The start of the next batch; null before the first and after the last. */
  readonly cursor: readonly string[] | null
  /**
   * The values that the step itself wrote into rows, as text, if they are few: all other values are from someone else.
   */
  readonly filled: readonly string[]
}

/** Numbers begin again with a new journal, which replaces one that was dropped when its last run was rolled back. */
export function isSameRun(
  one: Pick<JournalRun, 'id' | 'startedAt'>,
  other: Pick<JournalRun, 'id' | 'startedAt'>,
): boolean {
  return one.id === other.id && one.startedAt.getTime() === other.startedAt.getTime()
}

/** All runs, oldest first; empty without a journal. A run in the state `running` is unfinished, or is running now. */
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
      phrase`Run ${unknown.id} was written in format ${unknown.format}; this version supports ${FORMAT}.`,
    )
  }
  // Loaded only if there is a journal.
  const { readAdditions, readStoredSteps } = await import('../recipes/read-stored')
  const former = new Set(runs.rows.filter(({ format }) => format === FORMER_FORMAT).map(({ id }) => id))
  const rebuilt = await readStoredSteps(steps.map((row) => ({ ...row, isFormer: former.has(row.run_id) })))
  const entries = steps.map((row, index): JournalStep & { readonly runId: string } => {
    const step = rebuilt[index]
    if (step === undefined) throw journalUnreadable(phrase`Step ${row.position} of run ${row.run_id} is missing.`)
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

/** A journal far larger than any that we write is not loaded into memory. */
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
    throw journalUnreadable(phrase`It is larger than any journal that Prisma Audit writes, so it was not read.`)
  }
}

const MOST_ROWS = 100_000

/** Below the limit of `database` for one response of a server. */
const MOST_BYTES = 48 * 1024 * 1024

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
