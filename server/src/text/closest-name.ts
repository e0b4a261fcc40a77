/** The name that was probably meant: the one with the fewest edits, if they are few. Null if none is close. */
export function closestName(written: string, names: readonly string[]): string | null {
  const wanted = written.toLowerCase().slice(0, LONGEST)
  let best: string | null = null
  let fewest = Math.max(1, Math.floor(wanted.length / 3)) + 1
  for (const name of names) {
    if (Math.abs(name.length - written.length) >= fewest) continue
    const edits = editsBetween(wanted, name.toLowerCase().slice(0, LONGEST))
    if (edits < fewest) {
      fewest = edits
      best = name
    }
  }
  return best
}

const LONGEST = 100

/** Levenshtein distance, where swapping two adjacent letters, the most common typo, is one edit. */
function editsBetween(left: string, right: string): number {
  let before: number[] = []
  let row = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let at = 0; at < left.length; at++) {
    const next = [at + 1]
    for (let other = 0; other < right.length; other++) {
      const replaced = (row[other] ?? 0) + (left[at] === right[other] ? 0 : 1)
      const isSwapped = left[at] === right[other - 1] && left[at - 1] === right[other]
      const swapped = isSwapped ? (before[other - 1] ?? 0) + 1 : Infinity
      next.push(Math.min(replaced, swapped, (row[other + 1] ?? 0) + 1, (next[other] ?? 0) + 1))
    }
    before = row
    row = next
  }
  return row[right.length] ?? 0
}
