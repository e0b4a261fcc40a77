import type { DatabaseClient } from '../../../database/connect'
import { readTableTriggers } from '../../../database/table-triggers'
import { quoteQualified } from '../../../database/quote'
import type { Step } from '../../model'
import { KEEP_UPDATED_AT } from '../../plan/clock-function'
import type { SparedNulls } from '../../plan/spared-nulls'
import { withOtherColumnsHeld } from '../../plan/steps/hold-columns'
import { dropPreservedTablesWhenEmpty, preservedTablesExist } from './preserved-tables'
import { countNullsStep, NULLS, type CountNullsParameters } from './count-nulls-step'
import { countPreservedColumns, isColumn, type PreservedColumn } from './preserved-columns'
import { restoreValuesStep, PUT_BACK, type RestoreValuesParameters } from './restore-values-step'
import { readKeyColumns, type ColumnName } from './row-key'
import { isFillOf, readHolders } from './fills-of-column'

/** The step that fills a column, rebuilt from its recipe so that it leaves these rows NULL (`sparing`). */
export type Spare = (fill: Step, spared: readonly SparedNulls[]) => Promise<Step>

/** The result of restoring the preserved values of one column. */
export interface RestoredValues extends ColumnName {
  readonly putBack: number
  /** No row has their key: it was deleted, or its key has changed. They stay preserved. */
  readonly rowGone: number
  /** The user that they reference was deleted. They stay preserved. */
  readonly userGone: number
  /** The row already has a newer value. */
  readonly overtaken: number
  /** There were NULLs among them, so that rows which stood before the run may have none now. */
  readonly hadNulls: boolean
}

/**
 * The plan's steps with one more for each set of preserved values of a column that they add: after the column and its
 * foreign key, before the step that fills the rest. Types and tables come from the plan: only column names are taken
 * from the preserved data, and only existing ones.
 */
export async function withRestoreSteps(
  client: DatabaseClient,
  steps: readonly Step[],
  lookupSchema: string,
  spare: Spare,
): Promise<Step[]> {
  const result = [...steps]
  const newer: PreservedColumn[] = []
  // The newest values are restored first; older ones fill the rest.
  for (const preserved of (await countPreservedColumns(client)).reverse()) {
    const { id, schema, table, column, values, nulls } = preserved
    const name = { schema, table, column }
    const type = steps.find((step) => step.kind === 'add-column' && isColumn(name, columnOf(step)))?.columnType
    if (preserved.state !== 'kept' || values + nulls === 0 || type === undefined) continue
    const key = await readKeyColumns(client, name, preserved.keyColumns)
    if (key === null) continue
    if (nulls > 0) await leaveNulls(client, result, { kept: { ...name, id }, nulls, key }, spare)
    const later = newer.filter((one) => isColumn(one, name) && one.keyColumns.join() === preserved.keyColumns.join())
    if (nulls > 0) newer.push(preserved)
    if (values === 0) continue
    const user = await readUser(client, name, steps)
    const made = restoreValuesStep({
      kept: { ...name, id, type },
      values,
      key,
      user,
      newer: later.map((one) => one.id),
    })
    // It fires the table's triggers, which look up names like the application.
    const step = { ...made, lookupSchema }
    const place = placeFor(name, result)
    const isHeld = result.some(({ id: other }) => other === `hold-columns:${result[place]?.id ?? ''}`)
    const triggers = isHeld ? [] : await firedByRestore(client, name)
    result.splice(place, 0, ...withOtherColumnsHeld(triggers, column, step))
  }
  return result
}

/** The results of the restore steps of a run; what is no longer needed is deleted. Call when the steps are done. */
export async function finishRestore(client: DatabaseClient, steps: readonly Step[]): Promise<RestoredValues[]> {
  const restoring = steps.flatMap(({ kind, id }) => (kind === 'put-back' ? [id.slice(PUT_BACK.length)] : []))
  const ids = restoring.map((id) => id.replace(NULLS, ''))
  const ofNulls = restoring.flatMap((id) => (id.endsWith(NULLS) ? [id.replace(NULLS, '')] : []))
  if (ids.length === 0 || !(await preservedTablesExist(client))) return []
  const { rows } = await client.query<RestoredValues>(
    `SELECT schema_name AS schema, table_name AS "table", column_name AS "column", put_back::float8 AS "putBack",
       row_gone::float8 AS "rowGone", user_gone::float8 AS "userGone", overtaken::float8 AS overtaken,
       id::text = ANY ($2) AS "hadNulls"
     FROM prisma_audit_kept.kept_column WHERE id::text = ANY ($1) ORDER BY kept_column.id`,
    [ids, ofNulls],
  )
  // The rest is counted again next time.
  await client.query(
    `UPDATE prisma_audit_kept.kept_column SET put_back = 0, row_gone = 0, user_gone = 0, overtaken = 0 WHERE id::text = ANY ($1)`,
    [ids],
  )
  await dropPreservedTablesWhenEmpty(client)
  return rows
}

/** As `firedByFill`, for the current table. */
async function firedByRestore(client: DatabaseClient, table: ColumnName): Promise<string[]> {
  const triggers = await readTableTriggers(client, table)
  const fired = triggers.filter(({ isForUpdate, source }) => isForUpdate && !source.includes(KEEP_UPDATED_AT))
  return [...new Set(fired.map(({ name }) => name))]
}

/** The fill of a nullable column skips these rows, and a later step counts them. */
async function leaveNulls(
  client: DatabaseClient,
  steps: Step[],
  nulls: CountNullsParameters,
  spare: Spare,
): Promise<void> {
  const { kept, key } = nulls
  const holders = (await readHolders(client, [kept])).get(quoteQualified(kept.schema, kept.table)) ?? new Set()
  for (const [index, step] of steps.entries()) {
    if (isFillOf(step, kept, holders)) steps[index] = await spare(step, [{ columnId: kept.id, key }])
  }
  const filled = steps.findLastIndex((step) => isFillOf(step, kept, holders))
  const place = filled === -1 ? placeFor(kept, steps) : filled + 1
  const isHeld = steps[place]?.kind === 'release-columns'
  steps.splice(isHeld ? place + 1 : place, 0, countNullsStep(nulls))
}

function placeFor(preserved: ColumnName, steps: readonly Step[]): number {
  const table = new Set([quoteQualified(preserved.schema, preserved.table)])
  const filling = steps.findIndex((step) => isFillOf(step, preserved, table))
  const last = steps.findLastIndex(
    (step) =>
      (step.kind === 'add-column' || step.kind === 'add-foreign-key') &&
      step.schema === preserved.schema &&
      step.table === preserved.table,
  )
  return filling === -1 ? last + 1 : filling
}

function columnOf(step: Step): ColumnName {
  return { schema: step.schema, table: step.table, column: step.object ?? '' }
}

/**
 * The key that the column references in the plan, as it is now. The stored reference of the values is in a table that
 * others may write, and is not used.
 */
async function readUser(
  client: DatabaseClient,
  { schema, table, column }: ColumnName,
  steps: readonly Step[],
): Promise<RestoreValuesParameters['user']> {
  const place = steps.find(
    (step) => step.schema === schema && step.table === table && step.foreignKey?.columns.join() === column,
  )
  if (place?.foreignKey === undefined) return null
  const { referenced } = place.foreignKey
  const [key] = (await readKeyColumns(client, referenced, referenced.columns)) ?? []
  return { schema: referenced.schema, table: referenced.table, key: key ?? null }
}
