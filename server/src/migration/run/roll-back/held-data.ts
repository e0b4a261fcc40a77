import { phrase, type Phrase } from '../../../text/phrase'
import { lookingUpInSession } from '../../../database/lookup-path'
import type { DatabaseClient } from '../../../database/connect'
import { errorCode } from '../../../database/database-errors'
import type { Step } from '../../model'

/**
 * The data that people have written since into what the steps created, and that would be lost, each as a phrase with
 * its number.
 */
export async function findHeldData(client: DatabaseClient, steps: readonly Step[]): Promise<Phrase[]> {
  const found: Phrase[] = []
  for (const step of steps) {
    const { holdsData } = step
    if (holdsData === undefined) continue
    const count = await lookingUpInSession(client, step, () => countOf(client, holdsData.count))
    if (count > 0) found.push(phrase`${count} ${holdsData.what}`)
  }
  return found
}

/** None if the table or the column no longer exists. */
async function countOf(client: DatabaseClient, query: string): Promise<number> {
  try {
    const { rows } = await client.query<{ found: string }>(query)
    return Number(rows[0]?.found ?? 0)
  } catch (error) {
    if (['42P01', '42703', '3F000'].includes(errorCode(error) ?? '')) return 0
    throw error
  }
}
