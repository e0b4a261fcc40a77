import { withClient } from '../../database/connect'
import { HAS_ROLE_OF_DATABASE } from '../../database/session-settings'
import type { DumpRequest } from '../backup-way'

/**
 * For pg_dump and pg_restore of a superuser to whom the database's owner has given another role (ALTER DATABASE … SET
 * role): our sessions leave it, and theirs must as well, or they cannot read what is ours.
 */
export async function roleArguments({
  url,
  environment,
  signal,
}: Pick<DumpRequest, 'url' | 'environment' | 'signal'>): Promise<string[]> {
  const connect = { environment, ...(signal === undefined ? {} : { signal }) }
  const { rows } = await withClient(url, connect, (client) =>
    client.query<{ name: string }>(
      `SELECT SESSION_USER::text AS name WHERE CURRENT_USER OPERATOR(pg_catalog.=) SESSION_USER AND ${HAS_ROLE_OF_DATABASE}`,
    ),
  )
  return rows.map(({ name }) => `--role=${name}`)
}
