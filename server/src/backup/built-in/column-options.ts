import type { Message } from './protocol'

/**
 * Changes pg_dump's query so that it reads only the column options of PostgreSQL. Debian's 15.20 has an option of its
 * own on every column (`pg_attver`), which no other server accepts, so that such a dump could not be restored anywhere
 * else.
 */
export function askingForKnownColumnOptions({ type, bytes }: Message): Uint8Array {
  if (type !== 'Q' || !bytes.includes(ALL_OPTIONS)) return bytes
  const text = bytes.toString('utf8', HEADER, bytes.length - 1).replaceAll(ALL_OPTIONS, KNOWN_OPTIONS)
  const body = Buffer.from(`${text}\0`)
  const header = Buffer.from('Q\0\0\0\0', 'latin1')
  header.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([header, body])
}

/** The type and the length. */
const HEADER = 5

const ALL_OPTIONS = `array_to_string(a.attoptions, ', ')`

const KNOWN_OPTIONS = `(SELECT pg_catalog.string_agg(o.option, ', ') FROM pg_catalog.unnest(a.attoptions) AS o (option)
  WHERE pg_catalog.split_part(o.option, '=', 1) OPERATOR(pg_catalog.=) ANY ('{n_distinct,n_distinct_inherited}'::pg_catalog.text[]))`
