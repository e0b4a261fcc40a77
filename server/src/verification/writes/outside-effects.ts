import { phrase, type Phrase } from '../../text/phrase'

/** A function that may run when a row is written. */
export interface TriggerCode {
  readonly name: string
  readonly language: string
  /** The extension that created it; null for all others. */
  readonly extension: string | null
  /** `pg_proc.prosrc`. */
  readonly source: string
  /** Its owner, if that role has fewer privileges than the one that would run it; otherwise null. */
  readonly lesserOwner: string | null
}

/** What a write of the table runs first. */
export interface FirstCode {
  /**
   * If a write of the table runs code other than PostgreSQL's own: an owner (partitions may have others) with fewer
   * privileges than the role that writes; otherwise null.
   */
  readonly lesserOwner: string | null
  /** The type of a column, such as a domain with checks, whose owner has fewer privileges; otherwise null. */
  readonly lesserType: { readonly name: string; readonly owner: string } | null
  /**
   * The code that a write of the table runs first: the functions of its triggers, defaults, checks, generated columns
   * and indexes, and its rules as text.
   */
  readonly functions: readonly string[]
  readonly rules: readonly string[]
}

/** What that code may call, and what may be called from there. */
export interface CalledCode {
  /** Functions that are not PostgreSQL's own. */
  readonly known: readonly TriggerCode[]
  /** Tables with triggers: the unquoted name, and the names of the triggers' functions. */
  readonly tables: readonly { readonly name: string; readonly functions: readonly string[] }[]
}

/**
 * Why a write of the table cannot be tested in a transaction that is rolled back: code that it runs may have effects
 * that a rollback does not undo (on another server, a file, a session-level lock), or was written by a role with fewer
 * privileges than the one that would run it, and could hide such an effect. Null otherwise. Follows names through the
 * functions' texts, and errs on the side of caution: what it cannot read counts as an outside effect.
 */
export function whyNotTried(written: FirstCode & CalledCode): Phrase | null {
  const { lesserOwner, lesserType, functions, rules, known, tables } = written
  if (lesserOwner !== null)
    return phrase`it belongs to the role ${lesserOwner}, whose code would run with more privileges than that role has`
  if (lesserType !== null)
    return phrase`its type ${lesserType.name} belongs to the role ${lesserType.owner}, whose code would run with more privileges than that role has`
  const byName = grouped(known, ({ name }) => name)
  const triggersOf = new Map(tables.map(({ name, functions }) => [name.toLowerCase(), functions]))
  const seen = new Set<string>()
  const open = [...functions]
  const follow = (text: string) => {
    for (const word of wordsOf(text)) {
      open.push(word)
      for (const name of triggersOf.get(word) ?? []) open.push(name)
    }
  }
  for (const rule of rules) {
    const outside = outsideWord(rule)
    if (outside !== null) return phrase`a rule of the table uses ${outside}`
    follow(rule)
  }
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const folded = name.toLowerCase()
    if (seen.has(folded)) continue
    seen.add(folded)
    for (const code of byName.get(folded) ?? []) {
      if (code.extension !== null && HARMLESS_EXTENSIONS.has(code.extension)) continue
      if (code.lesserOwner !== null)
        return phrase`a write of it may call ${code.name}(), which belongs to the role ${code.lesserOwner} and would run with more privileges than that role has`
      if (!READABLE.has(code.language))
        return phrase`a write of it may call ${code.name}(), which is written in ${code.language}`
      const outside = outsideWord(code.source)
      if (outside !== null) return phrase`a write of it may call ${code.name}(), which uses ${outside}`
      follow(code.source)
    }
  }
  return null
}

/** A rollback undoes everything that they can do, except for the words below. */
const READABLE = new Set(['plpgsql', 'sql', 'internal'])

/** Their functions only change their arguments or the database. */
const HARMLESS_EXTENSIONS = new Set([
  ...['plpgsql', 'citext', 'hstore', 'ltree', 'pg_trgm', 'unaccent', 'pgcrypto', 'uuid-ossp', 'moddatetime', 'autoinc'],
  ...['insert_username', 'refint', 'tcn', 'lo', 'btree_gin', 'btree_gist', 'intarray', 'isn', 'cube', 'earthdistance'],
  ...['fuzzystrmatch', 'tablefunc', 'seg', 'vector', 'postgis', 'postgis_topology', 'postgis_raster'],
])

/** Built-in functions whose effects a rollback does not undo. */
function outsideWord(text: string): string | null {
  return (
    /\b(?:copy|lo_export|lo_import|pg_file_\w+|pg_logical_emit_message|pg_(?:try_)?advisory_lock(?:_shared)?|pg_advisory_unlock\w*|setval|pg_(?:terminate|cancel)_backend|pg_reload_conf|pg_promote|pg_rotate_logfile|pg_switch_wal|pg_create_restore_point)\b/i.exec(
      text,
    )?.[0] ?? null
  )
}

function wordsOf(text: string): Set<string> {
  return new Set(namesIn(text).map((word) => word.toLowerCase()))
}

/** What may be names, as they are written. */
export function namesIn(text: string): readonly string[] {
  return text.match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? []
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const key = keyOf(item).toLowerCase()
    const group = groups.get(key)
    // Not copied for each: a name may have any number of overloads.
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}
