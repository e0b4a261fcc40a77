import { expressionPairKey, type ExpressionPair } from '../../database/model-expressions'
import type { Column, DatabaseModel } from '../../database/model'
import type { ExpectedColumn, ExpectedDefault, ScalarFamily } from '../../expected/model'
import { compareExpressions } from './expressions/compare-expressions'
import { readDefault, type ActualDefault } from './read-default'
import { sameValue } from './literals'
import { isListComparedByPrisma, isReadByPrisma, isReadName } from './read-by-prisma'

/**
 * `both`: a difference in every sense. `spelling`: equivalent, but Prisma compares the text and would change it.
 * `unknown`: spelled differently, and it is unknown whether it is equivalent. `ours`: Prisma's engine does not see it.
 */
export type DefaultDifference = 'none' | 'both' | 'spelling' | 'unknown' | 'ours'

/** Compares as Prisma's engine does (prisma-engines, `sql_schema_differ/column.rs`), and then by meaning. */
export function compareDefaults(
  expected: ExpectedColumn,
  actual: Column,
  database: Pick<DatabaseModel, 'defaultSchema' | 'spellings'>,
): DefaultDifference {
  const family = familyOf(expected)
  const found = readDefault(actual, family)
  const { prisma, meaning } = judge(expected, actual, found, { family, database })
  if (prisma && meaning === true) return 'none'
  if (prisma) return 'ours'
  if (meaning === null) return 'unknown'
  return meaning ? 'spelling' : 'both'
}

/** What to ask PostgreSQL if the texts are not equal; null if there is nothing to ask. */
export function openPairOf(expected: ExpectedColumn, actual: Column, defaultSchema: string): ExpressionPair | null {
  const wanted = expected.default
  if (wanted?.kind !== 'expression' || wanted.text === null) return null
  const found = readDefault(actual, familyOf(expected))
  if (found.kind === 'none' || actual.identity !== null) return null
  const context = { target: actual.type, defaultSchema }
  return compareExpressions(found.text, wanted.text, context) === 'none'
    ? null
    : pairOf(found.text, wanted.text, actual)
}

function pairOf(found: string, wanted: string, column: Column): ExpressionPair {
  const { type, typeSchema } = column.base ?? column
  return { type: typeSchema === 'pg_catalog' ? type : null, expressions: [found, wanted] }
}

function familyOf({ type }: ExpectedColumn): ScalarFamily | null {
  return type.kind === 'scalar' ? type.family : type.kind === 'enum' ? 'string' : null
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
  /** Equal in meaning; null if unknown. */
  readonly meaning: boolean | null
}

const EQUAL: Judgement = { prisma: true, meaning: true }
const DIFFERENT: Judgement = { prisma: false, meaning: false }

function judge(
  expected: ExpectedColumn,
  actual: Column,
  found: ActualDefault,
  {
    family,
    database,
  }: {
    readonly family: ScalarFamily | null
    readonly database: Pick<DatabaseModel, 'defaultSchema' | 'spellings'>
  },
): Judgement {
  const wanted = expected.default
  if (wanted === null) {
    if (found.kind === 'none') return EQUAL
    // A generated column has no default in SQL, but Prisma reads its expression as one.
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
      return judgeExpression(wanted.text, found, isRead, { column: actual, ...database })
    case 'literal':
      return judgeLiteral(wanted.value, found, family, actual.typeName)
    case 'list':
      return judgeList(wanted.values, found, family, actual.typeName)
  }
}

function judgeExpression(wanted: string | null, found: ActualDefault, isRead: boolean, place: Place): Judgement {
  if (wanted === null) return { prisma: found.kind !== 'sequence', meaning: true }
  if (found.kind === 'none') return isNull(wanted) ? { prisma: false, meaning: true } : DIFFERENT
  return {
    // A value is not an expression to it.
    prisma: !isRead && found.text.toLowerCase() === wanted.toLowerCase(),
    meaning: sameMeaning(found.text, wanted, place),
  }
}

interface Place extends Pick<DatabaseModel, 'defaultSchema' | 'spellings'> {
  readonly column: Column
}

/** By their texts and, if those do not decide, by PostgreSQL's spelling. */
function sameMeaning(found: string, wanted: string, { column, defaultSchema, spellings }: Place): boolean | null {
  const context = { target: column.type, defaultSchema }
  const byTexts = compareExpressions(found, wanted, context)
  if (byTexts === 'none') return true
  const spelled = spellings === undefined ? null : spellings[expressionPairKey(pairOf(found, wanted, column))]
  // It was just typed; PostgreSQL is asked with the next read of the catalog.
  if (spelled === undefined) return null
  const verdict = spelled === null ? byTexts : compareExpressions(spelled[0], spelled[1], context)
  return verdict === 'unknown' ? null : verdict === 'none'
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

/** PostgreSQL prints CASE on several lines. */
function onOneLine(expression: string): string {
  const lines = expression.split('\n').map((line) => line.trim())
  return lines.filter((line) => line !== '').join(' ')
}
