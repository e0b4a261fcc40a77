import { BoundaryList, type BlockBoundary } from '../boundary-list'
import {
  type FileLayout,
  type ParsedBlock,
  type PlacedBlock,
  rangeInFile,
  type SchemaFile,
  type SchemaProblem,
} from '../model'
import { SourceText } from '../source-text'
import { findBlocks } from './block-boundaries'
import { type ChangedLayout, changedLayout } from './changed-layout'
import { WordPool } from '../word-pool'
import { parseBlock } from './parse-block'

/**
 * Parses one `.prisma` file: the complete schema language of Prisma 5, 6 and 7, and any incomplete text. Never throws.
 * For unchanged text, returns `previous`; otherwise reuses the objects of unchanged blocks, so an edit costs a scan for
 * block boundaries and parsing the changed blocks.
 */
export function parseSchemaFile(path: string, source: string | SourceText, previous?: SchemaFile): SchemaFile {
  const text = SourceText.of(source)
  if (previous?.path === path && previous.text.equals(text)) return previous
  if (isOfPrismaNext(text)) {
    const layout = { blocks: BoundaryList.of([]), problems: [], isPlain: false }
    return new ParsedFile({
      path,
      text,
      parsed: [],
      problems: [],
      layout,
      words: new WordPool(),
      isPrismaSchema: false,
    })
  }
  const changed = previous === undefined ? null : changedLayout(previous.text, previous.layout, text)
  const { layout, sources, unchanged } =
    changed === null ? readAnew(text) : { ...changed, sources: text, unchanged: changed }
  const words = changed === null ? new WordPool() : (previous?.words ?? new WordPool())
  const parsed = parseBlocks(sources, layout, previous?.parsed ?? [], unchanged, words)
  // If there were none, only newly parsed blocks can have any.
  const { unchangedAtStart: first, unchangedAtEnd } = unchanged
  const suspects = previous?.problems.length === 0 ? { first, end: parsed.length - unchangedAtEnd } : null
  const problems = allProblems(layout, parsed, suspects ?? { first: 0, end: parsed.length })
  return new ParsedFile({ path, text, parsed, problems, layout, words, isPrismaSchema: true })
}

/** The positions of all blocks are rarely needed, so they are computed on demand. */
class ParsedFile implements SchemaFile {
  readonly path: string
  readonly text: SourceText
  readonly parsed: readonly ParsedBlock[]
  readonly problems: readonly SchemaProblem[]
  readonly layout: FileLayout
  readonly words: WordPool
  readonly isPrismaSchema: boolean
  private placed: readonly PlacedBlock[] | null = null

  constructor({ path, text, parsed, problems, layout, words, isPrismaSchema }: Omit<SchemaFile, 'blocks'>) {
    this.path = path
    this.text = text
    this.parsed = parsed
    this.problems = problems
    this.layout = layout
    this.words = words
    this.isPrismaSchema = isPrismaSchema
  }

  get blocks(): readonly PlacedBlock[] {
    const { blocks } = this.layout
    this.placed ??= this.parsed.map(({ block }, index) => ({ block, startLine: blocks.startLine(index) }))
    return this.placed
  }
}

/** A string is faster for reading many parts; an edited text is faster for reading few. */
type Sources = Pick<string, 'slice'>

function readAnew(text: SourceText): {
  layout: FileLayout
  sources: Sources
  unchanged: Omit<ChangedLayout, 'layout'>
} {
  const sources = text.toString()
  return { layout: findBlocks(sources), sources, unchanged: { unchangedAtStart: 0, unchangedAtEnd: 0, lines: 0 } }
}

/** Reuses the blocks before and after the change, and compares those between. */
function parseBlocks(
  text: Sources,
  { blocks: boundaries }: FileLayout,
  previous: readonly ParsedBlock[],
  { unchangedAtStart, unchangedAtEnd }: Omit<ChangedLayout, 'layout'>,
  words: WordPool,
): readonly ParsedBlock[] {
  const firstBehind = previous.length - unchangedAtEnd
  const unchanged = new UnchangedBlocks(previous.slice(unchangedAtStart, firstBehind))
  const changed: ParsedBlock[] = []
  for (let index = unchangedAtStart; index < boundaries.length - unchangedAtEnd; index++) {
    const source = sourceOf(text, boundaries.at(index))
    changed.push(unchanged.find(source) ?? parsedBlock(source, words))
  }
  return withMiddle(previous, changed, unchangedAtStart, firstBehind)
}

/** Usually the number of blocks is the same: then only one list is allocated. */
function withMiddle<Item>(
  before: readonly Item[],
  middle: readonly Item[],
  start: number,
  end: number,
): readonly Item[] {
  if (middle.length !== end - start) return before.slice(0, start).concat(middle, before.slice(end))
  const items = before.slice()
  middle.forEach((item, index) => (items[start + index] = item))
  return items
}

/** Another language with the same file extension. */
export function isOfPrismaNext(text: Sources): boolean {
  // It is declared on the first line that is not blank, and a large text must not be assembled for it.
  for (let length = 1000; ; length *= 2) {
    const start = text.slice(0, length)
    if (start.length < length || start.trimStart().length > 500) return /^\s*\/\/ *use prisma-next\b/.test(start)
  }
}

function parsedBlock(slice: string, words: WordPool): ParsedBlock {
  const source = detached(slice)
  return { block: parseBlock(source, words), source }
}

function sourceOf(text: Sources, { start, end, column }: BlockBoundary): string {
  return ' '.repeat(column) + text.slice(start, end)
}

/**
 * A copy. V8 represents a slice of a string as a view of the original, so the names in a block would keep the old text
 * of the file in memory as long as the block, one text per edit.
 */
function detached(slice: string): string {
  return (' ' + slice).slice(1)
}

/** Finds blocks of the previous version by their source, walking both lists in sync, because most did not move. */
class UnchangedBlocks {
  private expected = 0
  private indexes: Map<string, number> | null = null

  constructor(private readonly previous: readonly ParsedBlock[]) {}

  find(source: string): ParsedBlock | null {
    if (this.previous.length === 0) return null
    const index = this.previous[this.expected]?.source === source ? this.expected : this.indexOf(source)
    const found = this.previous[index]
    if (found === undefined) return null
    this.expected = index + 1
    return found
  }

  private indexOf(source: string): number {
    this.indexes ??= new Map(this.previous.map((parsed, index) => [parsed.source, index]))
    return this.indexes.get(source) ?? -1
  }
}

/** The blocks of the layout from `first` to `end`. */
function allProblems(
  { problems: outside, blocks }: FileLayout,
  parsed: readonly ParsedBlock[],
  { first, end }: { readonly first: number; readonly end: number },
): SchemaProblem[] {
  const problems = [...outside]
  for (let index = first; index < end; index++) {
    const placed = { startLine: blocks.startLine(index) }
    for (const { message, range } of parsed[index]?.block.problems ?? [])
      problems.push({ message, range: rangeInFile(placed, range) })
  }
  return problems.sort(
    (a, b) => a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character,
  )
}
