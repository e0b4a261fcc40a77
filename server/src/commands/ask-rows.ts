import type { DatabaseClient } from '../database/connect'
import { isLockTimeout, isServersAnswer } from '../database/database-errors'
import { readSurroundings } from '../database/table-surroundings'
import type { Plan, Refusal, Step } from '../migration/model'
import { judgeSurroundings, tablesOfPlan } from '../migration/plan/judge-surroundings'
import { askPrecondition } from '../migration/run/preconditions/precondition'
import { describeExistingRows } from './existing-rows'
import { counted } from '../text/amounts'
import type { Interaction } from './interaction'
import { withTarget, type Target } from './target'

/**
 * The plan with what its catalog does not say: values of a column that was there before and that name no user, rows that need a
 * user where there is none, or what stands around a table, which refuse it, as they refuse a run; what the rows that stand already get, and what it costs, which is told. A table that takes
 * too long to look through is left to the run, which asks again before its first step. Rejects where the connection is lost.
 */
export async function askTheRows(target: Target, interaction: Interaction, plan: Plan): Promise<Plan> {
  if (plan.steps.length === 0) return plan
  const conditions = plan.steps.filter(({ kind }) => kind === 'precondition')
  const ask = async (client: DatabaseClient): Promise<Plan> => {
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
      // First what changes rows: a confirmation shows only some of many.
      warnings: [...existing, ...around.warnings, ...plan.warnings],
      remarks: [...(plan.remarks ?? []), ...around.remarks],
      tableBytes: around.tableBytes ?? {},
    }
  }
  // The wait for a lock reports its holder and asks about it: see waitForLock.
  const settings = { lock_timeout: '3s' }
  return await withTarget(target, interaction, ask, { statementTimeout: LONGEST_LOOK, settings })
}

/** Null where the server gives no answer to the question (too long, not allowed): the run asks again, and says it then. */
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
  const { message, hint, rows } = unmet
  return {
    // Those that look for values read the rows; the others ask whether there are any.
    code: step.scans ? 'values-unfit' : 'value-required',
    model: step.table,
    object: step.id,
    reason: step.refusal ?? `${message} ${hint}`,
    ...(step.refusal === undefined || rows === null ? {} : { amount: counted(rows, 'row') }),
    blocking: true,
  }
}

/** Milliseconds. */
const LONGEST_LOOK = 10_000
