/**
 * The type of a user's key in another service, as a policy names it. The resulting text is ours, never the policy's.
 */
export interface UserKeyType {
  /** As printed by `format_type`, and valid in SQL: `character varying(36)`. */
  readonly catalog: string
  /** Prisma's type of the field. */
  readonly field: 'String' | 'Int' | 'BigInt'
  /** Prisma's native type without the datasource's name, `VarChar(36)`; null if the field's type is sufficient. */
  readonly native: string | null
}

/** Parses PostgreSQL's and Prisma's names of types that user keys have; null for any other text. */
export function parseUserKeyType(text: string): UserKeyType | null {
  const name = text.trim().toLowerCase().replace(/\s+/g, ' ')
  const plain = PLAIN.get(name)
  if (plain !== undefined) return plain
  const [, word = '', length] = /^([a-z ]+?) ?(?:\( ?(\d{1,8}) ?\))?$/.exec(name) ?? []
  const sized = SIZED.get(word)
  if (sized === undefined) return null
  if (length === undefined) return sized.native === 'VarChar' ? { ...sized, field: 'String' } : null
  const size = Number(length)
  if (size < 1 || size > LONGEST) return null
  return { catalog: `${sized.catalog}(${size})`, field: 'String', native: `${sized.native}(${size})` }
}

/** For a person who has to choose. */
export const USER_KEY_TYPES = 'text, uuid, varchar(N), char(N), smallint, integer or bigint'

/** PostgreSQL's maximum. */
const LONGEST = 10_485_760

const TEXT: UserKeyType = { catalog: 'text', field: 'String', native: null }
const SMALL: UserKeyType = { catalog: 'smallint', field: 'Int', native: 'SmallInt' }
const INTEGER: UserKeyType = { catalog: 'integer', field: 'Int', native: null }
const BIG: UserKeyType = { catalog: 'bigint', field: 'BigInt', native: null }

const PLAIN: ReadonlyMap<string, UserKeyType> = new Map([
  ['text', TEXT],
  ['string', TEXT],
  ['uuid', { catalog: 'uuid', field: 'String', native: 'Uuid' }],
  ['smallint', SMALL],
  ['int2', SMALL],
  ['integer', INTEGER],
  ['int', INTEGER],
  ['int4', INTEGER],
  ['bigint', BIG],
  ['int8', BIG],
])

const VARYING = { catalog: 'character varying', native: 'VarChar' }
const FIXED = { catalog: 'character', native: 'Char' }

const SIZED: ReadonlyMap<string, { readonly catalog: string; readonly native: string }> = new Map([
  ['varchar', VARYING],
  ['character varying', VARYING],
  ['char', FIXED],
  ['character', FIXED],
])
