import type { Range } from './position'
import type { BoundaryList } from './boundary-list'
import type { SourceText } from './source-text'
import type { WordPool } from './word-pool'

export type { Position, Range } from './position'

/**
 * The schema model: what the `.prisma` files say, every node with its source range. Plain data.
 *
 * Ranges inside a block are relative to the block: `line` counts from the line on which the block starts, `character`
 * is the column in that line, as in the file (zero-based, UTF-16 code units, as in LSP). So a block whose text did not
 * change is the very same object after an edit above it, and whatever was worked out from it can be kept.
 * `rangeInFile(block, range)` turns such a range into one of the file.
 */
export interface SchemaModel {
  /** In the order in which Prisma reads them (sorted by path). */
  readonly files: readonly SchemaFile[]
}

export interface SchemaFile {
  /** As the caller named it; never interpreted here. */
  readonly path: string
  readonly text: SourceText
  /** The blocks and where they stand; made when it is first asked for. */
  readonly blocks: readonly PlacedBlock[]
  /** The same blocks, for who goes through all of them at each keystroke; `layout.blocks` has the line of each. */
  readonly parsed: readonly ParsedBlock[]
  /** The parser's own recovery points, outside and inside blocks, in file coordinates. */
  readonly problems: readonly SchemaProblem[]
  /** Where the blocks stand, for the parsing of the next version of the text. */
  readonly layout: FileLayout
  /** For the same. */
  readonly words: WordPool
  /** False for a file that begins `// use prisma-next`, which is another language: it has no blocks and no problems. */
  readonly isPrismaSchema: boolean
}

/** A block and where it stands in its file. The placement changes with edits above; the block does not. */
export interface PlacedBlock {
  readonly block: Block
  /** Zero-based line of the file on which the block (its keyword, not its comments) starts. */
  readonly startLine: number
}

/** A block, wherever it stands. */
export interface ParsedBlock {
  readonly block: Block
  /** What the block was parsed from, its comments above included; a block is reused while this stays the same. */
  readonly source: string
}

/** What a scan for the boundaries of blocks found. */
export interface FileLayout {
  /** One for each block of the file. */
  readonly blocks: BoundaryList
  /** Those outside blocks, in file coordinates. */
  readonly problems: readonly SchemaProblem[]
  /** Each line can be understood without those below: there is no block comment, and no carriage return by itself. */
  readonly isPlain: boolean
}

export interface SchemaProblem {
  readonly message: string
  readonly range: Range
}

/** A word of the source with its place. */
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
  /** The closing brace; where it is missing (half-typed), an empty range at the block's end. */
  readonly closingBrace: Range
  readonly problems: readonly SchemaProblem[]
}

export interface Field {
  readonly name: Name
  readonly type: FieldType
  /** `@id`, `@db.VarChar(20)` …, names without the `@`. */
  readonly attributes: readonly Attribute[]
  readonly documentation: readonly string[]
  /** The whole field, without the comment that may trail it. */
  readonly range: Range
}

export interface FieldType {
  /** The scalar, enum, model or composite type that is named; for `Unsupported("…")` the text `Unsupported`; empty where half-typed. */
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
  /** As written, since it may be larger than a JavaScript number. */
  | { readonly kind: 'number'; readonly value: string; readonly range: Range }
  /** A word that stands for itself: a field, an enum value, `true`, `Cascade`, `address.street`. */
  | { readonly kind: 'word'; readonly value: string; readonly range: Range }
  | { readonly kind: 'array'; readonly items: readonly Expression[]; readonly range: Range }
  /** `now()`, `dbgenerated("…")`, `raw("…")`, and a field with arguments, as in `title(sort: Desc, length: 10)`. */
  | { readonly kind: 'function'; readonly name: string; readonly arguments: readonly Argument[]; readonly range: Range }
  /** `{ published: true, deletedAt: { not: null } }`, the condition of a partial index. */
  | { readonly kind: 'object'; readonly entries: readonly Argument[]; readonly range: Range }
  /** Half-typed: nothing stands where a value should. */
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

/** A range inside a block, in the coordinates of its file. */
export function rangeInFile(placed: { readonly startLine: number }, range: Range): Range {
  return {
    start: { line: range.start.line + placed.startLine, character: range.start.character },
    end: { line: range.end.line + placed.startLine, character: range.end.character },
  }
}
