import type { Message } from './protocol'

/**
 * pg_dump's message, but that it asks for the column options of PostgreSQL only. Debian's 15.20 keeps an option of its own at
 * every column (`pg_attver`), which no other server takes: a dump that sets it could not be restored anywhere else.
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
