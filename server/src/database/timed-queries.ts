import diagnosticsChannel from 'node:diagnostics_channel'
import type pg from 'pg'

/** A query that has ended. */
export interface TimedQuery {
  readonly sql: string
  readonly milliseconds: number
  /** SQLSTATE, or the error's name; null where it went well. */
  readonly failure: string | null
}

/**
 * Hears of the queries of connections that are opened from now on: by Node's own channel, so that nothing is handed
 * through.
 */
export function onTimedQuery(listener: (query: TimedQuery) => void): void {
  diagnosticsChannel.subscribe(NAME, (message) => {
    listener(message as TimedQuery)
  })
}

/**
 * Times the queries of a connection where somebody listens. What is no statement, such as a stream of COPY, is left
 * out.
 */
export function timeQueries(client: pg.Client): void {
  if (!CHANNEL.hasSubscribers) return
  const send = client.query.bind(client) as (...given: unknown[]) => unknown
  const query = (...given: unknown[]): unknown => {
    const start = performance.now()
    const answer = send(...given)
    const [first] = given
    const sql = typeof first === 'string' ? first : (first as { readonly text?: unknown } | undefined)?.text
    if (typeof sql !== 'string' || !(answer instanceof Promise)) return answer
    const tell = (failure: string | null) => {
      CHANNEL.publish({ sql, milliseconds: performance.now() - start, failure } satisfies TimedQuery)
    }
    answer.then(
      () => tell(null),
      (error: unknown) => tell(nameOf(error)),
    )
    return answer
  }
  client.query = query as pg.Client['query']
}

const NAME = 'prisma-audit:query'
const CHANNEL = diagnosticsChannel.channel(NAME)

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'error'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
