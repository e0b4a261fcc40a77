import { quoteIdentifier } from './quote'

/**
 * The search path of every session of ours. Whoever may create functions in a schema of the path can make one that fits a
 * call better than PostgreSQL's own, and it runs with the privileges of whoever calls. So nothing of ours is looked up outside
 * `pg_catalog`, and a table is always named with its schema. `pg_temp` would come first if it were not named.
 */
export const SEARCH_PATH = 'pg_catalog, pg_temp'

/** Looks nothing up itself. */
export const SET_SEARCH_PATH = `SET search_path = ${SEARCH_PATH}`

/** For a transaction, or for a session whose settings we must not change. */
export const SET_LOCAL_SEARCH_PATH = `SET LOCAL search_path = ${SEARCH_PATH}`

/** Sets the path for SQL of the project's own, whose names lie in this schema if they are not PostgreSQL's; null for ours. */
export function searchPathStatement(scope: 'SET' | 'SET LOCAL', schema: string | null): string {
  return `${scope} search_path = ${searchPathOf(schema)}`
}

/** The path that `searchPathStatement` sets. */
export function searchPathOf(schema: string | null): string {
  // PostgreSQL looks through its own schema first, but an extension goes into the first one that is named.
  return schema === null ? SEARCH_PATH : `${quoteIdentifier(schema)}, pg_temp`
}

/** The schema of names without one, where neither the URL nor the caller names another: as Prisma has it. */
export const DEFAULT_SCHEMA = 'public'
