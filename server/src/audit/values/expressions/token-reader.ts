import type { Token } from './tokens'

/** Reads tokens in order, and consumes an expected one if it is next. */
export class TokenReader {
  readonly #tokens: readonly Token[]
  #position = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  get isAtEnd(): boolean {
    return this.#position === this.#tokens.length
  }

  get position(): number {
    return this.#position
  }

  get peek(): Token | undefined {
    return this.#tokens[this.#position]
  }

  next(): Token | undefined {
    return this.#tokens[this.#position++]
  }

  /** All of the words or none. */
  take(...words: readonly string[]): boolean {
    const stand = words.every((word, place) => {
      const token = this.#tokens[this.#position + place]
      return token?.kind === 'word' && token.text === word
    })
    if (stand) this.#position += words.length
    return stand
  }

  takeOperator(text: string): boolean {
    const stands = this.peek?.kind === 'operator' && this.peek.text === text
    if (stands) this.#position++
    return stands
  }

  textSince(start: number): string {
    return this.#tokens
      .slice(start, this.#position)
      .map(({ text }) => text)
      .join(' ')
  }
}
