/**
 * The words of a file, each kept once however often it stands there: a schema says the same few thousand over and over. It goes
 * from one version of a file to the next, so that a block that is parsed again brings no second copy of its words.
 */
export class WordPool {
  private readonly words = new Map<string, string>()

  /** The word that was met first; the very same one for equal words. */
  shared(word: string): string {
    const known = this.words.get(word)
    if (known !== undefined) return known
    // What was typed on the way to a word is a word, too.
    if (this.words.size >= MOST) this.words.clear()
    const own = word.length < SHORTEST_SLICE ? word : (' ' + word).slice(1)
    this.words.set(own, own)
    return own
  }
}

/** From this length on V8 makes a part of a text as a view on the whole, which the word would keep in memory. */
const SHORTEST_SLICE = 13

const MOST = 100_000
