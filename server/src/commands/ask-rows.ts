import type { DatabaseClient } from '../database/connect'
import { requireNoCodeAtPlanning } from '../database/code-at-planning'
import { isLockTimeout, isServersAnswer } from '../database/database-errors'
import { readSurroundings } from '../database/table-surroundings'
import type { Plan, Refusal, Step } from '../migration/model'
import { judgeSurroundings, tablesOfPlan } from '../migration/plan/judge-surroundings'
import { withEstimate } from '../migration/plan/estimate'
import { tablesQueried } from '../migration/plan/rows-read'
import { tableName } from '../migration/plan/sql'
import { askPrecondition } from '../migration/run/preconditions/precondition'
import { countedRows, describeExistingRows } from './existing-rows'
import type { Interaction } from './interaction'
import { withTarget, type Target } from './target'
import { inPlainEnglish, phrase, type Phrase } from '../text/phrase'
import { phraseOfPrecondition } from '../migration/plan/precondition-texts'
import type { UnmetPrecondition } from '../migration/run/preconditions/errors'

/**
 * Adds what only the rows and their surroundings show: refusals (orphaned values, rows that need a user where there is
 * none, objects around a table), the values that existing rows get, and costs. If a table takes too long to read, the
 * run checks it again before its first step. Rejects if the connection is lost.
 */
export async function askTheRows(target: Target, interaction: Interaction, plan: Plan): Promise<Plan> {
  if (plan.steps.length === 0) return plan
  const conditions = plan.steps.filter(({ kind }) => kind === 'precondition')
  const ask = async (client: DatabaseClient): Promise<Plan> => {
    await requireNoCodeAtPlanning(client, tablesQueried(plan.steps))
    const around = judgeSurroundings(plan, await readSurroundings(client, tablesOfPlan(plan)))
    const refusals: Refusal[] = [...plan.refusals, ...around.refusals]
    for (const step of conditions) {
      const refusal = await answered(() => refusalOf(client, step), interaction)
      if (refusal !== null) refusals.push(refusal)
    }
    const existing = await describeExistingRows(client, plan.existingRows ?? [])
    interaction.signal.throwIfAborted()
    return {
      ...plan,
      refusals,
      steps: plan.steps.map((step) => withCount(step, existing.counts)),
      // Warnings about changed rows come first, because a confirmation shows only a few.
      warnings: [...existing.warnings, ...around.warnings, ...plan.warnings],
      remarks: [...(plan.remarks ?? []), ...around.remarks],
      tableBytes: around.tableBytes ?? {},
    }
  }
  // The wait for a lock reports its holder and asks about it: see waitForLock.
  const settings = { lock_timeout: '3s' }
  return await withTarget(target, interaction, ask, { statementTimeout: LONGEST_LOOK, settings })
}

/** The step with the time that it takes, if the table was never analyzed and its rows were counted. */
function withCount(step: Step, counts: ReadonlyMap<string, number>): Step {
  const count = counts.get(tableName(step))
  if (step.estimatedRows !== null || count === undefined || (!step.scans && !step.rewrites)) return step
  return withEstimate({ ...step, estimatedRows: count })
}

/** Null if the server does not answer the query (too slow, not permitted): the run asks again and reports it. */
async function answered<Answer>(ask: () => Promise<Answer>, { signal }: Interaction): Promise<Answer | null> {
  try {
    return await ask()
  } catch (error) {
    signal.throwIfAborted()
    if (isServersAnswer(error) && !isLockTimeout(error)) return null
    throw error
  }
}

async function refusalOf(client: DatabaseClient, step: Step): Promise<Refusal | null> {
  const unmet = await askPrecondition(client, step)
  if (unmet === null) return null
  const { rows } = unmet
  return {
    // Checks of values read rows; the others only check whether there are any.
    code: step.scans ? 'values-unfit' : 'value-required',
    model: step.table,
    object: step.id,
    reason: whyRefused(step, unmet),
    ...(step.refusal === undefined || rows === null ? {} : { amount: countedRows(rows) }),
    blocking: true,
  }
}

/** Without the table, where several may share the reason. */
function whyRefused({ refusal }: Step, { message, hint }: UnmetPrecondition): Phrase {
  if (refusal === undefined) return phrase`${message} ${hint}`
  const end = ` ${inPlainEnglish(hint)}`
  return refusal.endsWith(end)
    ? phrase`${phraseOfPrecondition(refusal.slice(0, -end.length))} ${hint}`
    : phrase`${refusal}`
}

/** Milliseconds. */
const LONGEST_LOOK = 10_000
