import { quoteIdentifier } from './quote'

/**
 * The search path of all our sessions. A role that may create functions in a schema of the path can create one that
 * matches a call better than PostgreSQL's own, and it runs with the caller's privileges. So our names are only resolved
 * in `pg_catalog`, and tables are always qualified. `pg_temp` would come first if it were not listed.
 */
export const SEARCH_PATH = 'pg_catalog, pg_temp'

/** Looks nothing up itself. */
export const SET_SEARCH_PATH = `SET search_path = ${SEARCH_PATH}`

/** For a transaction, or for a session whose settings we must not change. */
export const SET_LOCAL_SEARCH_PATH = `SET LOCAL search_path = ${SEARCH_PATH}`

/**
 * Sets the path for the project's own SQL, whose names are in this schema unless they are PostgreSQL's; null resets it
 * to ours.
 */
export function searchPathStatement(scope: 'SET' | 'SET LOCAL', schema: string | null): string {
  return `${scope} search_path = ${searchPathOf(schema)}`
}

/** The path that `searchPathStatement` sets. */
export function searchPathOf(schema: string | null): string {
  // PostgreSQL always searches its own schema first, but an extension is created in the first listed one.
  return schema === null ? SEARCH_PATH : `${quoteIdentifier(schema)}, pg_temp`
}

/** The schema of unqualified names if neither the URL nor the caller sets another: as in Prisma. */
export const DEFAULT_SCHEMA = 'public'
