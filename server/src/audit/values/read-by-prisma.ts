import type { ScalarFamily } from '../../expected/model'
import type { ActualDefault } from './read-default'

/**
 * Whether Prisma's engine reads the default of a column as a value. Any other default is an expression to it, equal
 * only to a `dbgenerated` with the same text. Measured against the engine, type by type.
 */
export function isReadByPrisma(found: ActualDefault, family: ScalarFamily | null, typeName: string): boolean {
  if (found.kind === 'none' || found.kind === 'expression' || !isReadName(found.text)) return false
  switch (found.kind) {
    case 'now':
      return true
    case 'sequence':
      return family === 'integer'
    case 'literal':
      return isLiteralRead(found.text, family, typeName)
    case 'list':
      return (
        found.values.length === 0 ||
        (family !== 'bytes' && typeName !== 'uuid' && isLiteralListRead(found.text, family))
      )
  }
}

/** No unquoted name that starts with an underscore: `'A'::_role`, `nextval('_log_id_seq'::regclass)`. */
export function isReadName(text: string): boolean {
  if (/^nextval\('/i.test(text)) return !/^nextval\('(?:(?:"[^"]*"|[^"'.]*)\.)?_/i.test(text)
  return !/(?:::|\.)_/.test(text.replace(/'[^']*'|"[^"]*"/g, ''))
}

/**
 * Whether it recognizes a list that it created. It does not for uuids, bigints and bytes, nor if PostgreSQL prints an
 * item with a cast of a cast, `(1)::smallint`, `('-2'::integer)::double precision`: then it reports a difference on
 * every run.
 */
export function isListComparedByPrisma(list: string, family: ScalarFamily, typeName: string): boolean {
  if (!isReadName(list)) return false
  if (['uuid', 'int8', 'bytea'].includes(typeName)) return isEmptyList(list)
  return hasPlainItems(list, family)
}

/**
 * Parentheses are supported around decimals only: `(0)::numeric`, but not `(5)::text`. Texts are quoted, integers have
 * no point.
 */
function isLiteralRead(text: string, family: ScalarFamily | null, typeName: string): boolean {
  if (family === 'datetime' || typeName === 'uuid' || (typeName === 'money' && text.startsWith("'"))) return false
  if (family === 'string') return text.startsWith("'")
  if (family === 'integer') return !/^(?:\(|-?\d+\.)/.test(text)
  return !text.startsWith('(') || family === 'decimal' || family === 'json'
}

function isLiteralListRead(list: string, family: ScalarFamily | null): boolean {
  return family !== 'datetime' && hasPlainItems(list, family)
}

function isEmptyList(list: string): boolean {
  return /^(?:'\{\}'|ARRAY\[\])(?:::|$)/.test(list)
}

function hasPlainItems(list: string, family: ScalarFamily | null): boolean {
  return family === 'integer' ? !list.includes('(') : !list.includes("('")
}
