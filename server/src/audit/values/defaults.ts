import type { Column } from '../../database/model'
import type { ExpectedColumn, ExpectedDefault, ScalarFamily } from '../expected/model'
import { compareExpressions, type ExpressionContext } from './expressions/compare-expressions'
import { readDefault, type ActualDefault } from './read-default'
import { sameValue } from './literals'
import { isListComparedByPrisma, isReadByPrisma, isReadName } from './read-by-prisma'

/**
 * `both`: a difference in every sense. `spelling`: it means the same, but Prisma compares letter by letter and will
 * propose to change it. `ours`: Prisma's engine does not see it.
 */
export type DefaultDifference = 'none' | 'both' | 'spelling' | 'ours'

/** Compares as Prisma's engine does (prisma-engines, `sql_schema_differ/column.rs`), and then by meaning. */
export function compareDefaults(expected: ExpectedColumn, actual: Column, defaultSchema: string): DefaultDifference {
  const family =
    expected.type.kind === 'scalar' ? expected.type.family : expected.type.kind === 'enum' ? 'string' : null
  const found = readDefault(actual, family)
  const { prisma, meaning } = judge(expected, actual, found, { family, defaultSchema })
  if (prisma && meaning) return 'none'
  if (prisma) return 'ours'
  return meaning ? 'spelling' : 'both'
}

export function describeExpectedDefault({ default: value, type }: ExpectedColumn): string {
  if (value === null) return 'no default'
  return `default ${defaultText(value, type.kind === 'scalar' ? type.family : 'string')}`
}

export function describeActualDefault(column: Column): string {
  if (column.identity !== null) return `generated ${column.identity} as identity`
  if (column.generated !== null) return `generated always as (${onOneLine(column.generated)})`
  return column.default === null ? 'no default' : `default ${onOneLine(column.default)}`
}

interface Judgement {
  /** Equal to Prisma's engine. */
  readonly prisma: boolean
  /** Equal in meaning. */
  readonly meaning: boolean
}

const EQUAL: Judgement = { prisma: true, meaning: true }
const DIFFERENT: Judgement = { prisma: false, meaning: false }

function judge(
  expected: ExpectedColumn,
  actual: Column,
  found: ActualDefault,
  { family, defaultSchema }: { readonly family: ScalarFamily | null; readonly defaultSchema: string },
): Judgement {
  const wanted = expected.default
  if (wanted === null) {
    if (found.kind === 'none') return EQUAL
    // A generated column has no default in SQL's sense, but Prisma takes its expression for one.
    return { prisma: false, meaning: actual.generated !== null }
  }
  const isRead = isReadByPrisma(found, family, actual.typeName)
  switch (wanted.kind) {
    case 'sequence':
      return found.kind === 'sequence' ? { prisma: isReadName(found.text), meaning: true } : DIFFERENT
    case 'now':
      if (found.kind === 'now') return EQUAL
      return { prisma: false, meaning: found.kind === 'expression' && /^current_timestamp\s*\(\d\)$/i.test(found.text) }
    case 'expression':
      return judgeExpression(wanted.text, found, isRead, { target: actual.type, defaultSchema })
    case 'literal':
      return judgeLiteral(wanted.value, found, family, actual.typeName)
    case 'list':
      return judgeList(wanted.values, found, family, actual.typeName)
  }
}

function judgeExpression(
  wanted: string | null,
  found: ActualDefault,
  isRead: boolean,
  context: ExpressionContext,
): Judgement {
  if (wanted === null) return { prisma: found.kind !== 'sequence', meaning: true }
  if (found.kind === 'none') return isNull(wanted) ? { prisma: false, meaning: true } : DIFFERENT
  return {
    // What it reads as a value is no expression to it.
    prisma: !isRead && found.text.toLowerCase() === wanted.toLowerCase(),
    meaning: compareExpressions(found.text, wanted, context) === 'none',
  }
}

function judgeLiteral(wanted: string, found: ActualDefault, family: ScalarFamily | null, typeName: string): Judgement {
  if (found.kind === 'none') return DIFFERENT
  if (family === 'datetime') {
    // Prisma's engine does not compare times at all.
    return { prisma: true, meaning: found.kind === 'literal' ? sameValue(wanted, found.value, family) : false }
  }
  const equal = found.kind === 'literal' && family !== null && sameValue(wanted, found.value, family)
  return { prisma: equal && isReadByPrisma(found, family, typeName), meaning: equal }
}

function judgeList(
  wanted: readonly string[],
  found: ActualDefault,
  family: ScalarFamily | null,
  typeName: string,
): Judgement {
  if (found.kind !== 'list' || family === null) {
    return { prisma: family === 'datetime' && found.kind === 'expression', meaning: false }
  }
  const sameLength = found.values.length === wanted.length
  const meaning = sameLength && wanted.every((value, index) => sameValue(value, found.values[index] ?? '', family))
  if (family === 'datetime') return { prisma: sameLength, meaning }
  return { prisma: meaning && isListComparedByPrisma(found.text, family, typeName), meaning }
}

function isNull(expression: string): boolean {
  return /^null\b/i.test(expression.trim())
}

function defaultText(value: ExpectedDefault, family: ScalarFamily): string {
  const literal = (text: string): string =>
    family === 'integer' || family === 'decimal' || family === 'boolean' ? text : `'${text.replaceAll("'", "''")}'`
  switch (value.kind) {
    case 'now':
      return 'CURRENT_TIMESTAMP'
    case 'sequence':
      return 'nextval of a sequence'
    case 'literal':
      return literal(value.value)
    case 'list':
      return `ARRAY[${value.values.map(literal).join(', ')}]`
    case 'expression':
      return value.text === null ? 'of the database' : onOneLine(value.text)
  }
}

/** PostgreSQL writes CASE on several. */
function onOneLine(expression: string): string {
  return expression.trim().replace(/\s*\n\s*/g, ' ')
}
