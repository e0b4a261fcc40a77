import {
  type BlockBoundary,
  type FileLayout,
  type PlacedBlock,
  rangeInFile,
  type SchemaFile,
  type SchemaProblem,
} from '../model'
import { SourceText } from '../source-text'
import { findBlocks } from './block-boundaries'
import { type ChangedLayout, changedLayout } from './changed-layout'
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
    const layout = { blocks: [], problems: [], isPlain: false }
    return { path, text, blocks: [], problems: [], layout, isPrismaSchema: false }
  }
  const changed = previous === undefined ? null : changedLayout(previous.text, previous.layout, text)
  const { layout, sources, unchanged } =
    changed === null ? readAnew(text) : { ...changed, sources: text, unchanged: changed }
  const blocks = placeBlocks(sources, layout, previous?.blocks ?? [], unchanged)
  // Where there were none, only what was read anew can have any.
  const suspects =
    previous?.problems.length === 0
      ? blocks.slice(unchanged.unchangedAtStart, blocks.length - unchanged.unchangedAtEnd)
      : blocks
  return { path, text, blocks, problems: allProblems(layout.problems, suspects), layout, isPrismaSchema: true }
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
function placeBlocks(
  text: Sources,
  layout: FileLayout,
  previous: readonly PlacedBlock[],
  { unchangedAtStart, unchangedAtEnd, lines }: Omit<ChangedLayout, 'layout'>,
): PlacedBlock[] {
  const firstBehind = previous.length - unchangedAtEnd
  const blocks = previous.slice(0, unchangedAtStart)
  const unchanged = new UnchangedBlocks(previous.slice(unchangedAtStart, firstBehind))
  const words = new Map<string, string>()
  for (const boundary of layout.blocks.slice(unchangedAtStart, layout.blocks.length - unchangedAtEnd)) {
    blocks.push(unchanged.find(text, boundary) ?? parsePlacedBlock(text, boundary, words))
  }
  for (const placed of previous.slice(firstBehind)) blocks.push(movedTo(placed, placed.startLine + lines))
  return blocks
}

/** Another language in files of the same name. */
export function isOfPrismaNext(text: Sources): boolean {
  // It is said on the first line that is not blank, and a large text is not to be put together for it.
  for (let length = 1000; ; length *= 2) {
    const start = text.slice(0, length)
    if (start.length < length || start.trimStart().length > 500) return /^\s*\/\/ *use prisma-next\b/.test(start)
  }
}

function parsePlacedBlock(text: Sources, boundary: BlockBoundary, words: Map<string, string>): PlacedBlock {
  const source = detached(sourceOf(text, boundary))
  return { block: parseBlock(source, words), startLine: boundary.startLine, source }
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

/** Finds blocks of the previous version by their source, in step with the new ones, since most stand where they stood. */
class UnchangedBlocks {
  private expected = 0
  private indexes: Map<string, number> | null = null

  constructor(private readonly previous: readonly PlacedBlock[]) {}

  find(text: Sources, boundary: BlockBoundary): PlacedBlock | null {
    if (this.previous.length === 0) return null
    const source = sourceOf(text, boundary)
    const index = this.previous[this.expected]?.source === source ? this.expected : this.indexOf(source)
    const found = this.previous[index]
    if (found === undefined) return null
    this.expected = index + 1
    return movedTo(found, boundary.startLine)
  }

  private indexOf(source: string): number {
    this.indexes ??= new Map(this.previous.map((placed, index) => [placed.source, index]))
    return this.indexes.get(source) ?? -1
  }
}

function movedTo(placed: PlacedBlock, startLine: number): PlacedBlock {
  return placed.startLine === startLine ? placed : { block: placed.block, startLine, source: placed.source }
}

function allProblems(outside: readonly SchemaProblem[], blocks: readonly PlacedBlock[]): SchemaProblem[] {
  const problems = [...outside]
  for (const placed of blocks) {
    for (const { message, range } of placed.block.problems)
      problems.push({ message, range: rangeInFile(placed, range) })
  }
  return problems.sort(
    (a, b) => a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character,
  )
}
