import { secretsOf, withoutUrlPasswords } from './describe-url'
import { markdownLine } from '../text/markdown-text'
import type { SafeText } from '../text/safe-text'

/**
 * The passwords in use, so that no output contains one: not even a message of a server, `pg_dump` or `prisma`. One per
 * terminal or editor; the projects add to it.
 */
export class Secrets {
  private readonly added = new Set<string>()
  private known: readonly string[] = []

  /** A connection URL in use. */
  add(url: string | null | undefined): void {
    if (url === null || url === undefined || this.added.has(url)) return
    this.added.add(url)
    for (const secret of secretsOf(url)) this.addPassword(secret)
  }

  addPassword(password: string | undefined): void {
    if (password === undefined || !isUnmistakable(password)) return
    const written = [password, JSON.stringify(password).slice(1, -1), ...inMarkdown(password)]
    // The longest first, so that no part of one remains if another is its prefix.
    this.known = [...new Set([...this.known, ...written])].sort((left, right) => right.length - left.length)
  }

  /** For a text for people: known passwords, and those of every URL in it. */
  blotOut<Text extends SafeText>(text: Text): Text {
    return withoutUrlPasswords(this.blotOutKnown(text)) as Text
  }

  /** For data, where a URL may be a value: only passwords known to be in use. */
  blotOutKnown<Text extends string>(text: Text): Text {
    let clean: string = text
    for (const secret of this.known) clean = clean.replaceAll(secret, '*****')
    return clean as Text
  }
}

/** Markdown interprets its first and last character depending on the neighboring ones. */
function inMarkdown(password: string): string[] {
  return ['', 'x'].flatMap((before) =>
    ['', 'x'].map((after) => {
      const line = markdownLine(before + password + after)
      return line.slice(before.length, line.length - after.length)
    }),
  )
}

/**
 * A password such as `postgres` or `secret` is also a word: removing it everywhere would remove names of tables. It is
 * removed from messages of servers and programs (see `redact`).
 */
function isUnmistakable(secret: string): boolean {
  return secret.length >= 6 && !/^([a-z]+|\d+)$/i.test(secret)
}
