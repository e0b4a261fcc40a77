import { phrase, type Phrase } from '../../../text/phrase'
import type { DatabaseClient } from '../../../database/connect'
import { readTableTriggers, type TableTrigger } from '../../../database/table-triggers'
import { lookingUp } from '../../../database/lookup-path'
import { quoteIdentifier, quoteQualified } from '../../../database/quote'
import { tryWritesAfter, type ServersWords } from '../../../verification/writes/probe-writes'
import { whyWritesMayActOutside } from '../../../verification/writes/may-act-outside'
import type { Step } from '../../model'
import { copiesRowsInto, MADE_UP } from '../../plan/copied-rows'
import { titleOfColumns, titleOfName, titleOfTable } from '../../plan/titles'
import { KEEP_UPDATED_AT } from '../../plan/clock-function'
import { writtenTables } from './application-writes'
import { explainFailure } from '../execution/execution'
import { columnsBreakTrigger, triggerWritesNoUser, type BrokenTrigger, type WritesNoUser } from './errors'
import { stepFailed } from '../steps/errors'
import { retryLocked, type RetryOptions } from '../execution/retry'
import { isConnectionLost, type MigrationSession } from '../session/session'
import type { BlockerWatch } from '../execution/blocker-watch'

/**
 * Adds the columns and foreign keys of the plan to each table that has triggers of the project, writes a row like the
 * application, and rolls all of it back. A trigger that copies whole rows into another table fails once there are more
 * columns, and one that writes something other than a user's key fails at the foreign key; every write of the
 * application would then fail. Rejects with `trigger-breaks` before the first change. Each table is locked for some
 * hundredths of a second, in the same way as later by the step that adds its columns.
 */
export async function requireColumnsFitTriggers(
  session: MigrationSession,
  steps: readonly Step[],
  lookupSchema: string,
  {
    watch,
    retry,
    lockTimeout,
  }: { readonly watch: BlockerWatch; readonly retry: RetryOptions; readonly lockTimeout: number },
): Promise<void> {
  const { client } = session
  for (const table of writtenTables(steps, lookupSchema)) {
    const changes = steps.filter(
      (step) => CHANGES.has(step.kind) && step.schema === table.schema && step.table === table.table,
    )
    const additions = changes.filter(({ kind }) => kind === 'add-column')
    const [first] = changes
    if (first === undefined) continue
    const triggers = await firedByWrites(client, first)
    if (triggers.length === 0) continue
    const notTried = await whyWritesMayActOutside(client, table)
    if (notTried !== null) {
      if (additions.length > 0)
        await requireRoomForCopies(client, first, additions, triggers, { lookupSchema, notTried })
      continue
    }
    const change = async () => {
      for (const step of changes) {
        await lookingUp(client, step, async () => {
          for (const statement of step.up) await client.query(statement)
        })
      }
    }
    watch.begin(first.title, first.lock.tables)
    try {
      const broken = await retryLocked(retry, () => tryWritesAfter(client, table, change, lockTimeout))
      const [said] = Object.values(broken)
      if (said === undefined) continue
      const key = changes.find(({ kind, object }) => kind === 'add-foreign-key' && object === said.constraint)
      if (key?.foreignKey !== undefined) throw triggerWritesNoUser(describeKey(key.foreignKey, table, triggers, said))
      throw columnsBreakTrigger(describe(first, additions, triggers, said))
    } catch (error) {
      if (retry.signal?.aborted === true) throw error
      const known = await explainFailure(session, first, error)
      if (known === error || isConnectionLost(known)) throw error
      throw stepFailed(first.title, { number: steps.indexOf(first) + 1, count: steps.length }, 0, known)
    }
  }
}

/** For a partitioned table, the foreign keys of its partitions are added one by one. */
const CHANGES: ReadonlySet<Step['kind']> = new Set<Step['kind']>(['add-column', 'add-foreign-key'])

