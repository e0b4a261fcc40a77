import { phrase } from '../../text/phrase'
import { isDeepStrictEqual } from 'node:util'
import { requireNoCodeAtPlanning } from '../../database/code-at-planning'
import type { DatabaseClient } from '../../database/connect'
import { isServersAnswer } from '../../database/database-errors'
import { quoteIdentifier, quoteLiteral, quoteQualified } from '../../database/quote'
import { requireNoCodeOfOthers } from './code-of-others'
import {
  copyBackFailed,
  copyBackIncomplete,
  rowsChangedMeanwhile,
  tableChangedMeanwhile,
  tableNotRestorable,
} from './errors'
import { compareRows, keysAreEqual, valuesDiffer, type RowDifferences } from './compare-rows'
import type { BesideTable } from './load-beside'
import { readTableFacts, type TableFacts } from './table-facts'

/** Which rows are restored: missing ones; changed ones, too; or all, which also deletes rows added since. */
export type CopyBackExtent = 'missing' | 'changed' | 'all'

export interface ComparedTable {
  readonly table: BesideTable
  readonly differences: RowDifferences
}

/**
 * Copies rows back for all tables in one transaction, which locks out other writers. User triggers do not fire, because
 * the rows must be as they were; foreign keys are checked; sequences are moved past the inserted values. If the
 * differences are no longer those that were shown, or if a row is not as it was afterwards, this fails and changes
 * nothing.
 *
 * @throws AuditError `rows-changed`, `table-changed`, `query-runs-code`, `rows-run-code`, `table-not-restorable`, `copy-back-incomplete`, and those of the server
 */
export async function copyBack(
  client: DatabaseClient,
  compared: readonly ComparedTable[],
  extent: CopyBackExtent,
): Promise<void> {
  const tables = parentsFirst(compared)
  await client.query('BEGIN')
  try {
    await client.query(`SET LOCAL lock_timeout = '15s'`)
    await client.query('SET CONSTRAINTS ALL DEFERRED')
    for (const { table } of tables) {
      await client.query(`LOCK TABLE ONLY ${originalOf(table)} IN SHARE ROW EXCLUSIVE MODE`)
    }
    // Again, because the lock keeps its owner from adding code from here on: a trigger that nobody disables, a view.
    for (const { table } of tables) await requireSameTable(client, table.facts)
    await requireNoCodeAtPlanning(
      client,
      tables.flatMap(({ table: { facts } }) => [facts.name, ...facts.referrers.map((referrer) => referrer.table)]),
    )
    for (const { table } of tables) await requireNoCodeOfOthers(client, table.facts)
    for (const { table, differences } of tables) {
      const now = await compareRows(client, table)
      if (now.fingerprint !== differences.fingerprint) throw rowsChangedMeanwhile(table.facts.name)
      await requireNoOthersChange(client, table, extent)
    }
    for (const { table } of tables) await alterTriggers(client, table.facts, () => 'DISABLE')
    if (extent === 'all') for (const { table } of tables.toReversed()) await client.query(deleteAdded(table))
    for (const { table } of tables) {
      if (extent !== 'missing' && settable(table).length > 0) await client.query(updateChanged(table))
      await client.query(insertMissing(table))
    }
    // Runs the deferred checks before enabling the triggers again, because ALTER TABLE fails while events are pending.
    await client.query('SET CONSTRAINTS ALL IMMEDIATE')
    for (const { table } of tables) await alterTriggers(client, table.facts, stateOf)
    for (const { table, differences } of tables) {
      const after = await compareRows(client, table)
      const left = [
        after.missing,
        ...(extent === 'missing' ? [] : [after.changed]),
        ...(extent === 'all' ? [after.added] : []),
      ]
      const isDone = left.every(({ count }) => count === 0)
      const isOtherwiseSame = extent === 'all' || after.added.count === differences.added.count
      if (!isDone || !isOtherwiseSame) throw copyBackIncomplete(table.facts.name)
      await moveSequences(client, table)
    }
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    // The end of the connection is not about the rows, and nobody knows whether it came before the commit.
    throw isServersAnswer(error) ? copyBackFailed(error) : error
  }
}

async function requireSameTable(client: DatabaseClient, facts: TableFacts): Promise<void> {
  if (!isDeepStrictEqual(await readTableFacts(client, facts), facts)) throw tableChangedMeanwhile(facts.name)
}

/** Referenced tables come before referencing ones; in a cycle, in the given order. */
function parentsFirst(compared: readonly ComparedTable[]): ComparedTable[] {
  const ordered = new Set<ComparedTable>()
  const visiting = new Set<ComparedTable>()
  const visit = (one: ComparedTable): void => {
    if (ordered.has(one) || visiting.has(one)) return
    visiting.add(one)
    for (const parent of compared) {
      if (parent.table.facts.referrers.some(({ oid }) => oid === one.table.facts.oid)) visit(parent)
    }
    ordered.add(one)
  }
  compared.forEach(visit)
  return [...ordered]
}

