import { secretsOf, withoutUrlPasswords } from './describe-url'
import { markdownLine } from '../text/markdown-text'
import type { SafeText } from '../text/safe-text'

/**
 * The passwords that are in use, so that no text that leaves us holds one: not even what a server, `pg_dump` or `prisma`
 * says. One for a terminal or an editor; the projects add to it.
 */
export class Secrets {
  private readonly added = new Set<string>()
  private known: readonly string[] = []

  /** A connection URL that is used. */
  add(url: string | null | undefined): void {
    if (url === null || url === undefined || this.added.has(url)) return
    this.added.add(url)
    for (const secret of secretsOf(url)) this.addPassword(secret)
  }

  addPassword(password: string | undefined): void {
    if (password === undefined || !isUnmistakable(password)) return
    const written = [password, JSON.stringify(password).slice(1, -1), ...inMarkdown(password)]
    // The longest first, so that no part of one is left when another is its beginning.
    this.known = [...new Set([...this.known, ...written])].sort((left, right) => right.length - left.length)
  }

  /** Of a text for a person: known passwords, and those of every URL in it. */
  blotOut<Text extends SafeText>(text: Text): Text {
    return withoutUrlPasswords(this.blotOutKnown(text)) as Text
  }

  /** Of data, where a URL may be somebody's value: only what is known to be a password in use. */
  blotOutKnown<Text extends string>(text: Text): Text {
    let clean: string = text
    for (const secret of this.known) clean = clean.replaceAll(secret, '*****')
    return clean as Text
  }
}

/** What Markdown makes of its first and last character depends on what stands beside it: a word or not. */
function inMarkdown(password: string): string[] {
  return ['', 'x'].flatMap((before) =>
    ['', 'x'].map((after) => {
      const line = markdownLine(before + password + after)
      return line.slice(before.length, line.length - after.length)
    }),
  )
}

/**
 * A password such as `postgres` or `secret` is a word, too: blotted out everywhere, it would take names of tables with it.
 * Where servers and programs speak, their words are cleaned of those as well (see `redact`).
 */
function isUnmistakable(secret: string): boolean {
  return secret.length >= 6 && !/^([a-z]+|\d+)$/i.test(secret)
}
