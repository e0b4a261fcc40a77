/** A function that may run when a row is written. */
export interface TriggerCode {
  readonly name: string
  readonly language: string
  /** Of the extension that brought it; null for all others. */
  readonly extension: string | null
  /** `pg_proc.prosrc`. */
  readonly source: string
  /** Its owner, where that is a role that may do less than the one that would run it; null otherwise. */
  readonly lesserOwner: string | null
}

export interface WrittenTableCode {
  /**
   * Where a write of the table runs any code but PostgreSQL's own: of its owners (partitions may have others) one that may
   * do less than the role that writes; null otherwise.
   */
  readonly lesserOwner: string | null
  /** What a write of the table starts with: its triggers' functions, and its rules as text. */
  readonly functions: readonly string[]
  readonly rules: readonly string[]
  /** Every function of the database that is none of PostgreSQL's own. */
  readonly known: readonly TriggerCode[]
  /** Of every table with triggers, its bare name and the names of their functions. */
  readonly tables: readonly { readonly name: string; readonly functions: readonly string[] }[]
}

/**
 * Why a write of the table cannot be tried in a transaction that is rolled back: code of its triggers may act on what no
 * rollback takes back (another server, a file, a session's lock), or somebody wrote it who may do less than the role that
 * would run it, and could hide such an act from us. Null where neither is so. It follows names through the functions'
 * texts, so it rather says too much than too little; what it cannot read counts as acting outside.
 */
export function whyNotTried({ lesserOwner, functions, rules, known, tables }: WrittenTableCode): string | null {
  if (lesserOwner !== null)
    return `it belongs to the role ${lesserOwner}, whose code would run with more privileges than that role has`
  const byName = grouped(known, ({ name }) => name)
  const triggersOf = new Map(tables.map(({ name, functions }) => [name.toLowerCase(), functions]))
  const seen = new Set<string>()
  const open = [...functions]
  const follow = (text: string) => {
    for (const word of wordsOf(text)) open.push(word, ...(triggersOf.get(word) ?? []))
  }
  for (const rule of rules) {
    const outside = outsideWord(rule)
    if (outside !== null) return `a rule of the table uses ${outside}`
    follow(rule)
  }
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const folded = name.toLowerCase()
    if (seen.has(folded)) continue
    seen.add(folded)
    for (const code of byName.get(folded) ?? []) {
      if (code.extension !== null && HARMLESS_EXTENSIONS.has(code.extension)) continue
      if (code.lesserOwner !== null)
        return `its triggers may call ${code.name}(), which belongs to the role ${code.lesserOwner} and would run with more privileges than that role has`
      if (!READABLE.has(code.language))
        return `its triggers may call ${code.name}(), which is written in ${code.language}`
      const outside = outsideWord(code.source)
      if (outside !== null) return `its triggers may call ${code.name}(), which uses ${outside}`
      follow(code.source)
    }
  }
  return null
}

/** A rollback takes back all that they can do, save by the words below. */
const READABLE = new Set(['plpgsql', 'sql', 'internal'])

/** Their functions change nothing but what they are given, or the database. */
const HARMLESS_EXTENSIONS = new Set([
  ...['plpgsql', 'citext', 'hstore', 'ltree', 'pg_trgm', 'unaccent', 'pgcrypto', 'uuid-ossp', 'moddatetime', 'autoinc'],
  ...['insert_username', 'refint', 'tcn', 'lo', 'btree_gin', 'btree_gist', 'intarray', 'isn', 'cube', 'earthdistance'],
  ...['fuzzystrmatch', 'tablefunc', 'seg', 'vector', 'postgis', 'postgis_topology', 'postgis_raster'],
])

/** What PostgreSQL's own can do that a rollback leaves. */
function outsideWord(text: string): string | null {
  return (
    /\b(?:copy|lo_export|lo_import|pg_file_\w+|pg_logical_emit_message|pg_(?:try_)?advisory_lock(?:_shared)?|pg_advisory_unlock\w*|setval|pg_(?:terminate|cancel)_backend|pg_reload_conf|pg_promote|pg_rotate_logfile|pg_switch_wal|pg_create_restore_point)\b/i.exec(
      text,
    )?.[0] ?? null
  )
}

function wordsOf(text: string): Set<string> {
  return new Set((text.match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? []).map((word) => word.toLowerCase()))
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const key = keyOf(item).toLowerCase()
    groups.set(key, [...(groups.get(key) ?? []), item])
  }
  return groups
}
