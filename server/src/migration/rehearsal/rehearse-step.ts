import type { DatabaseClient } from '../../database/connect'
import { errorCode, isRejection } from '../../database/database-errors'
import { lookingUpInSession } from '../../database/lookup-path'
import { askForFound } from '../../verification/run-checks'
import type { Batch, Step } from '../model'
import { KEEP_UPDATED_AT } from '../plan/clock-function'
import { askCheck } from './ask-check'
import type { ObservedLock, RehearsedStatement } from './model'
import type { Observer } from './observe'
import type { Watcher } from './watcher'
import { inPlainEnglish, phrase, type Phrase } from '../../text/phrase'
import { phraseOfAnswer, phraseOfCheck } from '../plan/check-titles'

/** How the statements of a pass run. */
export interface StepSession {
  readonly client: DatabaseClient
  /** Null in the passes that are not observed. */
  readonly observer: Observer | null
  /** A second connection, for locks that are not visible from the first; null if there is none. */
  readonly watcher: Watcher | null
}

/** A failed statement or check: the rehearsal stops and reports it. */
export class RehearsalStop extends Error {
  constructor(
    readonly kind: 'statement' | 'verification',
    readonly said: string | Phrase,
    readonly sql: string | null,
    /** The server's SQLSTATE, if it rejected a statement. */
    readonly code: string | null = null,
  ) {
    super(typeof said === 'string' ? said : inPlainEnglish(said))
    this.name = 'RehearsalStop'
  }
}

export interface WalkedRows {
  /** The number of rows that a step in batches wrote; null for other steps. */
  readonly filled: number | null
}

/**
 * Runs a step like the runner: in its transaction mode, statement by statement, with its check before the COMMIT.
 * Statements that ran are added to `done`, even if one fails.
 *
 * @throws RehearsalStop
 */
export async function stepUp(session: StepSession, step: Step, done: RehearsedStatement[]): Promise<WalkedRows> {
  const { batch } = step
  if (batch !== null)
    return { filled: await lookingUpInSession(session.client, step, () => walk(session, batch, done)) }
  if (step.transaction === 'own') {
    await lookingUpInSession(session.client, step, () =>
      inTransaction(session, step.up, done, () => requireProof(session.client, step)),
    )
  } else {
    for (const statement of await leftovers(session.client, step)) await runOutside(session, step, statement, done)
    await lookingUpInSession(session.client, step, async () => {
      for (const statement of step.up) await runOutside(session, step, statement, done)
    })
    await requireProof(session.client, step)
  }
  return { filled: null }
}

/** The step as in the scripts for psql: a walk is one DO block there, which commits its batches itself. */
export async function scriptUp(session: StepSession, step: Step): Promise<void> {
  if (step.batch === null) await stepUp(session, step, [])
  else {
    await lookingUpInSession(session.client, step, async () => {
      for (const statement of step.up) await attempt(statement, () => session.client.query(statement))
    })
  }
}

/** @throws RehearsalStop */
export async function stepDown(session: StepSession, step: Step, done: RehearsedStatement[]): Promise<void> {
  await lookingUpInSession(session.client, step, async () => {
    if (step.transaction !== 'none') await inTransaction(session, step.down, done, () => Promise.resolve())
    else for (const statement of step.down) await runOutside(session, step, statement, done)
  })
}

/** Whether the step's own check passes; false if it has none. */
export async function isProven(client: DatabaseClient, step: Step): Promise<boolean> {
  if (step.verify.length === 0) return false
  for (const check of step.verify) if ((await askCheck(client, check)).outcome !== 'pass') return false
  return true
}

/** @throws RehearsalStop */
export async function requireProof(client: DatabaseClient, step: Step): Promise<void> {
  for (const check of step.verify) {
    const found = await attempt(check.sql, () => askForFound(client, check))
    if (found !== check.expected) {
      throw new RehearsalStop(
        'verification',
        phrase`${phraseOfCheck(check.title)}: expected ${phraseOfAnswer(check.expected)}, found ${phraseOfAnswer(found)}.`,
        check.sql,
      )
    }
  }
}

