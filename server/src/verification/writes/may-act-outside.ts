import type { DatabaseClient } from '../../database/connect'
import { quoteQualified } from '../../database/quote'
import { whyNotTried, type WrittenTableCode } from './outside-effects'
import { withTrustedRoles } from '../../database/trusted-roles'
import type { Phrase } from '../../text/phrase'
import readCode from './trigger-code.sql'

/** Why a write of the table must not be tried, although it would be rolled back; null if it may. See `whyNotTried`. */
export async function whyWritesMayActOutside(
  client: DatabaseClient,
  { schema, table }: { readonly schema: string; readonly table: string },
): Promise<Phrase | null> {
  return await whyMayActOutside(client, quoteQualified(schema, table))
}

/** The same for event triggers that fire when a statement changes the structure. */
export async function whyEventTriggersMayActOutside(client: DatabaseClient): Promise<Phrase | null> {
  return await whyMayActOutside(client, null)
}

async function whyMayActOutside(client: DatabaseClient, table: string | null): Promise<Phrase | null> {
  const { rows } = await client.query<{ code: WrittenTableCode }>(withTrustedRoles(readCode), [table])
  const [row] = rows
  return row === undefined ? null : whyNotTried(row.code)
}
