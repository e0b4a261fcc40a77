import type { DatabaseClient } from '../database/connect'
import { isServersAnswer } from '../database/database-errors'
import { AuditError } from '../errors'
import type { Plan, Refusal, Step } from '../migration/model'
import { checkPrecondition } from '../migration/run/precondition'
import { describeExistingRows } from './existing-rows'
import type { Interaction } from './interaction'
import { withTarget, type Target } from './target'

/**
 * What the catalog does not say: values of a column that was there before and that name no user, which refuse the plan,
 * and what the rows that stand already get, which is told. A table that takes too long to look through is left to the run, which asks again
 * before its first step. Rejects where the connection is lost.
 */
export async function askTheRows(
  target: Target,
  interaction: Interaction,
  plan: Plan,
): Promise<Pick<Plan, 'refusals' | 'warnings'>> {
  const conditions = plan.steps.filter(({ kind, scans }) => kind === 'precondition' && scans)
  const existing = plan.existingRows ?? []
  const refusals: Refusal[] = []
  const warnings: string[] = []
  if (conditions.length + existing.length === 0) return { refusals, warnings }
  const ask = async (client: DatabaseClient): Promise<void> => {
    for (const step of conditions) {
      const refusal = await answered(() => refusalOf(client, step), interaction)
      if (refusal !== null) refusals.push(refusal)
    }
    warnings.push(...(await describeExistingRows(client, existing)))
    interaction.signal.throwIfAborted()
  }
  await withTarget(target, interaction, ask, { statementTimeout: LONGEST_LOOK })
  return { refusals, warnings }
}

/** Null where the server gives no answer to the question (too long, not allowed): the run asks again, and says it then. */
async function answered<Answer>(ask: () => Promise<Answer>, { signal }: Interaction): Promise<Answer | null> {
  try {
    return await ask()
  } catch (error) {
    signal.throwIfAborted()
    if (isServersAnswer(error)) return null
    throw error
  }
}

async function refusalOf(client: DatabaseClient, step: Step): Promise<Refusal | null> {
  try {
    await checkPrecondition(client, step)
    return null
  } catch (error) {
    if (!(error instanceof AuditError) || error.code !== 'precondition-failed') throw error
    return { code: 'values-unfit', model: step.table, reason: `${error.message} ${error.nextStep}`, blocking: true }
  }
}

/** Milliseconds. */
const LONGEST_LOOK = 10_000
