/**
 * Which files have a word, or a part of a path: `getUsers`, `/users`. A file's words are kept as sorted numbers, four
 * bytes a word: an application of 5,000 files has a few megabytes of them. Two words with the same number are the same
 * here, so whoever asks looks into the files.
 */
export class WordIndex {
  private readonly byFile = new Map<string, Words>()
  /** The files with a word that was asked for, until one of them, or one more, changes in this. */
  private readonly found = new Map<number, readonly string[]>()

  /** The words that the file had, and those that it has now. */
  update(path: string, text: string): readonly [before: Words, now: Words] {
    const before = this.byFile.get(path) ?? new Uint32Array()
    const words = wordsOf(text)
    this.byFile.set(path, words)
    this.forget(before, words)
    return [before, words]
  }

  remove(path: string): void {
    this.forget(this.byFile.get(path) ?? new Uint32Array(), new Uint32Array())
    this.byFile.delete(path)
  }

  paths(): string[] {
    return [...this.byFile.keys()]
  }

  has(path: string, word: string): boolean {
    const words = this.byFile.get(path)
    return words !== undefined && hasWord(words, numberOf(word))
  }

  filesWith(word: string): readonly string[] {
    const number = numberOf(word)
    const known = this.found.get(number)
    if (known !== undefined) return known
    const files: string[] = []
    for (const [path, words] of this.byFile) if (hasWord(words, number)) files.push(path)
    this.found.set(number, files)
    return files
  }

  private forget(before: Words, now: Words): void {
    for (const number of this.found.keys()) {
      if (hasWord(before, number) !== hasWord(now, number)) this.found.delete(number)
    }
  }
}

export type Words = Uint32Array

export function hasWord(words: Words, number: number): boolean {
  let low = 0
  let high = words.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((words[middle] ?? 0) < number) low = middle + 1
    else high = middle
  }
  return words[low] === number
}

export function numberOf(word: string): number {
  let number = SEED
  for (let index = 0; index < word.length; index++) number = withCharacter(number, word.charCodeAt(index))
  return number >>> 0
}

/** By hand, because a regular expression takes ten times as long, and every file is read. */
function wordsOf(text: string): Words {
  const found = new Set<number>()
  let number = SEED
  let length = 0
  let isPart = false
  for (let index = 0; index <= text.length; index++) {
    const code = index < text.length ? text.charCodeAt(index) : 0
    if (code < 128 ? (WORD[code] ?? 0) > 0 : true) {
      // `-` is part of a word only in a path.
      if (code === DASH && !isPart) {
        if (length >= SHORTEST) found.add(number >>> 0)
        number = SEED
        length = 0
        continue
      }
      number = withCharacter(number, code)
      length += 1
      continue
    }
    if (length >= SHORTEST) found.add(number >>> 0)
    isPart = code === SLASH
    number = isPart ? withCharacter(SEED, SLASH) : SEED
    length = isPart ? 1 : 0
  }
  return Uint32Array.from(found).sort()
}

/** FNV-1a */
function withCharacter(number: number, code: number): number {
  return Math.imul(number ^ code, 16_777_619)
}

const SEED = 2_166_136_261
const SLASH = 47
const DASH = 45
/** Shorter words are variables. */
const SHORTEST = 3

const WORD = Uint8Array.from({ length: 128 }, (_, code) => (/[\w$-]/.test(String.fromCharCode(code)) ? 1 : 0))
