import { quoteQualified } from '../../database/quote'
import type { BackupScope, Inventory } from '../backup-way'
import type { DatabaseContents, DatabaseObject, ObjectKind } from '../contents/model'
import { canonicalName, parseQualifiedName } from '../sql/qualified-name'

/**
 * What a backup lacks of what the database held in the same snapshot, as its own list of contents and the rows in it say.
 * Empty: complete.
 */
export function differencesOfInventory(
  expected: DatabaseContents,
  inventory: Inventory,
  scope: BackupScope['kind'],
): string[] {
  const listed = new Set(inventory.entries.map(({ type, schema, name }) => keyOf(type, schema, name)))
  const missing = expected.objects.flatMap((object) => {
    const keys = keysOf(object)
    return keys.length === 0 || keys.some((key) => listed.has(key)) ? [] : [`${object.kind} ${object.name} is missing`]
  })
  if (scope === 'structure') return missing
  const rows = expected.tables.flatMap(({ name, rows: count }) => {
    const found = inventory.rows.get(canonicalName(name)) ?? 0
    return found === count ? [] : [rowsDiffer(name, count, found)]
  })
  return [...missing, ...rows]
}

/** What of a restored database is not as it was. Empty: equal. */
export function differencesOfContents(
  expected: DatabaseContents,
  found: DatabaseContents,
  scope: BackupScope['kind'],
): string[] {
  const differences: string[] = []
  if (scope !== 'structure') {
    const tables = new Map(found.tables.map((table) => [canonicalName(table.name), table]))
    for (const { name, rows, hash } of expected.tables) {
      const restored = tables.get(canonicalName(name))
      if (restored === undefined) differences.push(`table ${name} is missing`)
      else if (restored.rows !== rows) differences.push(rowsDiffer(name, rows, restored.rows))
      else if (restored.hash !== hash) differences.push(`${name}: the values of its ${rows} rows differ`)
    }
    const [before, after] = [expected.largeObjects, found.largeObjects]
    if (before?.count !== after?.count) {
      differences.push(`large objects: ${before?.count ?? 0} in the database and ${after?.count ?? 0} in the backup`)
    } else if (before?.hash !== after?.hash) differences.push('the large objects differ')
  }
  const isSameMajor = expected.serverMajor === found.serverMajor
  const restored = new Map(found.objects.map((object) => [nameOf(object), object.fingerprint]))
  for (const object of expected.objects) {
    const fingerprint = restored.get(nameOf(object))
    if (fingerprint === undefined) differences.push(`${object.kind} ${object.name} is missing`)
    else if (fingerprint !== object.fingerprint && (isSameMajor || SPELLED_ALIKE.has(object.kind))) {
      differences.push(`${object.kind} ${object.name} has another definition`)
    }
  }
  return differences
}

/** Of the other kinds, each major version writes definitions in its own way. */
const SPELLED_ALIKE: ReadonlySet<ObjectKind> = new Set(['table', 'constraint', 'index', 'sequence', 'type'])

function rowsDiffer(name: string, before: number, after: number): string {
  return `${name} has ${before} rows in the database and ${after} in the backup`
}

function nameOf({ kind, name }: DatabaseObject): string {
  return `${kind} ${canonicalName(name)}`
}

/** What pg_dump may call the object; none for kinds that it writes within others. */
function keysOf({ kind, name }: DatabaseObject): string[] {
  const parsed = parseQualifiedName(name)
  if (parsed === null) return []
  const { schema, name: table } = parsed
  const part = partOf(name)
  switch (kind) {
    case 'table':
      return ['TABLE', 'FOREIGN TABLE'].map((type) => keyOf(type, schema, table))
    case 'view':
      return [keyOf('VIEW', schema, table)]
    case 'materialized view':
      return [keyOf('MATERIALIZED VIEW', schema, table)]
    case 'index':
      return [keyOf('INDEX', schema, part)]
    case 'trigger':
      return [keyOf('TRIGGER', schema, `${table} ${part}`)]
    case 'schema':
    case 'sequence':
    case 'constraint':
    case 'function':
    case 'type':
    case 'policy':
    case 'rule':
      return []
  }
}

/** The last part of `public."User"."User_pkey"`, unquoted. */
function partOf(name: string): string {
  const [, quoted, plain = ''] = /\.(?:"((?:[^"]|"")*)"|([^".]*))$/.exec(name) ?? []
  return quoted?.replaceAll('""', '"') ?? plain
}

/** pg_dump writes line breaks in names as spaces. */
function keyOf(type: string, schema: string, name: string): string {
  return `${type} ${quoteQualified(schema, name).replace(/[\r\n]/g, ' ')}`
}
