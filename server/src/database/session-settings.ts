import { quoteLiteral } from './quote'

/**
 * Settings of all our sessions, regardless of those of the role or the database: these change the meaning and the
 * results of SQL.
 */
export const SESSION_SETTINGS: Readonly<Record<string, string>> = {
  // A row that the role may not see must make a query fail, never be missing from its result.
  row_security: 'off',
  // PostgreSQL's form of types and expressions is compared as text.
  quote_all_identifiers: 'off',
  intervalstyle: 'postgres',
  bytea_output: 'hex',
  // Otherwise times and numbers are misread. The order of day and month stays the role's own.
  datestyle: 'ISO',
  extra_float_digits: '1',
  // Otherwise a backslash in our text is an escape, and NULL within an array is a word.
  standard_conforming_strings: 'on',
  array_nulls: 'on',
  // Transactions without another level see what others commit, and never fail because of it.
  default_transaction_isolation: 'read committed',
  // Otherwise the server closes the session at an error that we expect.
  exit_on_error: 'off',
  // Otherwise a scan of a GIN index may leave rows out.
  gin_fuzzy_search_limit: '0',
  // Compiling one of our queries takes longer than running it once.
  jit: 'off',
  // We are never idle for long in a transaction; one that hangs must not hold its locks for ever.
  idle_in_transaction_session_timeout: '60s',
}

/**
 * For a session that reads a complete database, or waits while another does: a role or a database may have limits that
 * are meant for an application. Only those that the server supports; `transaction_timeout` is new in 17.
 */
export const WITHOUT_TIMEOUTS = `
  SELECT pg_catalog.set_config(name, '0', false) FROM pg_catalog.pg_settings
  WHERE name IN ('statement_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout', 'idle_session_timeout')`

/** The calls that make settings, for a SELECT. `isLocal` is SQL: whether only for this transaction. */
export function setConfigCalls(values: Readonly<Record<string, string>>, isLocal: string): string {
  return Object.entries(values)
    .map(([name, value]) => `pg_catalog.set_config(${quoteLiteral(name)}, ${quoteLiteral(value)}, ${isLocal})`)
    .join(', ')
}

/**
 * For a SELECT: ends the role that the database's owner chose for a superuser (ALTER DATABASE … SET role). We judge
 * what runs by the current role, and code of that role can return to the superuser with RESET ROLE. A role that is set
 * for the user or in the URL is the user's own choice.
 */
export function leaveRoleOfDatabase(isLocal: string): string {
  return `CASE WHEN CURRENT_USER OPERATOR(pg_catalog.<>) SESSION_USER AND ${HAS_ROLE_OF_DATABASE}
    THEN pg_catalog.set_config('role', 'none', ${isLocal}) END`
}

/** SQL: whether each new session of this superuser has a role that the database's owner chose. */
const HAS_ROLE_OF_DATABASE = `
  EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE r.rolname OPERATOR(pg_catalog.=) SESSION_USER AND r.rolsuper)
  AND EXISTS (
    SELECT FROM pg_catalog.pg_db_role_setting AS s CROSS JOIN LATERAL pg_catalog.unnest(s.setconfig) AS setting
    WHERE s.setrole OPERATOR(pg_catalog.=) 0 AND pg_catalog.starts_with(setting, 'role=') AND s.setdatabase OPERATOR(pg_catalog.=) (
      SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()))`

/**
 * SQL: the superuser for whom the database's owner chose another role, which our session has left; otherwise NULL. A
 * program that connects by itself, such as pg_dump, has to return to it with `--role`, or it cannot read what is ours.
 */
export const ROLE_TO_RETURN_TO = `CASE WHEN CURRENT_USER OPERATOR(pg_catalog.=) SESSION_USER AND ${HAS_ROLE_OF_DATABASE}
  THEN SESSION_USER::pg_catalog.text END`
