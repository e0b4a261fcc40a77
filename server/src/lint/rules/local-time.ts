import type { Node } from 'libpg-query'
import { strings } from '../syntax'

/**
 * The part of an expression that is the session's local time when written into a `timestamp` without time zone. `now()
 * AT TIME ZONE 'UTC'` is not. Returns its text, or null.
 */
export function localTime(expression: Node | undefined): string | null {
  if (expression === undefined) return null
  if ('SQLValueFunction' in expression) return VALUE_FUNCTIONS[expression.SQLValueFunction.op ?? ''] ?? null
  if ('TypeCast' in expression) return localTime(expression.TypeCast.arg)
  if ('FuncCall' in expression) {
    const name = strings(expression.FuncCall.funcname).at(-1) ?? ''
    return CLOCKS.has(name) ? `${name}()` : null
  }
  return null
}

const VALUE_FUNCTIONS: Readonly<Record<string, string>> = {
  SVFOP_CURRENT_TIMESTAMP: 'CURRENT_TIMESTAMP',
  SVFOP_CURRENT_TIMESTAMP_N: 'CURRENT_TIMESTAMP',
  SVFOP_LOCALTIMESTAMP: 'LOCALTIMESTAMP',
  SVFOP_LOCALTIMESTAMP_N: 'LOCALTIMESTAMP',
}

const CLOCKS: ReadonlySet<string> = new Set(['now', 'transaction_timestamp', 'statement_timestamp', 'clock_timestamp'])
