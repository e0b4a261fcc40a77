import type { CachedBlock, BlockDependents, PlacedFindings } from './comparison-cache'

export function blockDependents(blocks: readonly PlacedFindings[]): BlockDependents {
  const dependents: BlockDependents = new Map()
  for (const { cached } of blocks) addBlock(dependents, cached)
  return dependents
}

/** One block stands in the place of another. */
export function replaceBlock(dependents: BlockDependents, before: CachedBlock, after: CachedBlock): void {
  for (const name of namesOf(before)) dependents.get(name)?.delete(before)
  addBlock(dependents, after)
}

/** The blocks to which something else than before may stand behind one of the names. */
export function blocksThatLookUp(dependents: BlockDependents, names: ReadonlySet<string>): ReadonlySet<CachedBlock> {
  const found = new Set<CachedBlock>()
  for (const name of names) for (const block of dependents.get(name) ?? []) found.add(block)
  return found
}

function addBlock(dependents: BlockDependents, block: CachedBlock): void {
  for (const name of namesOf(block)) {
    const known = dependents.get(name)
    if (known === undefined) dependents.set(name, new Set([block]))
    else known.add(block)
  }
}

function namesOf({ expectation }: CachedBlock): Iterable<string> {
  return expectation?.lookups.keys() ?? []
}
