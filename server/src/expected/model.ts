import type { ReferentialAction } from '../database/model'
import type { Block, EnumBlock, ModelBlock, Range } from '../schema/model'

/**
 * What Prisma would create for a schema, in PostgreSQL's terms. Plain data. Every range is relative to its block (see
 * schema/model.ts), so that the result for an unchanged block stays valid when the block moves in its file.
 */
export interface ExpectedDatabase {
  readonly models: readonly ExpectedModel[]
  readonly views: readonly ExpectedView[]
  readonly enums: readonly ExpectedEnum[]
  readonly extensions: readonly ExpectedExtension[]
  /** The datasource block, where objects without a model are shown; null in a schema without one. */
  readonly datasource: Block | null
}

/** A model's table, and the tables of the implicit many-to-many relations of which it is the first side. */
export interface ExpectedModel {
  readonly block: ModelBlock
  readonly table: ExpectedTable
  readonly joinTables: readonly ExpectedTable[]
}

export interface ExpectedTable {
  readonly model: string
  readonly block: ModelBlock
  /** Null for a model's own table; the field of the relation for a join table. */
  readonly relationField: string | null
  /** Null if the schema does not define it: the schema of the connection. */
  readonly schema: string | null
  readonly name: string
  readonly columns: readonly ExpectedColumn[]
  readonly primaryKey: ExpectedPrimaryKey | null
  readonly indexes: readonly ExpectedIndex[]
  readonly foreignKeys: readonly ExpectedForeignKey[]
  /** Whether Prisma's engine compares the conditions of indexes. */
  readonly comparesConditions: boolean
  readonly range: Range
}

export interface ExpectedColumn {
  readonly name: string
  readonly field: string
  readonly type: ExpectedType
  readonly isList: boolean
  readonly nullable: boolean
  readonly default: ExpectedDefault | null
  readonly isUpdatedAt: boolean
  /** The field's name, its type, its `@default`. */
  readonly range: Range
  readonly typeRange: Range
  readonly defaultRange: Range
}

/** For a list, of the element. */
export type ExpectedType =
  /** As printed by `format_type`: `timestamp(3) without time zone`. */
  | { readonly kind: 'scalar'; readonly text: string; readonly family: ScalarFamily }
  | { readonly kind: 'enum'; readonly schema: string | null; readonly name: string }
  /** As written in `Unsupported("…")`. */
  | { readonly kind: 'unsupported'; readonly text: string }
  /** Incomplete or unknown: the column exists in the schema, but is not compared. */
  | { readonly kind: 'unknown' }

/** How a default of the type is written and compared. */
export type ScalarFamily = 'string' | 'integer' | 'decimal' | 'boolean' | 'datetime' | 'json' | 'bytes'

export type ExpectedDefault =
  | { readonly kind: 'now' }
  /** `autoincrement()` and `sequence()`: a sequence, owned or by identity. */
  | { readonly kind: 'sequence' }
  | { readonly kind: 'literal'; readonly value: string }
  | { readonly kind: 'list'; readonly values: readonly string[] }
  /** The text in `dbgenerated("…")`; null for an empty `dbgenerated()`, which any default satisfies. */
  | { readonly kind: 'expression'; readonly text: string | null }

export interface ExpectedPrimaryKey {
  readonly name: string
  readonly columns: readonly string[]
  /** A join table from before Prisma 6 has this unique index instead. */
  readonly formerUniqueIndex: string | null
  readonly range: Range
}

export interface ExpectedIndex {
  readonly name: string
  readonly unique: boolean
  /** `btree`, `gin` …; `fulltext` indexes do not exist on PostgreSQL. */
  readonly method: string
  readonly columns: readonly ExpectedIndexColumn[]
  readonly isPartial: boolean
  /** The condition of a partial index as in `raw("…")`; null if it is written in another way. */
  readonly predicate: string | null
  /** The field of `@unique`; null for `@@index` and `@@unique`. */
  readonly field: string | null
  readonly range: Range
}

export interface ExpectedIndexColumn {
  readonly column: string
  readonly descending: boolean
  /** In PostgreSQL's spelling, or Prisma's word (`JsonbPathOps`); null for the type's default. */
  readonly operatorClass: string | null
}

export interface ExpectedForeignKey {
  readonly name: string
  /** False in join tables, whose foreign keys had different names in different Prisma versions. */
  readonly isNamed: boolean
  readonly field: string
  readonly columns: readonly string[]
  readonly referencedSchema: string | null
  readonly referencedTable: string
  readonly referencedColumns: readonly string[]
  readonly onDelete: ReferentialAction
  readonly onUpdate: ReferentialAction
  readonly range: Range
}

export interface ExpectedView {
  readonly block: ModelBlock
  readonly schema: string | null
  readonly name: string
}

export interface ExpectedEnum {
  readonly block: EnumBlock
  readonly schema: string | null
  readonly name: string
  readonly values: readonly ExpectedEnumValue[]
}

export interface ExpectedEnumValue {
  readonly name: string
  readonly range: Range
}

export interface ExpectedExtension {
  readonly name: string
  /** Null if the schema does not define it. */
  readonly schema: string | null
  readonly version: string | null
  readonly range: Range
}
