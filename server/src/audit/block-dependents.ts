import type { CachedBlock, BlockDependents, PlacedFindings } from './comparison-cache'

/**
 * Names, not blocks: a set that changes with every keystroke is rehashed often, and V8 keeps what its former tables
 * refer to, each version of each block, until a full collection.
 */
export function blockDependents(blocks: readonly PlacedFindings[]): BlockDependents {
  const dependents: BlockDependents = new Map()
  for (const { cached } of blocks) addDependent(dependents, cached)
  return dependents
}

/** Lookups of a former version of the block stay: they only cost an unnecessary comparison. */
export function addDependent(dependents: BlockDependents, { expectation }: CachedBlock): void {
  if (expectation === null) return
  const { model } = expectation.model.table
  for (const name of expectation.lookups.keys()) {
    const known = dependents.get(name)
    if (known === undefined) dependents.set(name, new Set([model]))
    else known.add(model)
  }
}

/** The models that looked up one of the names, which may now refer to another block. */
export function modelsThatLookUp(dependents: BlockDependents, names: ReadonlySet<string>): ReadonlySet<string> {
  const models = new Set<string>()
  for (const name of names) for (const model of dependents.get(name) ?? []) models.add(model)
  return models
}
