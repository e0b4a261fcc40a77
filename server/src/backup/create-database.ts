import type { DatabaseClient } from '../database/connect'
import { quoteIdentifier, quoteLiteral } from '../database/quote'

/** Creates an empty database with the encoding, collation and provider of the connected one. */
export async function createLikeCurrent(client: DatabaseClient, name: string): Promise<void> {
  const { rows } = await client.query<{ encoding: string; data: Record<string, string | null> }>(
    `SELECT pg_catalog.pg_encoding_to_char(d.encoding)::pg_catalog.text AS encoding, pg_catalog.to_jsonb(d) AS data
     FROM pg_catalog.pg_database AS d
     WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()`,
  )
  const [row] = rows
  if (row === undefined) throw new Error('The server does not list its own database.')
  const { encoding, data } = row
  // The name of the column depends on the version.
  const locale = data.datlocale ?? data.daticulocale ?? null
  const options = [
    `ENCODING ${quoteLiteral(encoding)}`,
    `LC_COLLATE ${quoteLiteral(data.datcollate ?? 'C')}`,
    `LC_CTYPE ${quoteLiteral(data.datctype ?? 'C')}`,
    ...(data.datlocprovider === 'i' ? ['LOCALE_PROVIDER icu'] : []),
    ...(data.datlocprovider === 'i' && locale !== null ? [`ICU_LOCALE ${quoteLiteral(locale)}`] : []),
    ...(data.datlocprovider === 'b' ? ['LOCALE_PROVIDER builtin'] : []),
    ...(data.datlocprovider === 'b' && locale !== null ? [`BUILTIN_LOCALE ${quoteLiteral(locale)}`] : []),
  ]
  await client.query(`CREATE DATABASE ${quoteIdentifier(name)} TEMPLATE template0 ${options.join(' ')}`)
}

/** The same URL for another database of the same server; null for a URL that cannot be changed like this. */
export function urlOfDatabase(url: string, database: string): string | null {
  // Without a host, for a socket or PGHOST: `postgresql://app@/shop?host=/run/postgresql`.
  const isWithoutHost = !URL.canParse(url)
  const whole = isWithoutHost ? url.replace('@/', '@localhost/') : url
  if (!URL.canParse(whole)) return null
  const parsed = new URL(whole)
  parsed.pathname = `/${encodeURIComponent(database)}`
  parsed.searchParams.delete('dbname')
  return isWithoutHost ? parsed.href.replace('@localhost/', '@/') : parsed.href
}
