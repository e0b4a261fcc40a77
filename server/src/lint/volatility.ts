import type { Node } from 'libpg-query'
import type { ScriptState } from './script-state'
import { nodesNamed, strings } from './syntax'

export type Volatility = 'volatile' | 'unknown' | 'none'

/**
 * Whether an expression may have another value for each row. PostgreSQL rewrites the table to add a column with such a
 * default. `now()` and CURRENT_TIMESTAMP are the start of the transaction, the same for all rows.
 */
export function volatilityOf(expression: Node, state: ScriptState): { volatility: Volatility; name: string } {
  let unknown: string | null = null
  for (const call of nodesNamed(expression, 'FuncCall')) {
    const name = strings(call.funcname).at(-1) ?? ''
    const volatility = volatilityOfFunction(name, state)
    if (volatility === 'volatile') return { volatility, name }
    if (volatility === 'unknown') unknown ??= name
  }
  return unknown === null ? { volatility: 'none', name: '' } : { volatility: 'unknown', name: unknown }
}

function volatilityOfFunction(name: string, state: ScriptState): Volatility {
  const written = state.functions.get(name)?.node
  if (written !== null && written !== undefined && 'CreateFunctionStmt' in written)
    return declaredVolatility(written.CreateFunctionStmt.options)
  if (VOLATILE.has(name)) return 'volatile'
  return NOT_VOLATILE.has(name) ? 'none' : 'unknown'
}

/** A function without a declared volatility is VOLATILE. */
function declaredVolatility(options: readonly Node[] | undefined): Volatility {
  for (const option of options ?? []) {
    if (!('DefElem' in option) || option.DefElem.defname !== 'volatility') continue
    const { arg } = option.DefElem
    if (arg !== undefined && 'String' in arg && arg.String.sval !== 'volatile') return 'none'
  }
  return 'volatile'
}

/** A test compares them with `pg_proc.provolatile`. */
export const VOLATILE: ReadonlySet<string> = new Set([
  'clock_timestamp',
  'currval',
  'gen_random_uuid',
  'lastval',
  'nextval',
  'random',
  'random_normal',
  'set_config',
  'setval',
  'timeofday',
  'uuidv4',
  'uuidv7',
  // Of uuid-ossp and pgcrypto.
  'uuid_generate_v1',
  'uuid_generate_v1mc',
  'uuid_generate_v4',
  'gen_random_bytes',
  'gen_salt',
])

/** Functions in defaults; one that is in neither list is unknown. */
export const NOT_VOLATILE: ReadonlySet<string> = new Set([
  'now',
  'transaction_timestamp',
  'statement_timestamp',
  'timezone',
  'date_trunc',
  'date_part',
  'extract',
  'age',
  'to_char',
  'to_date',
  'to_timestamp',
  'make_date',
  'make_interval',
  'make_timestamp',
  'make_timestamptz',
  'current_setting',
  'current_database',
  'current_schema',
  'pg_backend_pid',
  'lower',
  'upper',
  'initcap',
  'concat',
  'concat_ws',
  'format',
  'replace',
  'translate',
  'substring',
  'substr',
  'left',
  'right',
  'length',
  'repeat',
  'lpad',
  'rpad',
  'btrim',
  'md5',
  'sha256',
  'encode',
  'decode',
  'abs',
  'ceil',
  'floor',
  'round',
  'trunc',
  'power',
  'mod',
  'json_build_object',
  'json_build_array',
  'jsonb_build_object',
  'jsonb_build_array',
  'to_json',
  'to_jsonb',
  'to_tsvector',
  'array_append',
  'array_cat',
  'array_fill',
  'string_to_array',
  'array_to_string',
  'int4range',
  'int8range',
  'numrange',
  'daterange',
  'tsrange',
  'tstzrange',
  'point',
  'box',
])
