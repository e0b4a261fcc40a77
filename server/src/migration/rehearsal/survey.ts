import { withClient } from '../../database/connect'
import type { Plan, Step } from '../model'
import surveyQuery from './survey.sql'
import type { EnvironmentVariables } from '../../platform/environment-variables'

/** What must be known of the real database before a rehearsal. */
export interface RealDatabase {
  /** `15.18`. */
  readonly serverVersion: string
  /** The same for all connections to this database, and for those to no other. */
  readonly identity: string
  readonly extensions: readonly { readonly name: string; readonly schema: string }[]
  /** Those that row security names. */
  readonly roles: readonly string[]
  /** Of the tables that the plan names, those that are there: quoted, qualified. */
  readonly tables: readonly string[]
}

/** One read-only question. Rejects with the errors of connecting. */
export async function surveyRealDatabase(
  url: string,
  plan: Plan,
  options: { readonly environment: EnvironmentVariables; readonly signal: AbortSignal },
): Promise<RealDatabase> {
  const names = [...new Set(plan.steps.flatMap(tablesOf))]
  return await withClient(url, options, async (client) => {
    const { rows } = await client.query<SurveyRow>(surveyQuery, [names])
    const [row] = rows
    if (row === undefined) throw new Error('The survey of the database returned no row.')
    return {
      serverVersion: row.version.split(' ')[0] ?? row.version,
      identity: row.identity,
      extensions: row.extensions.map(([name = '', schema = '']) => ({ name, schema })),
      roles: row.roles,
      tables: row.tables,
    }
  })
}

/** The tables without which a step cannot be done: those that it locks and those that it must have a right on. */
export function tablesOf(step: Step): string[] {
  const named = step.privileges.flatMap(({ action, name }) => (action === 'create-in-schema' ? [] : [name]))
  return [...new Set([...step.lock.tables, ...named])]
}

interface SurveyRow {
  readonly version: string
  readonly identity: string
  readonly extensions: readonly (readonly string[])[]
  readonly roles: readonly string[]
  readonly tables: readonly string[]
}
