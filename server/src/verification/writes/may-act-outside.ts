import type { DatabaseClient } from '../../database/connect'
import { quoteQualified } from '../../database/quote'
import { whyNotTried, type WrittenTableCode } from './outside-effects'
import { withTrustedRoles } from '../../database/trusted-roles'
import readCode from './trigger-code.sql'

/** Why a write of the table must not be tried, though it would be rolled back; null where it may. See `whyNotTried`. */
export async function whyWritesMayActOutside(
  client: DatabaseClient,
  { schema, table }: { readonly schema: string; readonly table: string },
): Promise<string | null> {
  return await whyMayActOutside(client, quoteQualified(schema, table))
}

/** The same of what event triggers do at a statement that changes the structure. */
export async function whyEventTriggersMayActOutside(client: DatabaseClient): Promise<string | null> {
  return await whyMayActOutside(client, null)
}

async function whyMayActOutside(client: DatabaseClient, table: string | null): Promise<string | null> {
  const { rows } = await client.query<{ code: WrittenTableCode }>(withTrustedRoles(readCode), [table])
  const [row] = rows
  return row === undefined ? null : whyNotTried(row.code)
}
