import type { KeptBlock, LookingBlocks, PlacedFindings } from './comparison-cache'

export function lookingBlocks(blocks: readonly PlacedFindings[]): LookingBlocks {
  const looking: LookingBlocks = new Map()
  for (const { kept } of blocks) addBlock(looking, kept)
  return looking
}

/** One block stands in the place of another. */
export function replaceBlock(looking: LookingBlocks, before: KeptBlock, after: KeptBlock): void {
  for (const name of namesOf(before)) looking.get(name)?.delete(before)
  addBlock(looking, after)
}

/** The blocks to which something else than before may stand behind one of the names. */
export function blocksThatLookUp(looking: LookingBlocks, names: ReadonlySet<string>): ReadonlySet<KeptBlock> {
  const found = new Set<KeptBlock>()
  for (const name of names) for (const block of looking.get(name) ?? []) found.add(block)
  return found
}

function addBlock(looking: LookingBlocks, block: KeptBlock): void {
  for (const name of namesOf(block)) {
    const known = looking.get(name)
    if (known === undefined) looking.set(name, new Set([block]))
    else known.add(block)
  }
}

function namesOf({ expectation }: KeptBlock): Iterable<string> {
  return expectation?.lookups.keys() ?? []
}