/** The triggers that name the column; all if none does. */
function describeKey(
  { columns, referenced }: NonNullable<Step['foreignKey']>,
  table: { readonly schema: string; readonly table: string },
  triggers: readonly TableTrigger[],
  { message }: ServersWords,
): WritesNoUser {
  const naming = triggers.filter(({ source }) => columns.some((column) => source.includes(column)))
  return {
    column: titleOfColumns(table, columns),
    referenced: titleOfTable(referenced),
    triggers: (naming.length > 0 ? naming : triggers).map(({ name }) => titleOfName(name)),
    message,
  }
}

/**
 * If the code must not run, its text decides: a function that copies whole rows into a table without room for more
 * columns would fail at the first write, which is that of a fill.
 */
async function requireRoomForCopies(
  client: DatabaseClient,
  first: Step,
  additions: readonly Step[],
  triggers: readonly TableTrigger[],
  { lookupSchema, notTried }: { readonly lookupSchema: string; readonly notTried: Phrase },
): Promise<void> {
  const table = quoteQualified(first.schema, first.table)
  for (const trigger of triggers) {
    const target = copiesRowsInto(trigger.source)
    if (target === null) continue
    const room = await roomFor(client, table, target, lookupSchema)
    if (room >= additions.length) continue
    const said = {
      message: phrase`it copies whole rows; it was not tried, because ${notTried}`,
      statement: `INSERT INTO ${target}`,
    }
    const where = `${quoteIdentifier(trigger.functionName)}(`
    throw columnsBreakTrigger(describe(first, additions, [trigger], { ...said, where }))
  }
}

/** How many more columns the target has than the table; 0 if unknown. */
async function roomFor(client: DatabaseClient, table: string, target: string, lookupSchema: string): Promise<number> {
  if (target === MADE_UP) return 0
  const qualified = target.replace(/"[^"]*"/g, '').includes('.') ? target : `${quoteIdentifier(lookupSchema)}.${target}`
  const { rows } = await client.query<{ room: number }>(
    `SELECT ${COLUMNS_OF}$1)) OPERATOR(pg_catalog.-) ${COLUMNS_OF}$2)) AS room`,
    [qualified, table],
  )
  return rows[0]?.room ?? 0
}

const COLUMNS_OF = `(SELECT pg_catalog.count(*)::pg_catalog.int4 FROM pg_catalog.pg_attribute
  WHERE attnum OPERATOR(pg_catalog.>) 0 AND NOT attisdropped AND attrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(`

/** The triggers that writes to the table or its partitions fire, except ours. */
async function firedByWrites(client: DatabaseClient, step: Step): Promise<TableTrigger[]> {
  const triggers = await readTableTriggers(client, step)
  return triggers.filter(({ firesInSessions, source }) => firesInSessions && !source.includes(KEEP_UPDATED_AT))
}

function describe(
  { schema, table }: Step,
  additions: readonly Step[],
  triggers: readonly TableTrigger[],
  { message, where, statement }: Pick<ServersWords, 'where' | 'statement'> & { readonly message: string | Phrase },
): BrokenTrigger {
  const called = triggers.filter(
    ({ functionName }) => where.includes(`${quoteIdentifier(functionName)}(`) || where.includes(`${functionName}(`),
  )
  const [first] = called
  return {
    table: quoteQualified(schema, table),
    columns: additions.flatMap(({ object }) => (object === null ? [] : [quoteIdentifier(object)])),
    triggers: called.map(({ name }) => quoteIdentifier(name)),
    functionName: first === undefined ? null : `${quoteQualified(first.functionSchema, first.functionName)}()`,
    writes: WRITTEN.exec(statement)?.[1] ?? null,
    statement: statement.replaceAll(/\s+/g, ' ').trim(),
    message,
  }
}

const NAME = String.raw`(?:"(?:[^"]|"")[^"]*(?:""[^"]*)*"|[\p{L}_][\p{L}\p{N}_$]*)`

const WRITTEN = new RegExp(
  String.raw`\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|MERGE\s+INTO)\s+(?:ONLY\s+)?(${NAME}(?:\s*\.\s*${NAME})?)`,
  'iu',
)
