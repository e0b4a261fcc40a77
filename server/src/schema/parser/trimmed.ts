/**
 * The same items in an array of their own size. V8 gives an array that items are pushed to room for seventeen, and a
 * large schema keeps a hundred thousand arrays of one or two.
 */
export function trimmed<Item>(items: Item[]): Item[] {
  return items.slice()
}
