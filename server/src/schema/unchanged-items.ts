/**
 * The number of items that two lists have in common at their start and, beyond that, at their end: an edit lies
 * between.
 */
export function commonEnds<Item>(
  before: readonly Item[],
  after: readonly Item[],
  same: (before: Item | undefined, after: Item | undefined) => boolean = Object.is,
): { readonly start: number; readonly end: number } {
  const shorter = Math.min(before.length, after.length)
  let start = 0
  while (start < shorter && same(before[start], after[start])) start++
  let end = 0
  while (end < shorter - start && same(before[before.length - 1 - end], after[after.length - 1 - end])) end++
  return { start, end }
}

/** Whether both have the same items in the same order. */
export function sameItems(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((item, position) => item === right[position])
}

/** The previous list if the new list has the same items, so that its holder sees that nothing changed. */
export function beforeIfSame<Item>(before: readonly Item[] | undefined, after: readonly Item[]): readonly Item[] {
  return before !== undefined && sameItems(before, after) ? before : after
}

/** The result of `pick` for each item; the previous list if it is the same for all of them. */
export function eachIfOther<Item, Picked>(
  before: readonly Picked[] | undefined,
  items: readonly Item[],
  pick: (item: Item) => Picked,
): readonly Picked[] {
  const isSame = before?.length === items.length && items.every((item, position) => pick(item) === before[position])
  return isSame ? before : items.map(pick)
}
