import type pg from 'pg'
import { answerTooLarge } from './database-errors'
import type { Phrase } from '../text/phrase'

/**
 * Closes the connection if a response is larger than any that we expect: a server that sends rows without end would
 * fill the memory, because `pg` buffers a response. The pending query rejects with `answer-too-large`. Call before the
 * client connects.
 */
export function boundAnswers(
  client: pg.Client,
  where: { readonly label: Phrase; readonly isEncrypted: boolean },
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
  // TLS has another stream. pg is already listening by then, so nothing is taken away from it.
  connection.once(isEncrypted ? 'sslconnect' : 'connect', listen)
  connection.on('rowDescription', ({ fieldCount }: { readonly fieldCount: number }) => {
    size.columns = fieldCount
    look()
  })
  connection.on('dataRow', ({ fieldCount }: { readonly fieldCount: number }) => {
    size.rows++
    // Every value takes some memory, even a null.
    size.values += fieldCount
    look()
  })
  connection.on('readyForQuery', () => {
    size = { ...none }
  })
}

/** Of one response. The catalog of ten thousand tables takes a tenth of that. */
const LARGEST = { bytes: 64_000_000, rows: 2_000_000, columns: 200, values: 20_000_000 }
