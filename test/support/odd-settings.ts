import type { TestDatabase } from './postgres'

/**
 * Unfortunate settings that a role or a database may have: they change what SQL means, how values are written and read,
 * and what a session does to its transactions. `TEXT_SETTINGS` change only the text of values.
 */
export const TEXT_SETTINGS: Readonly<Record<string, string>> = {
  datestyle: 'SQL, DMY',
  intervalstyle: 'sql_standard',
  timezone: 'America/New_York',
  extra_float_digits: '-15',
  bytea_output: 'escape',
  xmloption: 'document',
  quote_all_identifiers: 'on',
  search_path: 'nowhere',
  statement_timeout: '90s',
}

export const ODD_SETTINGS: Readonly<Record<string, string>> = {
  ...TEXT_SETTINGS,
  intervalstyle: 'iso_8601',
  timezone: 'Asia/Kathmandu',
  lc_monetary: 'C.UTF-8',
  lc_numeric: 'C.UTF-8',
  lc_time: 'C.UTF-8',
  xmlbinary: 'hex',
  array_nulls: 'off',
  transform_null_equals: 'on',
  standard_conforming_strings: 'off',
  escape_string_warning: 'on',
  backslash_quote: 'off',
  client_encoding: 'LATIN1',
  check_function_bodies: 'on',
  row_security: 'off',
  default_transaction_isolation: 'serializable',
  default_transaction_deferrable: 'on',
  lock_timeout: '5s',
  idle_in_transaction_session_timeout: '1ms',
  default_toast_compression: 'pglz',
  default_table_access_method: 'heap',
  'plpgsql.variable_conflict': 'use_column',
  'plpgsql.extra_warnings': 'all',
  'plpgsql.extra_errors': 'all',
  lo_compat_privileges: 'on',
  exit_on_error: 'on',
}

/** Settings of the role, of the database, or of the role in this database, as set by ALTER ROLE and ALTER DATABASE. */
export async function setAt(
  database: TestDatabase,
  place: { readonly role: string; readonly in?: 'database' } | 'database',
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  const own = `DATABASE "${database.name}"`
  const target = place === 'database' ? own : `ROLE "${place.role}"${place.in === undefined ? '' : ` IN ${own}`}`
  for (const [name, value] of Object.entries(settings)) {
    await database.query(`ALTER ${target} SET ${name} = ${name === 'search_path' ? value : `'${value}'`}`)
  }
}

/** The same URL with the settings in its `options`, as `psql` takes them: they win over those of role and database. */
export function urlWith(url: string, settings: Readonly<Record<string, string>>): string {
  const words = Object.entries(settings).map(([name, value]) => `-c ${name}=${value.replace(/[\\ ]/g, '\\$&')}`)
  return `${url}${url.includes('?') ? '&' : '?'}options=${encodeURIComponent(words.join(' '))}`
}
