import { once } from 'node:events'
import net from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'

/** A port of this machine that nothing listens on, for a program that needs to be given one. */
export async function freePort(): Promise<number> {
  const probe = net.createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.')
  return address.port
}

/** Retries until the server behind the URL answers a query; rejects after five minutes with the output of `log`. */
export async function untilItAnswers(url: string, log: () => string): Promise<void> {
  const giveUpAt = performance.now() + 300_000
  while (performance.now() < giveUpAt) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1000 })
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.query('SELECT 1')
      await client.end()
      return
    } catch {
      await client.end().catch(() => undefined)
      // A refusal comes at once; asking without a pause would take a processor from the server that starts.
      await pause(10)
    }
  }
  throw new Error(`${new URL(url).host} did not answer.\n${log()}`)
}
