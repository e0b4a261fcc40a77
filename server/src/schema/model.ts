import type { Range } from './position'
import type { BoundaryList } from './boundary-list'
import type { SourceText } from './source-text'
import type { Phrase } from '../text/phrase'
import type { WordPool } from './word-pool'

export type { Position, Range } from './position'

/**
 * The schema model: the contents of the `.prisma` files, every node with its source range. Plain data. Ranges inside a
 * block are relative to the block: `line` counts from the line on which the block starts, `character` is the column in
 * that line, as in the file (zero-based, UTF-16 code units, as in LSP). So a block whose text did not change is the
 * same object after an edit above it, and everything computed from it can be reused. `rangeInFile(block, range)`
 * converts such a range to the file.
 */
export interface SchemaModel {
  /** In the order in which Prisma reads them (sorted by path). */
  readonly files: readonly SchemaFile[]
}

export interface SchemaFile {
  /** As given by the caller; never interpreted here. */
  readonly path: string
  readonly text: SourceText
  /** The blocks and their positions; created on first use. */
  readonly blocks: readonly PlacedBlock[]
  /**
   * The same blocks, for callers that iterate over all of them at each keystroke; `layout.blocks` has the line of each.
   */
  readonly parsed: readonly ParsedBlock[]
  /** The parser's own recovery points, outside and inside blocks, in file coordinates. */
  readonly problems: readonly SchemaProblem[]
  /** The positions of the blocks, for parsing the next version of the text. */
  readonly layout: FileLayout
  /** For the same purpose. */
  readonly words: WordPool
  /**
   * False for a file that starts with `// use prisma-next`, which is another language: it has no blocks and no
   * problems.
   */
  readonly isPrismaSchema: boolean
}

/** A block and where it stands in its file. The placement changes with edits above; the block does not. */
export interface PlacedBlock {
  readonly block: Block
  /** Zero-based line of the file on which the block (its keyword, not its comments) starts. */
  readonly startLine: number
}

/** A block, wherever it is. */
export interface ParsedBlock {
  readonly block: Block
  /**
   * The text that the block was parsed from, including its comments above; while it stays the same, the block is
   * reused.
   */
  readonly source: string
}

/** The result of a scan for block boundaries. */
export interface FileLayout {
  /** One per block of the file. */
  readonly blocks: BoundaryList
  /** Those outside blocks, in file coordinates. */
  readonly problems: readonly SchemaProblem[]
  /** Whether each line can be understood without those below: there is no block comment and no lone carriage return. */
  readonly isPlain: boolean
}

export interface SchemaProblem {
  readonly message: Phrase
  readonly range: Range
}

/** A word of the source and its range. */
export interface Name {
  readonly text: string
  readonly range: Range
}

export type Block = ModelBlock | EnumBlock | ConfigurationBlock

export interface ModelBlock {
  /** `type` is a composite type (MongoDB only); it has no table. */
  readonly kind: 'model' | 'view' | 'type'
  readonly name: Name
  readonly fields: readonly Field[]
  /** `@@id`, `@@map` …, names without the `@@`. */
  readonly attributes: readonly Attribute[]
  /** Lines of `///` directly above the block, without the slashes and one leading space. */
  readonly documentation: readonly string[]
  /** From the keyword to the closing brace. */
  readonly range: Range
  /** The closing brace; if it is missing (incomplete), an empty range at the block's end. */
  readonly closingBrace: Range
  readonly problems: readonly SchemaProblem[]
}

export interface Field {
  readonly name: Name
  readonly type: FieldType
  /** `@id`, `@db.VarChar(20)` …, names without the `@`. */
  readonly attributes: readonly Attribute[]
  readonly documentation: readonly string[]
  /** The complete field, without a trailing comment. */
  readonly range: Range
}

export interface FieldType {
  /**
   * The name of the scalar, enum, model or composite type; for `Unsupported("…")` the text `Unsupported`; empty if
   * incomplete.
   */
  readonly name: string
  readonly arity: 'required' | 'optional' | 'list'
  /** The database type inside `Unsupported("…")`. */
  readonly unsupported: string | null
  readonly range: Range
}

export interface Attribute {
  /** Without `@` or `@@`; with its group: `db.VarChar`. */
  readonly name: Name
  readonly arguments: readonly Argument[]
  readonly range: Range
}

export interface Argument {
  /** `fields` in `fields: [a]`; null for a positional argument. */
  readonly name: Name | null
  readonly value: Expression
  readonly range: Range
}

export type Expression =
  | { readonly kind: 'string'; readonly value: string; readonly range: Range }
  /** As written, because it may be larger than a JavaScript number. */
  | { readonly kind: 'number'; readonly value: string; readonly range: Range }
  /** A bare word: a field, an enum value, `true`, `Cascade`, `address.street`. */
  | { readonly kind: 'word'; readonly value: string; readonly range: Range }
  | { readonly kind: 'array'; readonly items: readonly Expression[]; readonly range: Range }
  /** `now()`, `dbgenerated("…")`, `raw("…")`, and a field with arguments, such as `title(sort: Desc, length: 10)`. */
  | { readonly kind: 'function'; readonly name: string; readonly arguments: readonly Argument[]; readonly range: Range }
  /** `{ published: true, deletedAt: { not: null } }`, the condition of a partial index. */
  | { readonly kind: 'object'; readonly entries: readonly Argument[]; readonly range: Range }
  /** Incomplete: a value is missing. */
  | { readonly kind: 'missing'; readonly range: Range }

export interface EnumBlock {
  readonly kind: 'enum'
  readonly name: Name
  readonly values: readonly EnumValue[]
  readonly attributes: readonly Attribute[]
  readonly documentation: readonly string[]
  readonly range: Range
  readonly closingBrace: Range
  readonly problems: readonly SchemaProblem[]
}

export interface EnumValue {
  readonly name: Name
  readonly attributes: readonly Attribute[]
  readonly documentation: readonly string[]
  readonly range: Range
}

export interface ConfigurationBlock {
  readonly kind: 'datasource' | 'generator'
  readonly name: Name
  readonly properties: readonly Property[]
  readonly documentation: readonly string[]
  readonly range: Range
  readonly closingBrace: Range
  readonly problems: readonly SchemaProblem[]
}

export interface Property {
  readonly name: Name
  readonly value: Expression
  readonly range: Range
}

/** Converts a range inside a block to coordinates of its file. */
export function rangeInFile(placed: { readonly startLine: number }, range: Range): Range {
  return {
    start: { line: range.start.line + placed.startLine, character: range.start.character },
    end: { line: range.end.line + placed.startLine, character: range.end.character },
  }
}
