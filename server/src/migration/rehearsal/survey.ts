import { poolerKeepsSettings } from '../../backup/errors'
import { withClient } from '../../database/connect'
import { describeUrl } from '../../database/describe-url'
import { isTransactionPooled } from '../../database/transaction-pooler'
import type { Plan, Step } from '../model'
import surveyQuery from './survey.sql'
import type { EnvironmentVariables } from '../../platform/environment-variables'

/** Facts about the real database that a rehearsal needs. */
export interface RealDatabase {
  /** `15.18`. */
  readonly serverVersion: string
  /** Identifies the database: the same for all its connections. */
  readonly identity: string
  readonly extensions: readonly { readonly name: string; readonly schema: string }[]
  /** The roles that row-level security policies name. */
  readonly roles: readonly string[]
  /** The existing tables among those of the plan: quoted, qualified. */
  readonly tables: readonly string[]
}

/** Only reads. Rejects with the errors of connecting, and with `transaction-pooler`: the database is dumped next. */
export async function surveyRealDatabase(
  url: string,
  plan: Plan,
  options: { readonly environment: EnvironmentVariables; readonly signal: AbortSignal },
): Promise<RealDatabase> {
  const names = [...new Set(plan.steps.flatMap(tablesOf))]
  return await withClient(url, options, async (client) => {
    if (await isTransactionPooled(client, url, options.environment)) throw poolerKeepsSettings(describeUrl(url).named)
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

/** The tables that a step needs: those that it locks and those on which it needs a privilege. */
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
