import { splitStatements } from '../../backup/sql/split-statements'
import type { DatabaseClient } from '../../database/connect'
import { errorCode, isRejection } from '../../database/database-errors'
import { dumpedName } from './first-difference'
import type { NotLoaded } from './model'

export interface LoadedStructure {
  readonly loaded: number
  readonly notLoaded: readonly NotLoaded[]
}

/**
 * Runs the statements of a structure on a separate connection, because they change the session's settings. Statements
 * that the server rejects are collected, and the rest is loaded.
 */
export async function loadStructure(client: DatabaseClient, structure: string): Promise<LoadedStructure> {
  const statements = [...splitStatements(structure)]
  const notLoaded: NotLoaded[] = []
  for (let first = 0; first < statements.length; first += AT_ONCE) {
    const some = statements.slice(first, first + AT_ONCE)
    // Many statements share a transaction; if one fails, all are rolled back and run one by one.
    if ((await tryStatement(client, some.join(';\n'))) === null) continue
    for (const statement of some) {
      const error = await tryStatement(client, statement)
      if (error === null || errorCode(error) === SCHEMA_IS_THERE) continue
      notLoaded.push({ name: nameOf(statement), reason: error.message })
    }
  }
  return { loaded: statements.length - notLoaded.length, notLoaded }
}

/** Large enough to save most round trips, small enough to repeat after a failure. */
const AT_ONCE = 100

/** Every new database already has `public`, which a dump of selected schemas creates. */
const SCHEMA_IS_THERE = '42P06'

/** The server's error, or null. Rejects with any other error, such as a lost connection. */
async function tryStatement(client: DatabaseClient, sql: string): Promise<Error | null> {
  try {
    await client.query(sql)
    return null
  } catch (error) {
    if (isRejection(error)) return error
    throw error
  }
}

function nameOf(statement: string): string {
  const firstLine = statement.split('\n').find((line) => line !== '' && !line.startsWith('--')) ?? statement
  return dumpedName(statement) ?? firstLine.slice(0, 80)
}
