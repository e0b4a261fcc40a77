/**
 * What stands around tables and decides whether, and at what cost, they can be migrated. Names of tables are quoted.
 */
export interface Surroundings {
  readonly tables: readonly TableSurroundings[]
  /** By the table's name; without those that could not be asked in time. */
  readonly sizes: ReadonlyMap<string, TableSize>
  readonly replication: Replication
  readonly eventTriggers: readonly EventTrigger[]
  readonly functions: readonly RowFunction[]
}

export interface TableSurroundings {
  readonly table: string
  /** Rules for UPDATE of any kind. */
  readonly updateRules: readonly string[]
  /** Rules that do something else in place of an INSERT. */
  readonly insertRules: readonly string[]
  /** The logical publications that it or one of its partitions is in. */
  readonly publications: readonly string[]
  /** Those of them that name its columns. */
  readonly publicationsOfColumns: readonly string[]
  /**
   * Quoted names of the nondeterministic collations of its columns, where the server compares them for foreign keys.
   */
  readonly collations: Readonly<Record<string, string>>
  /** Is it published with its updates and without a replica identity? Then PostgreSQL refuses each UPDATE. */
  readonly lacksIdentity: boolean
  /** Has it a primary key? */
  readonly hasKey: boolean
  /**
   * Columns of its primary key whose values PostgreSQL cannot compare, with the implicit cast because of which it
   * finds more than one operator: `"Kind" to text`.
   */
  readonly notComparable: Readonly<Record<string, string>>
  /** The columns, of any table, whose type is or contains its row type. */
  readonly columnsOfRows: readonly { readonly schema: string; readonly table: string; readonly column: string }[]
  /**
   * `SELECT`, `INSERT`, `UPDATE` by the name of a role that has them on some of its columns only; `public` for all
   * roles.
   */
  readonly columnPrivileges: Readonly<Record<string, readonly string[]>>
  /**
   * Code of roles with fewer privileges than ours that a write of a row runs: phrases, as of a trigger or of a domain.
   */
  readonly codeOfOthers: readonly string[]
  /** Is it UNLOGGED? Only tables that are, too, can reference it. */
  readonly isUnlogged: boolean
  /**
   * `pg_class.relnatts`, the greatest of the table and its partitions: columns that were dropped count for PostgreSQL's
   * limit.
   */
  readonly columnsEver: number
  /** Null where it is not in PostgreSQL's own storage. */
  readonly rowSize: RowSize | null
  /** Does Citus keep it, on other servers too? */
  readonly isDistributed: boolean
}

/** How the rows of a table are stored that may come near the limit. */
export interface RowSize {
  /** Those that were dropped included. */
  readonly columns: number
  /** Is a column NULL in every row, because it was dropped or is computed when read? */
  readonly hasNull: boolean
  /** In the order in which they are stored. */
  readonly stored: readonly StoredColumn[]
  /** Not where partitions may store them in another. */
  readonly hasOneOrder: boolean
  /** What PostgreSQL writes, header included: a row is on one page. */
  readonly limit: number
}

/** The value of a column, in bytes. */
export interface StoredColumn {
  readonly least: number
  /** If all is stored elsewhere that can be. */
  readonly most: number
  /** 1, 2, 4 or 8. */
  readonly alignment: number
  /** Of variable length: a short one is not aligned. */
  readonly isPacked: boolean
  readonly isRequired: boolean
}

/** One in SQL or PL/pgSQL that no trigger calls. */
export interface RowFunction {
  readonly schema: string
  readonly name: string
  readonly language: string
  /** Was its body stored as a tree (BEGIN ATOMIC)? Then its source is the whole definition. */
  readonly isTree: boolean
  readonly source: string
  /** Does it return rows, of a table, a composite type, or columns of its own? */
  readonly returnsRow: boolean
  /** The quoted name of the table or type of those rows; empty for none. */
  readonly rowsOf: string
}

/** Bytes, with all partitions. */
export interface TableSize {
  readonly rows: number
  readonly indexes: number
}

export interface Replication {
  /** `synchronous_standby_names`, where commits wait for it; empty where they do not. */
  readonly synchronousStandbys: string
  readonly slots: readonly ReplicationSlot[]
}

export interface ReplicationSlot {
  readonly name: string
  readonly isActive: boolean
  /** Bytes of WAL that it keeps. */
  readonly bytes: number
}

/** One that fires at DDL of the session that asks; extensions' own are left out. */
export interface EventTrigger {
  readonly name: string
  /** `ddl_command_start`, `ddl_command_end`, `sql_drop`, `table_rewrite`. */
  readonly event: string
  /** `CREATE INDEX` …; null for all. */
  readonly tags: readonly string[] | null
  /** Quoted and qualified, with its parentheses, as an error's context spells it. */
  readonly functionName: string
  /** The same without its schema, for a context that was written where that is in the search path. */
  readonly bareFunctionName: string
  readonly source: string
  /** Its function's owner, where that is a role that may do less than the one that asks; null otherwise. */
  readonly lesserOwner: string | null
}