/** The effects of a foreign key on other rows were not shown to the user. */
async function requireNoOthersChange(
  client: DatabaseClient,
  table: BesideTable,
  extent: CopyBackExtent,
): Promise<void> {
  const { facts } = table
  for (const { table: referring, onDelete, onUpdate, columns, referenced } of facts.referrers) {
    const isSet = referenced.some((column) => settable(table).includes(column))
    if (extent !== 'missing' && CHANGES_OTHERS.has(onUpdate) && isSet) {
      const why = phrase`A foreign key of ${referring} references ${referenced.join(', ')}, so it would change rows of ${referring} too.`
      throw tableNotRestorable(facts.name, why)
    }
    if (extent !== 'all' || !CHANGES_OTHERS.has(onDelete)) continue
    const refers = columns
      .map((column, index) => {
        const target = quoteIdentifier(referenced[index] ?? '')
        return `other.${quoteIdentifier(column)} OPERATOR(pg_catalog.=) now.${target}`
      })
      .join(' AND ')
    const { rowCount } = await client.query(
      `SELECT FROM ONLY ${originalOf(table)} AS now JOIN ${referring} AS other ON ${refers}
       WHERE NOT EXISTS (SELECT FROM ${table.name} AS old WHERE ${keysAreEqual(table)}) LIMIT 1`,
    )
    if (rowCount !== 0) {
      const why = phrase`Rows of ${referring} reference rows that would be deleted, so its foreign key would delete or change them too.`
      throw tableNotRestorable(facts.name, why)
    }
  }
}

/** CASCADE, SET NULL, SET DEFAULT. */
const CHANGES_OTHERS: ReadonlySet<string> = new Set(['c', 'n', 'd'])

function originalOf({ facts }: BesideTable): string {
  return quoteQualified(facts.schema, facts.table)
}

function deleteAdded(table: BesideTable): string {
  return `DELETE FROM ONLY ${originalOf(table)} AS now
    WHERE NOT EXISTS (SELECT FROM ${table.name} AS old WHERE ${keysAreEqual(table)})`
}

/** GENERATED ALWAYS cannot be updated; a differing value is detected afterwards. */
function settable({ columns, facts }: BesideTable): string[] {
  const fixed = new Set(facts.columns.filter((column) => column.isAlwaysIdentity).map(({ name }) => name))
  return columns.filter((column) => !facts.key.includes(column) && !fixed.has(column))
}

function updateChanged(table: BesideTable): string {
  const values = settable(table).map((column) => `${quoteIdentifier(column)} = old.${quoteIdentifier(column)}`)
  return `UPDATE ONLY ${originalOf(table)} AS now SET ${values.join(', ')} FROM ${table.name} AS old
    WHERE ${keysAreEqual(table)} AND ${valuesDiffer(table)}`
}

function insertMissing(table: BesideTable): string {
  const list = table.columns.map(quoteIdentifier)
  return `INSERT INTO ${originalOf(table)} (${list.join(', ')}) OVERRIDING SYSTEM VALUE
    SELECT ${list.map((column) => `old.${column}`).join(', ')} FROM ${table.name} AS old
    WHERE NOT EXISTS (SELECT FROM ONLY ${originalOf(table)} AS now WHERE ${keysAreEqual(table)})`
}

async function alterTriggers(
  client: DatabaseClient,
  { schema, table, triggers }: TableFacts,
  wordOf: (state: string) => string,
): Promise<void> {
  for (const { name, state } of triggers) {
    await client.query(`ALTER TABLE ${quoteQualified(schema, table)} ${wordOf(state)} TRIGGER ${quoteIdentifier(name)}`)
  }
}

function stateOf(state: string): string {
  return state === 'A' ? 'ENABLE ALWAYS' : state === 'R' ? 'ENABLE REPLICA' : 'ENABLE'
}

/** Otherwise the application's next INSERT could get a restored key. Sequences are never moved back. */
async function moveSequences(client: DatabaseClient, table: BesideTable): Promise<void> {
  for (const { name, sequence } of table.facts.columns) {
    if (sequence === null) continue
    await client.query(
      `SELECT pg_catalog.setval(${quoteLiteral(sequence)}::pg_catalog.regclass, h.highest)
       FROM (SELECT pg_catalog.max(${quoteIdentifier(name)})::pg_catalog.int8 AS highest FROM ONLY ${originalOf(table)}) AS h
       CROSS JOIN ${sequence} AS s
       JOIN pg_catalog.pg_sequence AS q ON q.seqrelid OPERATOR(pg_catalog.=) ${quoteLiteral(sequence)}::pg_catalog.regclass
       WHERE q.seqincrement OPERATOR(pg_catalog.>) 0 AND h.highest OPERATOR(pg_catalog.>) s.last_value`,
    )
  }
}
