import type { DatabaseClient } from '../database/connect'
import { isServersAnswer } from '../database/database-errors'
import { quoteIdentifier, quoteQualified } from '../database/quote'
import { AuditError } from '../errors'
import type { Plan, Refusal, Step } from '../migration/model'
import { checkPrecondition } from '../migration/run/precondition'
import type { Interaction } from './interaction'
import { withTarget, type Target } from './target'

/**
 * What the catalog does not say: values of a column that was there before and that name no user, which refuse the plan,
 * and who the first user is, which is told. A table that takes too long to look through is left to the run, which asks again
 * before its first step. Rejects where the connection is lost.
 */
export async function askTheRows(
  target: Target,
  interaction: Interaction,
  plan: Plan,
): Promise<Pick<Plan, 'refusals' | 'warnings'>> {
  const conditions = plan.steps.filter(({ kind, scans }) => kind === 'precondition' && scans)
  const fills = plan.steps.filter(({ id, batch }) => id.startsWith('populate:') && batch?.isOneValue === true)
  const refusals: Refusal[] = []
  const warnings: string[] = []
  if (conditions.length + fills.length === 0) return { refusals, warnings }
  const ask = async (client: DatabaseClient): Promise<void> => {
    for (const step of conditions) {
      const refusal = await answered(() => refusalOf(client, step), interaction)
      if (refusal !== null) refusals.push(refusal)
    }
    for (const step of fills) {
      const description = await answered(() => describeFill(client, step), interaction)
      if (description !== null) warnings.push(description)
    }
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

/**
 * `The rows of "public"."Lead" that stand already get the user 4 as "ownerId".` Not how many they are: an estimate that
 * changes meanwhile would make it another warning, and the run ask again.
 */
async function describeFill(client: DatabaseClient, { batch, schema, table }: Step): Promise<string | null> {
  if (batch?.value === null || batch === null) return null
  const { rows } = await client.query<{ user: string | null }>(`SELECT ${batch.value}::pg_catalog.text AS "user"`)
  const user = rows[0]?.user ?? null
  if (user === null) return null
  const column = quoteIdentifier(batch.column)
  return `The rows of ${quoteQualified(schema, table)} that stand already get the user ${user} as ${column}.`
}

/** Milliseconds. */
const LONGEST_LOOK = 10_000
