import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { to as copyTo } from 'pg-copy-streams'
import { requireNoCodeAtPlanning } from '../database/code-at-planning'
import { withClient, type ConnectOptions, type DatabaseClient } from '../database/connect'
import { quoteIdentifier } from '../database/quote'
import { withRelations } from './contents/relations'
import sampledTablesQuery from './sampled-tables.sql'
import type { ResolvedScope } from './scope/resolve-scope'
import { withTableBytes } from './table-bytes'

/** What a byte of a table takes in a dump, by a sample of its rows: the values as text, and that text compressed. */
export interface SampledRows {
  readonly text: number
  readonly compressed: number
}

/**
 * Samples the largest tables, because rows compress to between a half and a hundredth of their size. Null where that
 * tells nothing: of a small database, or if the rows cannot be read at once (the dump then says why).
 */
export async function sampleRows(
  url: string,
  { kind, names, tableBytes }: Pick<ResolvedScope, 'kind' | 'names' | 'tableBytes'>,
  connect: ConnectOptions,
): Promise<SampledRows | null> {
  if (tableBytes < SMALL) return null
  try {
    return await withClient(url, { ...connect, copiesRows: true }, async (client) => {
      await client.query(`BEGIN READ ONLY; SET LOCAL lock_timeout = '100ms'; SET LOCAL statement_timeout = '10s'`)
      const { rows } = await client.query<SampledTable>(withTableBytes(withRelations(sampledTablesQuery)), [
        kind === 'tables' ? names : null,
      ])
      await requireNoCodeAtPlanning(
        client,
        rows.map(({ name }) => name),
      )
      const total = { sampled: 0, text: 0, compressed: 0 }
      for (const table of rows) {
        const sample = await sampleTable(client, table)
        if (sample.rows < FEWEST_ROWS) continue
        total.sampled += Number(table.bytes)
        total.text += sample.text / sample.share
        total.compressed += sample.compressed / sample.share
      }
      if (total.sampled === 0) return null
      return { text: total.text / total.sampled, compressed: total.compressed / total.sampled }
    })
  } catch {
    connect.signal?.throwIfAborted()
    return null
  }
}

/** Bytes: below this, the default is as good. */
const SMALL = 8 * 1024 * 1024
/** Bytes of each table. */
const SAMPLE = 512 * 1024
/** Fewer vary too much. */
const FEWEST_ROWS = 20
/** Bytes that can be read in full to choose single rows among them: TOAST has most of the bytes of some tables. */
const FEW_BYTES = 16 * 1024 * 1024

interface SampledTable {
  readonly name: string
  /** Without TOAST. */
  readonly own: string
  readonly bytes: string
  readonly stored: readonly string[]
}

async function sampleTable(client: DatabaseClient, { name, own, bytes, stored }: SampledTable) {
  const share = Math.min(1, SAMPLE / Math.max(Number(bytes), 1))
  const method = Number(own) < FEW_BYTES ? 'bernoulli' : 'system'
  const sample = { share, rows: 0, text: 0, compressed: 0 }
  const query = `SELECT ${stored.map(quoteIdentifier).join(', ')} FROM ONLY ${name} TABLESAMPLE pg_catalog.${method} (${100 * share}) REPEATABLE (0)`
  const rows = client.query(copyTo(`COPY (${query}) TO STDOUT`))
  rows.on('data', (piece: Buffer) => {
    sample.text += piece.length
    for (const byte of piece) if (byte === NEWLINE) sample.rows++
  })
  await pipeline(rows, createGzip(), async (pieces: AsyncIterable<Buffer>) => {
    for await (const piece of pieces) sample.compressed += piece.length
  })
  return sample
}

const NEWLINE = 10
