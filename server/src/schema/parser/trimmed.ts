/**
 * The same items in an array of their own size, or the one array that all share that have none. V8 gives an array that
 * items are pushed to room for seventeen, and a large schema keeps a hundred thousand arrays of none, one or two.
 */
export function trimmed<Item>(items: readonly Item[]): readonly Item[] {
  return items.length === 0 ? NOTHING : items.slice()
}

const NOTHING: readonly never[] = []
