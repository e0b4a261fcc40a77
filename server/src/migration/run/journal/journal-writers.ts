import type { DatabaseClient } from '../../../database/connect'
import type { Step } from '../../model'
import { journalNamesOthers } from './errors'
import { withTrustedRoles } from '../../../database/trusted-roles'
import problemsQuery from './journal-writers.sql'
import { phraseOfFault } from '../../../text/fault-texts'

/**
 * Members of `pg_write_all_data` can write the journal, whoever owns it, and could have added a step. They can write
 * every table anyway, but must not make a role with more privileges run their code or read for them. If there is such a
 * role, steps from the journal must not refer to an object that it owns, call a function that is not PostgreSQL's own,
 * or read a table that it cannot read, except for the keys of users. Call before any of the steps is run. Rejects with
 * `journal-not-trusted`.
 */
export async function requireNothingOfWriters(
  client: DatabaseClient,
  steps: readonly Step[],
  way: 'up' | 'back',
): Promise<void> {
  if (steps.length === 0) return
  const { namesOfSteps } = await import('../recipes/names-of-steps')
  const { names, inTexts, functions, relations, lookupSchemas } = await namesOfSteps(steps, way)
  const { rows } = await client.query<{ problem: string; writer: string }>(withTrustedRoles(problemsQuery), [
    ...[names, inTexts, functions, JSON.stringify(relations), lookupSchemas],
  ])
  const writer = rows[0]?.writer
  if (writer === undefined) return
  const problems = rows.filter((row) => row.writer === writer).map(({ problem }) => phraseOfFault(problem))
  throw journalNamesOthers(writer, problems)
}
