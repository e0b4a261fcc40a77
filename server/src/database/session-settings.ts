import { quoteLiteral } from './quote'

/** What every session of ours has, whatever its role or database says: these change what SQL means, and what it answers. */
export const SESSION_SETTINGS: Readonly<Record<string, string>> = {
  // A row that the role may not see must make a query fail, never be missing from its answer.
  row_security: 'off',
  // How PostgreSQL spells types and expressions is compared with texts.
  quote_all_identifiers: 'off',
  intervalstyle: 'postgres',
  bytea_output: 'hex',
  // Or times and numbers are not read as what they are. The order of day and month stays the role's own.
  datestyle: 'ISO',
  extra_float_digits: '1',
  // Or a backslash in a text of ours is an escape, and NULL within an array is the word.
  standard_conforming_strings: 'on',
  array_nulls: 'on',
  // Transactions that ask for no other level see what others have committed meanwhile, and never fail for it.
  default_transaction_isolation: 'read committed',
  // Between the statements of a transaction we are never long; one that hangs must not keep its locks for ever.
  idle_in_transaction_session_timeout: '60s',
}

/**
 * For a session that reads a whole database, or waits while another does: a role or a database may have limits that are meant
 * for an application. Those that the server has; `transaction_timeout` came with 17.
 */
export const WITHOUT_TIMEOUTS = `
  SELECT pg_catalog.set_config(name, '0', false) FROM pg_catalog.pg_settings
  WHERE name IN ('statement_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout', 'idle_session_timeout')`

/** The calls that make settings, for a SELECT. `isLocal` is SQL: only for this transaction? */
export function setConfigCalls(values: Readonly<Record<string, string>>, isLocal: string): string {
  return Object.entries(values)
    .map(([name, value]) => `pg_catalog.set_config(${quoteLiteral(name)}, ${quoteLiteral(value)}, ${isLocal})`)
    .join(', ')
}
