import type { Argument, Expression, ModelBlock } from '../schema/model'
import { columnNameOf } from '../schema/lookup'

/**
 * The SQL that Prisma generates for `where: { published: true, deletedAt: null, state: { not: "x" } }`; null if part of
 * it is incomplete or unknown, and then the condition is not compared.
 */
export function predicateOf(model: ModelBlock, entries: readonly Argument[]): string | null {
  const conditions = entries.map((entry) => conditionOf(model, entry))
  return conditions.length > 0 && conditions.every((condition) => condition !== null) ? conditions.join(' AND ') : null
}

/**
 * The SQL of `where: raw("deletedAt IS NULL")`. PostgreSQL reads an unquoted name in lower case, but Prisma's engine
 * reads `"deletedAt"`. So names that are not lower-case columns are quoted.
 */
export function rawPredicateOf(model: ModelBlock, sql: string | null): string | null {
  if (sql === null || !/\p{Lu}/u.test(sql)) return sql
  const columns = new Set(model.fields.map(columnNameOf))
  return sql.replace(NAMES_AND_TEXTS, (word: string) => {
    const isMeant = columns.has(word) && !columns.has(word.toLowerCase())
    return isMeant ? `"${word}"` : word
  })
}

/** Also quoted text, which is not changed (at a doubled quote, two parts of it), and names of functions. */
const NAMES_AND_TEXTS = /'[^']*'|"[^"]+"|[\p{L}_][\p{L}\p{N}_$]*(?:\s*\()?/gu

function conditionOf(model: ModelBlock, { name, value }: Argument): string | null {
  const field = model.fields.find((candidate) => candidate.name.text === name?.text)
  if (field === undefined) return null
  const column = `"${columnNameOf(field).replaceAll('"', '""')}"`
  if (value.kind !== 'object') return comparison(column, value, '=', 'IS NULL')
  const [negation, ...others] = value.entries
  if (negation?.name?.text !== 'not' || others.length > 0) return null
  return comparison(column, negation.value, '<>', 'IS NOT NULL')
}

function comparison(column: string, value: Expression, operator: string, forNull: string): string | null {
  if (value.kind === 'word' && value.value === 'null') return `${column} ${forNull}`
  if (value.kind === 'string') return `${column} ${operator} '${value.value.replaceAll("'", "''")}'`
  if (value.kind === 'number') return `${column} ${operator} ${value.value}`
  return value.kind === 'word' && /^(?:true|false)$/.test(value.value) ? `${column} ${operator} ${value.value}` : null
}
