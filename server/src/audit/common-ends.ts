/** How many items two lists have in common at their beginning and, beyond that, at their end: an edit lies between. */
export function commonEnds<Item>(
  before: readonly Item[],
  after: readonly Item[],
  same: (before: Item, after: Item) => boolean = Object.is,
): { readonly start: number; readonly end: number } {
  const shorter = Math.min(before.length, after.length)
  const areSame = (first: number, second: number): boolean => {
    const left = before[first]
    const right = after[second]
    return left !== undefined && right !== undefined && same(left, right)
  }
  let start = 0
  while (start < shorter && areSame(start, start)) start += 1
  let end = 0
  while (end < shorter - start && areSame(before.length - 1 - end, after.length - 1 - end)) end += 1
  return { start, end }
}

/** The very same items in the same order. */
export function sameItems(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((item, position) => item === right[position])
}

/** The list before where the list after has the very same items, so that whoever holds it sees that nothing changed. */
export function keptIfSame<Item>(before: readonly Item[] | undefined, after: readonly Item[]): readonly Item[] {
  return before !== undefined && sameItems(before, after) ? before : after
}