async function inTransaction(
  { client, observer }: StepSession,
  statements: readonly string[],
  done: RehearsedStatement[],
  proof: () => Promise<void>,
): Promise<void> {
  if (statements.length === 0) return
  try {
    if (observer === null) {
      const all = statements.join(';\n')
      await attempt(all, () => client.query(`BEGIN;\n${all}`))
    } else await runObserved(client, observer, statements, done)
    await proof()
    await attempt('COMMIT', () => client.query('COMMIT'))
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  }
}

async function runObserved(
  client: DatabaseClient,
  observer: Observer,
  statements: readonly string[],
  done: RehearsedStatement[],
): Promise<void> {
  let held: readonly ObservedLock[] = []
  for (const [index, statement] of statements.entries()) {
    // BEGIN with the first statement saves a round trip, of which a large plan has thousands.
    await attempt(statement, () => client.query(index === 0 ? `BEGIN;\n${statement}` : statement))
    const { locks, rewrites } = await observer.inTransaction(client)
    // Locks that were already held belong to the previous statement.
    done.push({ sql: statement, locks: newLocks(held, locks), rewrites })
    held = locks
  }
}

function newLocks(before: readonly ObservedLock[], now: readonly ObservedLock[]): ObservedLock[] {
  return now.filter(({ table, mode }) => !before.some((lock) => lock.table === table && lock.mode === mode))
}

/** In autocommit. The locks are released when the statement ends, so only another session can see them. */
async function runOutside(
  { client, observer, watcher }: StepSession,
  step: Step,
  statement: string,
  done: RehearsedStatement[],
): Promise<void> {
  const run = async () => {
    await attempt(statement, () => client.query(statement))
  }
  if (observer === null) {
    await run()
    return
  }
  const table = step.lock.tables.find((name) => observer.has(name))
  let locks: readonly ObservedLock[] | null = null
  if (watcher === null || table === undefined) await run()
  else locks = await watcher.watch(observer, table, run)
  done.push({ sql: statement, locks, rewrites: await observer.afterwards(client, step.lock.tables) })
}

/** Returns the number of filled rows. */
async function walk({ client, observer }: StepSession, batch: Batch, done: RehearsedStatement[]): Promise<number> {
  const start = await attempt(batch.start, () => client.query<{ cursor: string[] | null }>(batch.start))
  let cursor = start.rows[0]?.cursor ?? null
  let filled = 0
  for (let count = 1; cursor !== null; count++) {
    if (count > MOST_BATCHES) {
      throw new RehearsalStop('statement', phrase`Filling did not end after ${MOST_BATCHES} batches.`, batch.next)
    }
    const from: string[] = cursor
    await client.query(`BEGIN; SELECT pg_catalog.set_config('${KEEP_UPDATED_AT}', 'on', true)`)
    try {
      const { rows } = await attempt(batch.next, () =>
        client.query<{ filled: string; cursor: string[] | null }>(batch.next, [from, batch.size]),
      )
      filled += Number(rows[0]?.filled ?? 0)
      cursor = rows[0]?.cursor ?? null
      if (observer !== null) done.push({ sql: batch.next, ...(await observer.inTransaction(client)) })
      await attempt('COMMIT', () => client.query('COMMIT'))
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined)
      throw error
    }
  }
  return filled
}

/** A few rows are one batch, or a few batches if the table has no key. */
const MOST_BATCHES = 100

async function leftovers(client: DatabaseClient, step: Step): Promise<string[]> {
  const query = step.leftovers
  if (query === null) return []
  const { rows } = await attempt(query, () => client.query<string[]>({ text: query, rowMode: 'array' }))
  return rows.flatMap(([statement]) => (statement === undefined ? [] : [statement]))
}

async function attempt<Result>(sql: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw isRejection(error) ? new RehearsalStop('statement', error.message, sql, errorCode(error) ?? null) : error
  }
}
