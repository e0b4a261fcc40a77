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
 * Parses one `.prisma` file: the whole schema language of Prisma 5, 6 and 7, and anything half-typed. Never throws.
 * Unchanged text gives `previous` itself; otherwise its blocks whose source did not change are kept, the same objects,
 * so an edit costs a scan for the boundaries of blocks and the parsing of those that changed.
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
  // Where there were none, only what was read anew can have any.
  const { unchangedAtStart: first, unchangedAtEnd } = unchanged
  const suspects = previous?.problems.length === 0 ? { first, end: parsed.length - unchangedAtEnd } : null
  const problems = allProblems(layout, parsed, suspects ?? { first: 0, end: parsed.length })
  return new ParsedFile({ path, text, parsed, problems, layout, words, isPrismaSchema: true })
}

/** Hardly anybody asks where all blocks stand, so that is put together for whoever does. */
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

/** A string is faster to take many parts from; a text that was edited is faster to take few parts from. */
type Sources = Pick<string, 'slice'>

function readAnew(text: SourceText): {
  layout: FileLayout
  sources: Sources
  unchanged: Omit<ChangedLayout, 'layout'>
} {
  const sources = text.toString()
  return { layout: findBlocks(sources), sources, unchanged: { unchangedAtStart: 0, unchangedAtEnd: 0, lines: 0 } }
}

/** Takes the blocks before and behind the change as they are, and looks at those between. */
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

/** As a rule as many blocks as before: then one list is made, and no other on the way. */
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

/** Another language in files of the same name. */
export function isOfPrismaNext(text: Sources): boolean {
  // It is said on the first line that is not blank, and a large text is not to be put together for it.
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
 * A copy of its own. V8 makes a slice of a string as a view on the whole, so that the names in a block would keep the
 * file's text of the time in memory for as long as the block is kept, one text for each edit.
 */
function detached(slice: string): string {
  return (' ' + slice).slice(1)
}

/** Finds blocks of the previous version by their source, in sync with the new ones, since most stand where they stood. */
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

/** Those of the layout, and of the blocks from `first` on up to `end`. */
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
