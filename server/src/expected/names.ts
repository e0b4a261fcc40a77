/**
 * The default names in Prisma: `User_pkey`, `User_email_key`, `Lead_ownerId_fkey`. Rules and truncation:
 * prisma-engines, psl-core `constraint_names.rs` and `sql_schema_calculator.rs`. They differ from PostgreSQL's own
 * (which shortens table and column in turn), so `cutName` does not apply.
 */
export function primaryKeyName(table: string): string {
  return nameWithSuffix(table, '_pkey')
}

export function uniqueName(table: string, columns: readonly string[]): string {
  return nameWithSuffix(`${table}_${columns.join('_')}`, '_key')
}

export function indexName(table: string, columns: readonly string[]): string {
  return nameWithSuffix(`${table}_${columns.join('_')}`, '_idx')
}

export function foreignKeyName(table: string, columns: readonly string[]): string {
  return nameWithSuffix(`${table}_${columns.join('_')}`, '_fkey')
}

/**
 * The table of an implicit many-to-many relation and its parts; `relation` is the relation's name, `AToB` by default.
 */
export function joinTableNames(relation: string): JoinTableNames {
  const table = firstCharacters(`_${relation}`, MAXIMUM_BYTES)
  const prefix = (suffix: string): string => firstCharacters(table, MAXIMUM_BYTES - suffix.length) + suffix
  return {
    table,
    primaryKey: prefix('_AB_pkey'),
    formerUniqueIndex: prefix('_AB_unique'),
    index: prefix('_B_index'),
    foreignKeyA: prefix('_A_fkey'),
    foreignKeyB: prefix('_B_fkey'),
  }
}

export interface JoinTableNames {
  readonly table: string
  readonly primaryKey: string
  readonly formerUniqueIndex: string
  readonly index: string
  readonly foreignKeyA: string
  readonly foreignKeyB: string
}

/** PostgreSQL's limit for a name, in bytes of UTF-8. */
const MAXIMUM_BYTES = 63

/**
 * The suffix is not cut; the text before it is cut so that PostgreSQL would not cut the result. The suffix is ASCII.
 */
export function nameWithSuffix(stem: string, suffix: string): string {
  return cutBytes(stem, MAXIMUM_BYTES - suffix.length) + suffix
}

/** The longest prefix of the text with at most `limit` bytes that does not split a character. */
function cutBytes(text: string, limit: number): string {
  if (text.length * 3 <= limit) return text
  let bytes = 0
  let cut = ''
  for (const character of text) {
    bytes += byteLength(character)
    if (bytes > limit) return cut
    cut += character
  }
  return text
}

function byteLength(character: string): number {
  const codePoint = character.codePointAt(0) ?? 0
  if (codePoint < 0x80) return 1
  if (codePoint < 0x800) return 2
  return codePoint < 0x10000 ? 3 : 4
}

function firstCharacters(text: string, count: number): string {
  return text.length <= count ? text : Array.from(text).slice(0, count).join('')
}
