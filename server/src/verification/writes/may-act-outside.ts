import type { DatabaseClient } from '../../database/connect'
import { quoteQualified } from '../../database/quote'
import { namesIn, whyNotTried, type CalledCode, type FirstCode } from './outside-effects'
import { withTrustedRoles } from '../../database/trusted-roles'
import type { Phrase } from '../../text/phrase'
import readCalled from './called-code.sql'
import readFirst from './trigger-code.sql'

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
  const { rows } = await client.query<{ code: FirstCode }>(withTrustedRoles(readFirst), [table])
  const [row] = rows
  return row === undefined ? null : whyNotTried({ ...row.code, ...(await readCalledCode(client, row.code)) })
}

/** By name, until nothing new is called: a verification asks for each of thousands of tables with a trigger. */
async function readCalledCode(client: DatabaseClient, { functions, rules }: FirstCode): Promise<CalledCode> {
  const found: CalledCode[] = []
  const asked = new Set<string>()
  let names = new Set([...functions, ...rules.flatMap(namesIn)])
  while (names.size > 0) {
    const written = [...names]
    for (const name of written) asked.add(name)
    const lower = written.map((name) => name.toLowerCase())
    const { rows } = await client.query<{ code: CalledCode }>(withTrustedRoles(readCalled), [written, lower])
    const code = rows.map((row) => row.code)
    found.push(...code)
    const called = code.flatMap(({ known, tables }) => [
      ...known.flatMap(({ source }) => namesIn(source)),
      ...tables.flatMap((table) => table.functions),
    ])
    names = new Set(called.filter((name) => !asked.has(name)))
  }
  return { known: found.flatMap(({ known }) => known), tables: found.flatMap(({ tables }) => tables) }
}
