import assert from 'node:assert/strict'
import type { DatabaseClient } from '../../../../server/src/database/connect'
import type { Step } from '../../../../server/src/migration/model'
import { lookingUpInSession } from '../../../../server/src/database/lookup-path'
import { runCheck } from '../../../../server/src/verification/run-checks'

/** Weakest first, as `pg_locks` spells them. */
const MODES = [
  ...['none', 'AccessShareLock', 'RowShareLock', 'RowExclusiveLock', 'ShareUpdateExclusiveLock'],
  ...['ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'],
]

/**
 * Does a step as a person would by hand, twice, and proves what it says of itself: that it may be done twice, that its
 * checks pass, and, where it has a transaction of its own, its lock and whether it writes a table anew.
 */
export async function carryOutAndObserve(client: DatabaseClient, step: Step): Promise<void> {
  if (step.leftovers !== null) assert.deepEqual((await client.query(step.leftovers)).rows, [])
  await lookingUpInSession(client, step, async () => {
    if (step.transaction === 'own') await inTransaction(client, step)
    else for (const statement of step.up) await client.query(statement)
    for (const statement of step.up) await client.query(statement)
  })
  for (const check of step.verify) {
    const result = await runCheck(client, check)
    assert.equal(result.outcome, 'pass', `${step.id}: ${check.title}: ${result.found}`)
  }
}

/** Twice, since a way back that broke off is gone again. */
export async function takeBack(client: DatabaseClient, step: Step): Promise<void> {
  for (const statement of [...step.down, ...step.down]) await client.query(statement)
}

async function inTransaction(client: DatabaseClient, step: Step): Promise<void> {
  const before = await fileNumbers(client)
  await client.query('BEGIN')
  try {
    for (const statement of step.up) await client.query(statement)
    const locks = await client.query<{ table: string; mode: string }>(
      `SELECT format('%I.%I', nspname, relname) AS "table", mode FROM pg_locks
       JOIN pg_class AS c ON c.oid = relation JOIN pg_namespace AS n ON n.oid = relnamespace
       WHERE pid = pg_backend_pid() AND relkind IN ('r', 'p') AND nspname NOT LIKE 'pg\\_%' AND c.xmin <> pg_current_xact_id()::xid`,
    )
    const after = await fileNumbers(client)
    await client.query('COMMIT')
    checkLocks(step, locks.rows)
    const rewritten = [...before].filter(([table, number]) => (after.get(table) ?? number) !== number)
    assert.equal(rewritten.length > 0, step.rewrites, `${step.id}: writes anew ${rewritten.join(', ')}`)
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  }
}

function checkLocks(step: Step, locks: readonly { readonly table: string; readonly mode: string }[]): void {
  const claimed = rank(
    `${step.lock.mode.toLowerCase().replace(/(?:^| )(\w)/g, (_, letter: string) => letter.toUpperCase())}Lock`,
  )
  const named = new Set(step.lock.tables)
  const quoted = (table: string) => table.replace(/(^|\.)([a-z_][a-z0-9_$]*)(?=\.|$)/g, '$1"$2"')
  for (const { table, mode } of locks) {
    const most = named.has(quoted(table)) ? claimed : rank('RowExclusiveLock')
    assert.ok(rank(mode) <= most, `${step.id}: ${mode} on ${table}, which says ${step.lock.mode}`)
  }
  const isLocking = step.lock.mode !== 'none' && named.size > 0 && step.kind !== 'attach-index'
  if (!isLocking || locks.length === 0) return
  assert.ok(
    locks.some(({ table, mode }) => named.has(quoted(table)) && rank(mode) === claimed),
    `${step.id} says ${step.lock.mode} on ${[...named].join(', ')}, and took ${JSON.stringify(locks)}`,
  )
}

function rank(mode: string): number {
  const found = MODES.indexOf(mode === 'NoneLock' ? 'none' : mode)
  assert.notEqual(found, -1, mode)
  return found
}

async function fileNumbers(client: DatabaseClient): Promise<Map<string, string>> {
  const { rows } = await client.query<{ oid: string; number: string }>(
    `SELECT c.oid, pg_relation_filenode(c.oid)::text AS number FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace
     WHERE relkind = 'r' AND nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'`,
  )
  return new Map(rows.map(({ oid, number }) => [oid, number]))
}
