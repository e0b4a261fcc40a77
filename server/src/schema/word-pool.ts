/**
 * The words of a file, each stored once, because a large schema repeats the same few thousand. The pool is passed from
 * one version of the file to the next, so a block that is parsed again adds no copies of its words.
 */
export class WordPool {
  private readonly words = new Map<string, string>()

  /** An equal word that is already stored; otherwise the word itself, which is then stored. */
  shared(word: string): string {
    const known = this.words.get(word)
    if (known !== undefined) return known
    // Every keystroke inside a word adds another one.
    if (this.words.size >= MOST) this.words.clear()
    const own = word.length < SHORTEST_SLICE ? word : (' ' + word).slice(1)
    this.words.set(own, own)
    return own
  }
}

/**
 * V8 represents a slice of at least this length as a view of the original, which would keep the whole file in memory.
 */
const SHORTEST_SLICE = 13

const MOST = 100_000
