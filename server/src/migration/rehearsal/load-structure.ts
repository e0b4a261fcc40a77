import { splitStatements } from '../../backup/sql/split-statements'
import type { DatabaseClient } from '../../database/connect'
import { errorCode } from '../../database/database-errors'
import { dumpedName } from './first-difference'
import type { NotLoaded } from './model'

export interface LoadedStructure {
  readonly loaded: number
  readonly notLoaded: readonly NotLoaded[]
}

/**
 * Runs a structure's statements on a connection of its own, since they change the session's settings. What the server
 * refuses is collected, and the rest is loaded all the same.
 */
export async function loadStructure(client: DatabaseClient, structure: string): Promise<LoadedStructure> {
  const statements = [...splitStatements(structure)]
  const notLoaded: NotLoaded[] = []
  for (let first = 0; first < statements.length; first += AT_ONCE) {
    const some = statements.slice(first, first + AT_ONCE)
    // Many at once are one transaction: where one fails all are taken back, and each is tried by itself.
    if ((await tryStatement(client, some.join(';\n'))) === null) continue
    for (const statement of some) {
      const error = await tryStatement(client, statement)
      if (error === null || errorCode(error) === SCHEMA_IS_THERE) continue
      notLoaded.push({ name: nameOf(statement), reason: error.message })
    }
  }
  return { loaded: statements.length - notLoaded.length, notLoaded }
}

/** Enough to save most of the round trips, few enough not to begin from far back after a failure. */
const AT_ONCE = 100

/** Every new database has `public`, which a dump of chosen schemas makes. */
const SCHEMA_IS_THERE = '42P06'

/** The server's own error, or null. Rejects with everything else, such as a connection that broke. */
async function tryStatement(client: DatabaseClient, sql: string): Promise<Error | null> {
  try {
    await client.query(sql)
    return null
  } catch (error) {
    if (isServersAnswer(error)) return error
    throw error
  }
}

/** Is it an answer to the statement, and not the end of the connection or of the server? */
export function isServersAnswer(error: unknown): error is Error {
  const code = errorCode(error)
  return error instanceof Error && code !== undefined && /^[0-9A-Z]{5}$/.test(code) && !/^(08|57)/.test(code)
}

function nameOf(statement: string): string {
  const firstLine = statement.split('\n').find((line) => line !== '' && !line.startsWith('--')) ?? statement
  return dumpedName(statement) ?? firstLine.slice(0, 80)
}
