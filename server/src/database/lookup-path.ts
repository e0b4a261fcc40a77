import type { DatabaseClient } from './open-client'
import { searchPathStatement } from './search-path'

/**
 * Runs a step's own statements in a transaction: if they contain the project's SQL, with its schema in the search path
 * for exactly that time.
 */
export async function lookingUp<Result>(
  client: DatabaseClient,
  { lookupSchema }: { readonly lookupSchema?: string | undefined },
  work: () => Promise<Result>,
): Promise<Result> {
  if (lookupSchema === undefined) return await work()
  await client.query(searchPathStatement('SET LOCAL', lookupSchema))
  const result = await work()
  // Deferred triggers would look up their names after that path is gone.
  await client.query(`SET CONSTRAINTS ALL IMMEDIATE; ${searchPathStatement('SET LOCAL', null)}`)
  return result
}

/** As `lookingUp`, outside a transaction. */
export async function lookingUpInSession<Result>(
  client: DatabaseClient,
  { lookupSchema }: { readonly lookupSchema?: string | undefined },
  work: () => Promise<Result>,
): Promise<Result> {
  if (lookupSchema === undefined) return await work()
  await client.query(searchPathStatement('SET', lookupSchema))
  try {
    return await work()
  } finally {
    await client.query(searchPathStatement('SET', null)).catch(() => undefined)
  }
}
