import type { ScalarFamily } from '../../expected/model'
import type { ActualDefault } from './read-default'

/**
 * Does Prisma's engine read the default of a column as a value? To it, everything else is an expression, equal to a
 * `dbgenerated` of the same letters and to nothing else. Measured against the engine, type by type.
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

/** No name that begins with an underscore, unless it is quoted: `'A'::_role`, `nextval('_log_id_seq'::regclass)`. */
export function isReadName(text: string): boolean {
  if (/^nextval\('/i.test(text)) return !/^nextval\('(?:(?:"[^"]*"|[^"'.]*)\.)?_/i.test(text)
  return !/(?:::|\.)_/.test(text.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, ''))
}

/**
 * Does it find the list equal that it made itself? Not one of uuids, bigints and bytes, and not where PostgreSQL spells an
 * item with a cast of a cast: `(1)::smallint`, `('-2'::integer)::double precision`. It then finds a difference for ever.
 */
export function isListComparedByPrisma(list: string, family: ScalarFamily, typeName: string): boolean {
  if (!isReadName(list)) return false
  if (['uuid', 'int8', 'bytea'].includes(typeName)) return isEmptyList(list)
  return hasPlainItems(list, family)
}

/** Brackets are read around decimals only: `(0)::numeric`, but not `(5)::text`. */
function isLiteralRead(text: string, family: ScalarFamily | null, typeName: string): boolean {
  if (family === 'datetime' || typeName === 'uuid' || (typeName === 'money' && text.startsWith("'"))) return false
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
