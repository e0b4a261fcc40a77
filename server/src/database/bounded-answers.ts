import type pg from 'pg'
import { answerTooLarge } from './database-errors'

/**
 * Cuts the connection off where one answer of the server is larger than any to a question of ours: a server that sends
 * rows without end would fill the memory, since `pg` keeps an answer until it is whole. The query that waits for it rejects
 * with `answer-too-large`. To be called before the client connects.
 */
export function boundAnswers(
  client: pg.Client,
  where: { readonly label: string; readonly isEncrypted: boolean },
): void {
  const { connection } = client
  const { label, isEncrypted } = where
  const none = { bytes: 0, rows: 0, columns: 0, values: 0 }
  let size = { ...none }
  let isOver = false
  const look = () => {
    const { bytes, rows, columns, values } = LARGEST
    const isFit = size.bytes <= bytes && size.rows <= rows && size.columns <= columns && size.values <= values
    if (isFit || isOver) return
    isOver = true
    connection.stream.destroy(answerTooLarge(label))
  }
  const listen = () => {
    connection.stream.on('data', (bytes: Buffer) => {
      size.bytes += bytes.length
      look()
    })
  }
  // TLS has another stream. pg listens already by then, so nothing is taken away from it.
  connection.once(isEncrypted ? 'sslconnect' : 'connect', listen)
  connection.on('rowDescription', ({ fieldCount }: { readonly fieldCount: number }) => {
    size.columns = fieldCount
    look()
  })
  connection.on('dataRow', ({ fieldCount }: { readonly fieldCount: number }) => {
    size.rows++
    // Whatever a server calls a value takes some room, a null too.
    size.values += fieldCount
    look()
  })
  connection.on('readyForQuery', () => {
    size = { ...none }
  })
}

/** Of one answer. The catalog of ten thousand tables comes in a tenth of that. */
const LARGEST = { bytes: 64_000_000, rows: 2_000_000, columns: 200, values: 20_000_000 }
