import { allOf, phrase, type Phrase } from '../../text/phrase'
import type { DatabaseModel } from '../../database/model'
import { quoteQualified } from '../../database/quote'
import type { Refusal, Step } from '../model'
import { STEP_KINDS } from '../step-kinds'
import { tableName } from './sql'
import { titleOfRelation } from './titles'

/**
 * Quoted names of the tables whose rows the step reads or writes, or whose values its rollback must preserve: none of
 * their rows may be hidden from the role.
 */
export function tablesWithRowsRead(step: Step): string[] {
  if (STEP_KINDS[step.kind].readsRows !== true && step.holdsData === undefined) return []
  const named = step.privileges.flatMap(({ action, name }) => (action === 'own' || action === 'select' ? [name] : []))
  return [tableName(step), ...step.lock.tables, ...named]
}

/** Quoted names of all tables that the steps change, reference or read: each is queried at some point. */
export function tablesQueried(steps: readonly Step[]): string[] {
  const of = (step: Step) => (step.kind === 'record-history' ? [] : [tableName(step), ...step.lock.tables])
  return [...new Set(steps.flatMap((step) => [...of(step), ...tablesWithRowsRead(step)]))]
}

/** Whether row-level security hides rows from the planning role, which could then neither fill nor verify them. */
export function hiddenRowRefusals(
  steps: readonly Step[],
  database: DatabaseModel,
  modelOf: (table: string) => string | undefined,
): Refusal[] {
  const read = new Set(steps.flatMap(tablesWithRowsRead))
  // A partition is checked with its partitioned table.
  const whole = database.tables.filter(({ kind }) => kind !== 'partition')
  return whole.flatMap((table) => {
    const name = quoteQualified(table.schema, table.name)
    const parts = [table, ...(table.partitions ?? [])]
    const hidden = parts.filter((part) => part.hidesRows === true).map(titleOfRelation)
    if (!read.has(name) || hidden.length === 0) return []
    return [
      {
        code: 'rows-hidden',
        model: modelOf(name) ?? table.name,
        object: name,
        reason: hiddenRowsReason(hidden),
        blocking: true,
      },
    ]
  })
}

export function hiddenRowsReason(tables: readonly string[]): Phrase {
  return phrase`Row-level security on ${allOf(tables)} hides rows from this role, so they could not be filled, verified or preserved. ${HIDDEN_ROWS_ADVICE}`
}

/** What to do about it. */
export const HIDDEN_ROWS_ADVICE = phrase`Connect as a role with BYPASSRLS; or, as the owner of the table, run ALTER TABLE … NO FORCE ROW LEVEL SECURITY before the migration and FORCE ROW LEVEL SECURITY after it.`
