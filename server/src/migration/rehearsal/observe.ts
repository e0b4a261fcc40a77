import type { DatabaseClient } from '../../database/connect'
import { quoteQualified } from '../../database/quote'
import { modeInWords, strongest } from './lock-modes'
import type { ObservedLock } from './model'

/** A table or an index that existed before the plan. */
interface Relation {
  /** Quoted and qualified: the table, or the index's table. */
  readonly table: string
  /** `"public"."User"`, or `index "public"."User_pkey"`. */
  readonly name: string
  /** The root of a partition; else `table`. */
  readonly root: string
}

export interface Observation {
  readonly locks: readonly ObservedLock[]
  readonly rewrites: readonly string[]
}

/**
 * Observes what statements do to the relations that existed before the plan: which locks the session holds on them, and
 * which got a new file, which means that PostgreSQL rewrote the table or index.
 */
export class Observer {
  private constructor(
    private readonly relations: ReadonlyMap<string, Relation>,
    private readonly files: Map<string, string | null>,
  ) {}

  static async start(client: DatabaseClient): Promise<Observer> {
    const { rows } = await client.query<RelationRow>(RELATIONS)
    const relations = new Map(
      rows.map((row) => {
        const table = quoteQualified(row.schema, row.table)
        const name = row.index === null ? table : `index ${quoteQualified(row.schema, row.index)}`
        const root = row.rootSchema === null ? table : quoteQualified(row.rootSchema, row.root ?? '')
        return [row.oid, { table, name, root }]
      }),
    )
    return new Observer(relations, new Map(rows.map((row) => [row.oid, row.file])))
  }

  /** What the open transaction has locked and rewritten so far. A rewrite always holds ACCESS EXCLUSIVE. */
  async inTransaction(client: DatabaseClient): Promise<Observation> {
    const { rows } = await client.query<LockRow>(LOCKS)
    return { locks: this.locksOf(rows), rewrites: this.rewritesOf(rows.filter((row) => row.file !== null)) }
  }

  /** Which of these tables a committed statement has rewritten. */
  async afterwards(client: DatabaseClient, tables: readonly string[]): Promise<string[]> {
    const ours = [...this.relations].filter(([, { table }]) => tables.includes(table)).map(([oid]) => oid)
    if (ours.length === 0) return []
    const { rows } = await client.query<FileRow>(`${FILES} WHERE oid = ANY ($1::oid[])`, [ours])
    return this.rewritesOf(rows)
  }

  /** Rewritten relations that the other two did not report. */
  async anywhere(client: DatabaseClient): Promise<string[]> {
    const { rows } = await client.query<FileRow>(FILES)
    return this.rewritesOf(rows)
  }

  /** Converts rows of `pg_locks` on existing relations to one lock per table. */
  locksOf(rows: readonly { readonly oid: string; readonly mode: string }[]): ObservedLock[] {
    return strongest(
      rows.flatMap(({ oid, mode }) => {
        const relation = this.relations.get(oid)
        return relation === undefined ? [] : [{ table: relation.table, mode: modeInWords(mode) }]
      }),
    )
  }

  /** See `unclaimedLocks`. */
  rootOf(table: string): string {
    for (const relation of this.relations.values()) if (relation.table === table) return relation.root
    return table
  }

  has(table: string): boolean {
    for (const relation of this.relations.values()) if (relation.table === table) return true
    return false
  }

  /** Deleting our generated rows may have given their tables new files. */
  async forgetFiles(client: DatabaseClient): Promise<void> {
    await this.anywhere(client)
  }

  private rewritesOf(rows: readonly FileRow[]): string[] {
    const rewritten: Relation[] = []
    for (const { oid, file } of rows) {
      const relation = this.relations.get(oid)
      if (relation === undefined || this.files.get(oid) === file) continue
      this.files.set(oid, file)
      rewritten.push(relation)
    }
    const tables = new Set(rewritten.filter(isTable).map(({ table }) => table))
    // Rewriting a table always rebuilds its indexes.
    const indexes = rewritten.filter((relation) => !isTable(relation) && !tables.has(relation.table))
    return [...tables, ...indexes.map(({ name }) => name)]
  }
}

function isTable({ table, name }: Relation): boolean {
  return table === name
}

/** Object identifiers as text, as `pg` returns them. */
interface FileRow {
  readonly oid: string
  readonly file: string | null
}

interface LockRow extends FileRow {
  readonly mode: string
}

interface RelationRow extends FileRow {
  readonly schema: string
  readonly table: string
  readonly index: string | null
  readonly rootSchema: string | null
  readonly root: string | null
}

const OURS = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relkind IN ('r', 'p', 'm', 'v', 'f', 'i', 'I')`

const RELATIONS = `
  SELECT c.oid::text AS oid, pg_relation_filenode(c.oid)::text AS file, n.nspname AS schema, t.relname AS "table",
    CASE WHEN i.indexrelid IS NOT NULL THEN c.relname END AS index, rn.nspname AS "rootSchema", r.relname AS root
  FROM pg_class AS c
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  LEFT JOIN pg_index AS i ON i.indexrelid = c.oid
  JOIN pg_class AS t ON t.oid = coalesce(i.indrelid, c.oid)
  LEFT JOIN pg_class AS r ON t.relispartition AND r.oid = pg_partition_root(t.oid)
  LEFT JOIN pg_namespace AS rn ON rn.oid = r.relnamespace
  WHERE ${OURS}`

const FILES = 'SELECT oid::text AS oid, pg_relation_filenode(oid)::text AS file FROM pg_class'

/** The file is only queried if it can have changed. */
const LOCKS = `
  SELECT relation::text AS oid, mode,
    CASE WHEN mode = 'AccessExclusiveLock' THEN pg_relation_filenode(relation)::text END AS file
  FROM pg_locks
  WHERE locktype = 'relation' AND granted AND pid = pg_backend_pid()
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`
