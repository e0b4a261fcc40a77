import { lineOf, sqlToRead, type SafeText } from './safe-text'

/** Markdown for VS Code's preview, GitHub and a terminal. Made of `markdownLine`, `codeSpan`, `sqlFence` and our own words. */
export type MarkdownText = SafeText & { readonly [markdownText]: true }

declare const markdownText: unique symbol

/**
 * Foreign text as it is, whatever Markdown or HTML would make of it, in one line. An underscore inside of a word is no
 * emphasis, and stays: a terminal shows `Lead_ownerId_fkey` as it is.
 */
export function markdownLine(foreign: string): string {
  return lineOf(foreign)
    .replace(/[\\`*[\]<>#|~$]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|&(?=[#\w])/gu, '\\$&')
    .replace(BARE_LINK, '$1\\$2')
}

/** A name in a code span, whose backticks are more than any that stand in it. */
export function codeSpan(foreign: string): string {
  const shown = lineOf(foreign)
  const fence = '`'.repeat(longestRun(shown) + 1)
  const padding = shown.startsWith('`') || shown.endsWith('`') ? ' ' : ''
  return `${fence}${padding}${shown}${padding}${fence}`
}

/** SQL in a fence that is longer than any run of backticks in it, which may stand in a name. */
export function sqlFence(sql: string): string {
  const shown = sqlToRead(sql)
  const fence = '`'.repeat(Math.max(3, longestRun(shown) + 1))
  return `${fence}sql\n${shown}\n${fence}`
}

/** The whole document, of parts that the functions above made. */
export function markdownDocument(sections: readonly string[]): MarkdownText {
  return `${sections.join('\n\n')}\n` as MarkdownText
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
}

/** What GitHub and VS Code link without brackets: `https://…`, `www.…`. */
const BARE_LINK = /\b(https?|ftp|mailto|command|www)([:.])/gi
