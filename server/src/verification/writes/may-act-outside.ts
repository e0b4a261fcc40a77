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
  const { rows } = await client.query<{ code: WrittenTableCode }>(withTrustedRoles(readCode), [
    quoteQualified(schema, table),
  ])
  const [row] = rows
  return row === undefined ? null : whyNotTried(row.code)
}
