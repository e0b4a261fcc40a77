import type { DatabaseClient } from '../../database/connect'
import { withTrustedRoles } from '../../database/trusted-roles'
import codeOfOthersQuery from './code-of-others.sql'
import { rowsRunCode } from './errors'
import type { TableFacts } from './table-facts'
import { phraseOfFault } from '../../text/fault-texts'

/**
 * Rejects with `rows-run-code` if writing rows of the table, next to it or into it, would run code of a role with fewer
 * privileges with ours. Only the catalog is queried.
 */
export async function requireNoCodeOfOthers(client: DatabaseClient, { name }: TableFacts): Promise<void> {
  const { rows } = await client.query<{ what: string }>(withTrustedRoles(codeOfOthersQuery), [name])
  if (rows.length === 0) return
  throw rowsRunCode(
    name,
    rows.map(({ what }) => phraseOfFault(what)),
  )
}
