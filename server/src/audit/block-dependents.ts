import type { CachedBlock, BlockDependents, PlacedFindings } from './comparison-cache'

/**
 * Names, not blocks: a set that old blocks go out of and new ones into with every keystroke is rehashed again and again, and
 * V8 holds what its former tables refer to, each version of each block, until a full collection.
 */
export function blockDependents(blocks: readonly PlacedFindings[]): BlockDependents {
  const dependents: BlockDependents = new Map()
  for (const { cached } of blocks) addDependent(dependents, cached)
  return dependents
}

/** What a former version of the block looked up stays: it costs a comparison too many, and nothing else. */
export function addDependent(dependents: BlockDependents, { expectation }: CachedBlock): void {
  if (expectation === null) return
  const { model } = expectation.model.table
  for (const name of expectation.lookups.keys()) {
    const known = dependents.get(name)
    if (known === undefined) dependents.set(name, new Set([model]))
    else known.add(model)
  }
}

/** The models that looked up one of the names, behind which another block than before may stand. */
export function modelsThatLookUp(dependents: BlockDependents, names: ReadonlySet<string>): ReadonlySet<string> {
  const models = new Set<string>()
  for (const name of names) for (const model of dependents.get(name) ?? []) models.add(model)
  return models
}
