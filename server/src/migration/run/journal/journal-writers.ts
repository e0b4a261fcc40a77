import type { DatabaseClient } from '../../../database/connect'
import type { Step } from '../../model'
import { journalNamesOthers } from './errors'
import { withTrustedRoles } from '../../../database/trusted-roles'
import problemsQuery from './journal-writers.sql'

/**
 * Members of `pg_write_all_data` can write the journal, whoever owns it, and could have planted a step. They may write every
 * table anyhow; what they must not get out of it is a role with more rights that runs their code, or reads for them. So
 * where there is such a role, steps that come out of the journal may name nothing that belongs to it, call no function but
 * PostgreSQL's own, and read no table that it may not read, but for the keys of users. To be called before anything of the steps is run. Rejects with
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
  const problems = rows.filter((row) => row.writer === writer).map(({ problem }) => problem)
  throw journalNamesOthers(writer, problems)
}
