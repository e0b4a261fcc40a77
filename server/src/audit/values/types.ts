import { inPlainEnglish, phrase, type Phrase } from '../../text/phrase'
import type { BaseType, Column } from '../../database/model'
import type { ExpectedColumn } from '../../expected/model'
import { withoutTrailing } from '../../text/trailing'
import { quoteName } from './names'

/**
 * `both`: a difference in every sense. `spelling`: equivalent, but Prisma's engine would change it. `ours`: Prisma's
 * engine does not compare that closely.
 */
export type TypeDifference = 'none' | 'both' | 'spelling' | 'ours'

/** Whether the column has the type in the schema. Aliases and spellings of one type are equal. */
export function compareTypes(expected: ExpectedColumn, column: Column, defaultSchema: string): TypeDifference {
  const { type } = expected
  // Prisma treats a domain as its base type.
  const actual: BaseType = column.base ?? column
  if (type.kind === 'unknown') return 'none'
  if (expected.isList !== actual.isArray) return 'both'
  switch (type.kind) {
    case 'enum': {
      const same = actual.typeName === type.name && actual.typeSchema === (type.schema ?? defaultSchema)
      return actual.typeKind === 'e' && same ? 'none' : 'both'
    }
    case 'unsupported':
      return compareUnsupported(type.text, column)
    case 'scalar':
      return compareScalars(type.text, elementType(actual), isNested(column))
  }
}

/** The type in the schema, in SQL: `timestamp(3)`, `"Role"`, `text[]`. */
export function describeExpectedType({ type, isList }: Pick<ExpectedColumn, 'type' | 'isList'>): string {
  const brackets = isList ? '[]' : ''
  switch (type.kind) {
    case 'unknown':
      return 'unknown'
    case 'enum':
      return quoteName(type.name) + brackets
    case 'unsupported':
      return type.text + brackets
    case 'scalar':
      return shortTypeName(type.text) + brackets
  }
}

export function describeActualType(column: Column): string {
  const type = phraseOfActualType(column)
  return typeof type === 'string' ? type : inPlainEnglish(type)
}

export function phraseOfActualType(column: Column): string | Phrase {
  const name = shortTypeName(elementType(column)) + (column.isArray ? '[]' : '')
  return column.base === undefined ? name : phrase`${name}, a domain over ${describeBase(column.base)}`
}

function describeBase(base: BaseType): string {
  return shortTypeName(elementType(base)) + (base.isArray ? '[]' : '')
}

/** A domain over a domain: Prisma's engine resolves only one level. */
function isNested({ base }: Column): boolean {
  return base?.isNested === true
}

/** The types that Prisma has a name for; it compares no others. */
const KNOWN_TYPES: ReadonlySet<string> = new Set(
  (
    'int2 int4 int8 numeric money inet oid citext float4 float8 varchar bpchar text bytea timestamp timestamptz date ' +
    'time timetz bool bit varbit uuid xml json jsonb char'
  ).split(' '),
)

/** The element type of an array; without its schema, which depends on the search path. */
function elementType(column: BaseType): string {
  const text = column.isArray ? withoutTrailing(column.type, '[]') : column.type
  if (column.typeSchema === 'pg_catalog' || column.typeKind === 'e') return text
  return text.replace(/^(?:"(?:[^"]|"")[^"]*(?:""[^"]*)*"|[^."]+)\.(?=.)/, '')
}

/** `@db.Char` without a length accepts all of these, although it creates only `character(1)`. */
const BARE_CHARACTERS: ReadonlySet<string> = new Set(['bpchar', '"char"'])

function compareScalars(expected: string, actual: string, isNestedDomain: boolean): TypeDifference {
  if (expected === 'character' && BARE_CHARACTERS.has(actual)) return 'none'
  if (expected === actual || withPrecision(expected) === withPrecision(actual))
    return isNestedDomain ? 'spelling' : 'none'
  // Without a length, CHAR and BIT have a length of one, which Prisma's engine does not know.
  if (`${expected}(1)` === actual) return 'spelling'
  // Prisma's engine accepts any precision for `@db.Timestamp` without one.
  return /^time.*zone$/.test(expected) && !expected.includes('(') && actual.replace(/\(\d\)/, '') === expected
    ? 'ours'
    : 'both'
}

/** The default precision of times is six digits. */
function withPrecision(type: string): string {
  return type.replace(/^(time(?:stamp)?) /, '$1(6) ')
}

/** Compares the texts without spaces, case and schema; a size that is not in the schema is ignored. */
function compareUnsupported(expected: string, column: Column): TypeDifference {
  const actual: BaseType = column.base ?? column
  if (actual.typeKind === 'e') return 'both'
  const wanted = plainType(expected)
  const isDomain = column.base !== undefined && wanted === plainType(column.typeName)
  // Prisma's engine resolves one level, and has no name for the result.
  if (isNested(column)) return isDomain || !KNOWN_TYPES.has(wanted) ? 'none' : 'ours'
  // The domain itself may be meant, which Prisma's engine does not know.
  if (isDomain) return isKnown(actual) ? 'spelling' : 'none'
  const candidates = [plainType(elementType(actual)), plainType(actual.typeName)]
  const isSame = candidates.some((found) => found === wanted || found.replace(/\(.*/, '') === wanted)
  // To Prisma's engine, a type with a Prisma name is never an unsupported one.
  if (isKnown(actual)) return isSame ? 'spelling' : 'both'
  return isSame ? 'none' : 'ours'
}

function isKnown({ typeName, typeSchema }: BaseType): boolean {
  return KNOWN_TYPES.has(typeName) && (typeSchema === 'pg_catalog' || typeName === 'citext')
}

function plainType(type: string): string {
  return type
    .toLowerCase()
    .replace(/\s+/g, '')
    .replace(/^(?:"[^"]*"|[a-z0-9_]+)\.(?=[^.]*$)/, '')
    .replaceAll('"', '')
}

/** `timestamp(3) without time zone` is commonly written `timestamp(3)`. */
function shortTypeName(type: string): string {
  return type
    .replace(/^(time(?:stamp)?)((?:\(\d\))?) without time zone$/, '$1$2')
    .replace(/^(time(?:stamp)?)((?:\(\d\))?) with time zone$/, '$1tz$2')
    .replace(/^character varying/, 'varchar')
    .replace(/^character\(/, 'char(')
    .replace(/^bit varying/, 'varbit')
}
