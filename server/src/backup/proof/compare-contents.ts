import { quoteQualified } from '../../database/quote'
import type { BackupScope, Inventory } from '../backup-way'
import { COMPARED_TYPES, ENTRY_TYPES } from '../contents/entry-types'
import type { DatabaseContents, DatabaseObject, ObjectKind } from '../contents/model'
import { canonicalName, parseQualifiedName } from '../sql/qualified-name'
import { fixedPhrase, phrase, type Phrase } from '../../text/phrase'
import { largeObjectsPhrase, rowsPhrase } from '../contents/describe-tables'

/**
 * How a backup differs from the contents of the database in the same snapshot, according to its table of contents and
 * its rows. Empty: complete.
 */
export function differencesOfInventory(
  expected: DatabaseContents,
  inventory: Inventory,
  scope: BackupScope['kind'],
): Phrase[] {
  const listed = new Set(inventory.entries.map(({ type, schema, name }) => keyOf(type, schema, name)))
  const known = new Set(expected.objects.flatMap(keysOf))
  const missing = expected.objects.filter((object) => {
    const keys = keysOf(object)
    return keys.length > 0 && !keys.some((key) => listed.has(key))
  })
  const added = inventory.entries
    .filter(({ type, schema, name }) => COMPARED_TYPES.has(type) && !known.has(keyOf(type, schema, name)))
    .map(({ type, schema, name }) => isAdded(fixedPhrase(type.toLowerCase()), quoteQualified(schema, name)))
  const unrecorded = unrecordedRows(expected, inventory, scope)
  if (scope === 'structure') return [...missing.map(isMissing), ...added, ...unrecorded]
  const missingTables = new Set(missing.filter(({ kind }) => kind === 'table').map(({ name }) => canonicalName(name)))
  const rows = expected.tables.flatMap(({ name, rows: count }) => {
    const found = inventory.rows.get(canonicalName(name)) ?? 0
    const isSaid = found === 0 && missingTables.has(canonicalName(name))
    return found === count || isSaid ? [] : [rowsDiffer(name, count, found)]
  })
  return [...missing.map(isMissing), ...added, ...rows, ...unrecorded]
}

/** Rows of tables for which the manifest has none, and that nothing can be compared with. */
function unrecordedRows(
  { objects, tables }: DatabaseContents,
  inventory: Inventory,
  scope: BackupScope['kind'],
): Phrase[] {
  const recorded = new Set(scope === 'structure' ? [] : tables.map(({ name }) => canonicalName(name)))
  return objects
    .filter(({ kind, name }) => kind === 'table' && !recorded.has(canonicalName(name)))
    .map(({ name }) => ({ name, rows: inventory.rows.get(canonicalName(name)) ?? 0 }))
    .filter(({ rows }) => rows > 0)
    .map(({ name, rows }) => phrase`${name} has ${rowsPhrase(rows)} in the backup, and none are recorded`)
}

/** How a restored database differs from the original. Empty: equal, except for what `notCompared` lists. */
export function differencesOfContents(
  expected: DatabaseContents,
  found: DatabaseContents,
  given: Comparison,
): Phrase[] {
  const differences = given.scope === 'structure' ? [] : differencesOfRows(expected, found)
  const isCompared = comparable(expected, found, given)
  const restored = new Map(found.objects.map((object) => [nameOf(object), object.fingerprint]))
  for (const object of expected.objects) {
    if (LEFT_OUT[given.scope].has(object.kind)) continue
    const fingerprint = restored.get(nameOf(object))
    // A missing object is listed once, without its privileges.
    if (fingerprint === undefined) differences.push(...(object.kind === 'privileges' ? [] : [isMissing(object)]))
    else if (object.fingerprint !== null && fingerprint !== object.fingerprint && isCompared(object.kind)) {
      const { kind, name } = object
      differences.push(
        kind === 'privileges'
          ? phrase`privileges ${name} differ`
          : phrase`${KINDS[kind]} ${name} has another definition`,
      )
    }
  }
  const known = new Set(expected.objects.map(nameOf))
  for (const object of found.objects) {
    // A new database has a schema `public`, which dumps do not drop.
    const isNew = !known.has(nameOf(object)) && object.kind !== 'privileges' && nameOf(object) !== 'schema public'
    const wasListed = !isOfEarlierVersion(expected) || !LISTED_SINCE.has(object.kind)
    if (isNew && wasListed) differences.push(isAdded(KINDS[object.kind], object.name))
  }
  return differences
}

export interface Comparison {
  readonly scope: BackupScope['kind']
  /** It was restored without owners and privileges. */
  readonly withoutOwners: boolean
}

function isOfEarlierVersion({ objects }: Pick<DatabaseContents, 'objects'>): boolean {
  return objects.some(({ fingerprint }) => fingerprint === null)
}

/** Kinds of which an earlier version listed fewer objects. */
const LISTED_SINCE: ReadonlySet<ObjectKind> = new Set(['other', 'type', 'comment', 'security label'])

/** What `differencesOfContents` skips, in words; null: nothing. */
export function notCompared(
  expected: Pick<DatabaseContents, 'serverMajor' | 'objects'>,
  found: Pick<DatabaseContents, 'serverMajor'>,
  { withoutOwners }: Comparison,
): Phrase | null {
  if (isOfEarlierVersion(expected))
    return phrase`definitions, which an earlier version of Prisma Audit recorded differently`
  if (expected.serverMajor !== found.serverMajor)
    return phrase`definitions of views, functions, triggers, policies, rules and privileges, which PostgreSQL ${found.serverMajor} and ${expected.serverMajor} print differently`
  return withoutOwners ? phrase`owners and privileges` : null
}

