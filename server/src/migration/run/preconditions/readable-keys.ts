import type { DatabaseClient } from '../../../database/connect'
import { errorCode } from '../../../database/database-errors'
import { quoteQualified } from '../../../database/quote'
import type { Step } from '../../model'
import { keysNotReadable } from './errors'

/**
 * An SQL_ASCII database accepts any bytes, and our sessions are UTF-8: a walk over keys that are not UTF-8 would fail
 * midway. Rejects before the first step. Reads these tables once; for other encodings, nothing is queried.
 */
export async function requireReadableKeys(client: DatabaseClient, steps: readonly Step[]): Promise<void> {
  const { rows } = await client.query<{ encoding: string }>(
    `SELECT pg_catalog.current_setting('server_encoding') AS encoding`,
  )
  if (rows[0]?.encoding !== 'SQL_ASCII') return
  const walks = new Map(
    steps.flatMap(({ schema, table, batch }) =>
      batch === null ? [] : [[quoteQualified(schema, table), batch.keyColumns] as const],
    ),
  )
  for (const [table, key] of walks) {
    const texts = key.map((name) => `pg_catalog.textsend(k.${name}::pg_catalog.text)`)
    const read = texts.map((text) => `pg_catalog.count(pg_catalog.convert_from(${text}, 'UTF8'))`)
    if (read.length === 0) continue
    await client.query(`SELECT ${read.join(', ')} FROM ${table} AS k`).catch((error: unknown) => {
      throw errorCode(error) === CHARACTER_NOT_IN_REPERTOIRE ? keysNotReadable(table, key) : error
    })
  }
}

const CHARACTER_NOT_IN_REPERTOIRE = '22021'
