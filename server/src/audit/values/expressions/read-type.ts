import type { TokenReader } from './token-reader'

/** Reads a type, `varchar(20)[]`, and returns PostgreSQL's spelling, `character varying(20)[]`; null for none. */
export function readType(reader: TokenReader): string | null {
  const name = readName(reader)
  if (name === null) return null
  const size = readSize(reader)
  if (size === null) return null
  // The precision of a time precedes its zone: `timestamp(3) with time zone`.
  const zone = readZone(reader) || (ZONES.get(name) ?? '')
  let type = (ALIASES.get(name) ?? name) + size + zone
  while (reader.takeOperator('[')) {
    if (!reader.takeOperator(']')) return null
    type += '[]'
  }
  return type
}

const ALIASES: ReadonlyMap<string, string> = new Map([
  ['int', 'integer'],
  ['int4', 'integer'],
  ['int2', 'smallint'],
  ['int8', 'bigint'],
  ['float8', 'double precision'],
  ['float4', 'real'],
  ['decimal', 'numeric'],
  ['bool', 'boolean'],
  ['varchar', 'character varying'],
  ['char', 'character'],
  ['varbit', 'bit varying'],
  ['timestamptz', 'timestamp'],
  ['timetz', 'time'],
])

const ZONES: ReadonlyMap<string, string> = new Map([
  ['timestamp', ' without time zone'],
  ['timestamptz', ' with time zone'],
  ['time', ' without time zone'],
  ['timetz', ' with time zone'],
])

const SECOND_WORDS: readonly (readonly [string, string])[] = [
  ['double', 'precision'],
  ['character', 'varying'],
  ['char', 'varying'],
  ['bit', 'varying'],
]

function readName(reader: TokenReader): string | null {
  const first = reader.next()
  if (first?.kind !== 'word' && first?.kind !== 'quoted name') return null
  const second = SECOND_WORDS.find(([word, next]) => first.kind === 'word' && first.text === word && reader.take(next))
  if (second !== undefined) return second[0] === 'char' ? 'character varying' : second.join(' ')
  if (!reader.takeOperator('.')) return first.text
  const last = reader.next()
  if (last?.kind !== 'word' && last?.kind !== 'quoted name') return null
  return first.text === 'pg_catalog' ? last.text : `${first.text}.${last.text}`
}

/** `(10,2)`; empty for none, null if it is not a size. */
function readSize(reader: TokenReader): string | null {
  if (!reader.takeOperator('(')) return ''
  const numbers: string[] = []
  do {
    const token = reader.next()
    if (token?.kind !== 'number') return null
    numbers.push(token.text)
  } while (reader.takeOperator(','))
  return reader.takeOperator(')') ? `(${numbers.join(',')})` : null
}

function readZone(reader: TokenReader): string {
  if (reader.take('with', 'time', 'zone')) return ' with time zone'
  return reader.take('without', 'time', 'zone') ? ' without time zone' : ''
}