function comparable(
  expected: DatabaseContents,
  found: DatabaseContents,
  { withoutOwners }: Comparison,
): (kind: ObjectKind) => boolean {
  const isSameMajor = expected.serverMajor === found.serverMajor
  return (kind) => (isSameMajor || SPELLED_ALIKE.has(kind)) && !(withoutOwners && OF_OWNERS.has(kind))
}

/** Definitions of other kinds are written differently by each major version. */
const SPELLED_ALIKE: ReadonlySet<ObjectKind> = new Set([
  ...(['table', 'constraint', 'index', 'sequence', 'type', 'comment', 'extension'] as const),
])

const OF_OWNERS: ReadonlySet<ObjectKind> = new Set(['privileges', 'default privileges'])

const NONE: ReadonlySet<ObjectKind> = new Set()

/** Without rows, views are not populated, and there are no large objects. */
const LEFT_OUT: Readonly<Record<BackupScope['kind'], ReadonlySet<ObjectKind>>> = {
  database: NONE,
  tables: NONE,
  structure: new Set(['materialized view data']),
}

function differencesOfRows(expected: DatabaseContents, found: DatabaseContents): Phrase[] {
  const differences: Phrase[] = []
  const tables = new Map(found.tables.map((table) => [canonicalName(table.name), table]))
  for (const { name, rows, hash } of expected.tables) {
    const restored = tables.get(canonicalName(name))
    // Listed among the objects.
    if (restored === undefined) continue
    if (restored.rows !== rows) differences.push(rowsDiffer(name, rows, restored.rows))
    else if (restored.hash !== hash) differences.push(valuesDiffer(name, rows))
  }
  const [before, after] = [expected.largeObjects, found.largeObjects]
  if (before?.count !== after?.count) {
    const { count } = after ?? { count: 0 }
    differences.push(phrase`the backup has ${largeObjectsPhrase(count)}, but the database had ${before?.count ?? 0}`)
  } else if (before?.hash !== after?.hash) differences.push(phrase`the large objects differ`)
  const sequences = new Map(found.sequences.map((sequence) => [canonicalName(sequence.name), sequence.after]))
  for (const { name, before: first, after: last } of expected.sequences) {
    const value = sequences.get(canonicalName(name))
    if (value !== undefined && !isBetween(value, first, last)) {
      const start = phrase`its start`
      differences.push(phrase`sequence ${name} is at ${value ?? start} in the backup, but was at ${last ?? start}`)
    }
  }
  return differences
}

/** Null: no value was drawn. */
function isBetween(value: string | null, first: string | null, last: string | null): boolean {
  if (value === first || value === last) return true
  if (value === null || first === last) return false
  const bounds = [first, last].filter((bound) => bound !== null).map(BigInt)
  if (bounds.length < 2) return true
  const [low = 0n, high = 0n] = bounds.toSorted((a, b) => (a < b ? -1 : 1))
  return low <= BigInt(value) && BigInt(value) <= high
}

function isMissing({ kind, name }: DatabaseObject): Phrase {
  return phrase`${KINDS[kind]} ${name} is missing`
}

function isAdded(kind: Phrase, name: string): Phrase {
  return phrase`${kind} ${name} is in the backup, but was not in the database`
}

export function rowsDiffer(name: string, before: number, after: number): Phrase {
  return phrase`${name} has ${rowsPhrase(after)} in the backup, but had ${before} in the database`
}

export function valuesDiffer(name: string, rows: number): Phrase {
  return phrase`${name}: the values of its ${rowsPhrase(rows)} differ`
}

const KINDS: Readonly<Record<ObjectKind, Phrase>> = {
  schema: phrase`schema`,
  table: phrase`table`,
  view: phrase`view`,
  'materialized view': phrase`materialized view`,
  'materialized view data': phrase`materialized view data`,
  sequence: phrase`sequence`,
  constraint: phrase`constraint`,
  index: phrase`index`,
  trigger: phrase`trigger`,
  function: phrase`function`,
  type: phrase`type`,
  policy: phrase`policy`,
  rule: phrase`rule`,
  extension: phrase`extension`,
  'event trigger': phrase`event trigger`,
  publication: phrase`publication`,
  statistics: phrase`statistics`,
  comment: phrase`comment`,
  'security label': phrase`security label`,
  privileges: phrase`privileges`,
  'default privileges': phrase`default privileges`,
  other: phrase`other`,
}

function nameOf({ kind, name }: DatabaseObject): string {
  return `${kind} ${canonicalName(name)}`
}

/** The possible names of the object in pg_dump; none for kinds that are written as part of others. */
function keysOf({ kind, name }: DatabaseObject): string[] {
  const types = ENTRY_TYPES[kind] ?? []
  const parsed = parseQualifiedName(name)
  if (types.length === 0 || parsed === null) return []
  const { schema, name: table } = parsed
  const named = kind === 'index' ? partOf(name) : kind === 'trigger' ? `${table} ${partOf(name)}` : table
  return types.map((type) => keyOf(type, schema, named))
}

/** The last part of `public."User"."User_pkey"`, unquoted. */
function partOf(name: string): string {
  const [, quoted, plain = ''] = /\.(?:"([^"]*(?:""[^"]*)*)"|([^".]*))$/.exec(name) ?? []
  return quoted?.replaceAll('""', '"') ?? plain
}

/** pg_dump writes line breaks in names as spaces. */
function keyOf(type: string, schema: string, name: string): string {
  return `${type} ${quoteQualified(schema, name).replace(/[\r\n]/g, ' ')}`
}
