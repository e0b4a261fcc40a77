import type { Block, ConfigurationBlock, EnumBlock, ModelBlock, ParsedBlock, SchemaFile } from '../schema/model'
import { commonEnds } from '../schema/unchanged-items'

/** What the names of a schema refer to. */
export interface DeclaredNames {
  readonly blocks: Map<string, DeclaringBlock>
  /** If a name is declared twice, the first counts, so the order of the blocks matters. */
  readonly hasDuplicates: boolean
}

export type DeclaringBlock = ModelBlock | EnumBlock

export function collectNames(files: readonly SchemaFile[]): DeclaredNames {
  const blocks = new Map<string, DeclaringBlock>()
  let hasDuplicates = false
  for (const file of files) {
    for (const { block } of file.parsed) {
      if (isConfiguration(block)) continue
      // The first of two blocks with the same name counts; the other is an error that Prisma's own extension shows.
      if (blocks.has(block.name.text)) hasDuplicates = true
      else blocks.set(block.name.text, block)
    }
  }
  return { blocks, hasDuplicates }
}

/**
 * Updates the names of `before`, which is no longer used, to `after`, and returns the names that now refer to another
 * block. Null if that is not possible; then the names are no longer usable.
 */
export function updateNames(
  { blocks, hasDuplicates }: DeclaredNames,
  before: readonly SchemaFile[],
  after: readonly SchemaFile[],
): ReadonlySet<string> | null {
  if (hasDuplicates) return null
  const { gone, added } = differenceOfFiles(before, after)
  const meanings = new Map<string, DeclaringBlock | undefined>()
  const left = new Set<string>()
  for (const block of gone) {
    if (isConfiguration(block)) continue
    meanings.set(block.name.text, block)
    left.add(block.name.text)
  }
  for (const block of added) {
    if (isConfiguration(block)) continue
    const name = block.name.text
    if (blocks.has(name) && !left.delete(name)) return null
    // In place: deleting and adding a name would make V8 keep each former block until a full collection.
    blocks.set(name, block)
    if (!meanings.has(name)) meanings.set(name, undefined)
  }
  for (const name of left) blocks.delete(name)
  const changed = new Set<string>()
  for (const [name, meaning] of meanings) if (blocks.get(name) !== meaning) changed.add(name)
  return changed
}

export function isConfiguration(block: Block): block is ConfigurationBlock {
  return block.kind === 'datasource' || block.kind === 'generator'
}

interface Difference {
  readonly gone: readonly Block[]
  readonly added: readonly Block[]
}

/** Unchanged blocks may be on both sides. */
function differenceOfFiles(before: readonly SchemaFile[], after: readonly SchemaFile[]): Difference {
  const { start, end } = commonEnds(before, after)
  const gone = before.slice(start, before.length - end)
  const added = after.slice(start, after.length - end)
  if (gone.length !== added.length) return { gone: gone.flatMap(blocksOf), added: added.flatMap(blocksOf) }
  const differences = gone.map((file, position) => differenceOfBlocks(file.parsed, added[position]?.parsed ?? []))
  return {
    gone: differences.flatMap((difference) => difference.gone),
    added: differences.flatMap((difference) => difference.added),
  }
}

function differenceOfBlocks(before: readonly ParsedBlock[], after: readonly ParsedBlock[]): Difference {
  const { start, end } = commonEnds(before, after, (left, right) => left?.block === right?.block)
  return {
    gone: before.slice(start, before.length - end).map(({ block }) => block),
    added: after.slice(start, after.length - end).map(({ block }) => block),
  }
}

function blocksOf(file: SchemaFile): Block[] {
  return file.parsed.map(({ block }) => block)
}
