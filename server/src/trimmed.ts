/**
 * The same items in an array of exact size, or one shared array if there are none. V8 gives an array that grows by push
 * room for seventeen, and a large schema and its database have a hundred thousand arrays of none, one or two.
 */
export function trimmed<Item>(items: readonly Item[]): readonly Item[] {
  return items.length === 0 ? NOTHING : items.slice()
}

const NOTHING: readonly never[] = []
