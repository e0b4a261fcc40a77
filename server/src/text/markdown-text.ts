import { lineOf, sqlToRead, type SafeText } from './safe-text'

/**
 * Markdown for VS Code's preview, GitHub and a terminal. Created from `markdownLine`, `codeSpan`, `sqlFence` and our
 * own text.
 */
export type MarkdownText = SafeText & { readonly [markdownText]: true }

declare const markdownText: unique symbol

/**
 * Foreign text as one literal line, without any Markdown or HTML meaning. An underscore inside a word is not emphasis
 * and is not escaped: a terminal shows `Lead_ownerId_fkey` unchanged.
 */
export function markdownLine(foreign: string): string {
  return lineOf(foreign)
    .replace(/[\\`*[\]<>#|~$]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|&(?=[#\w])/gu, '\\$&')
    .replace(BARE_LINK, '$1\\$2')
}

/**
 * Our own sentences, in which `…` encloses what to type: that becomes code, all else is literal. The names in them are
 * foreign and may have backticks: those in quotes are passed over, and a command has no brackets.
 */
export function markdownProse(sentences: string): string {
  const parts = sentences.split(NAME_OR_CODE)
  const isCode = (part: string, index: number) => index % 2 === 1 && part.startsWith('`')
  return parts.map((part, index) => (isCode(part, index) ? codeSpan(part.slice(1, -1)) : markdownLine(part))).join('')
}

const NAME_OR_CODE = /("(?:[^"]|"")*"|(?<![^\s("'])`[^`<>[\]\\|*\n]{1,200}`(?![^\s)"',.:;]))/

/**
 * The same for GitHub, which turns `@name` and `#1` into mentions and references everywhere except in code; an
 * invisible character prevents that.
 */
export function gitHubLine(foreign: string): string {
  return markdownLine(foreign).replace(/@(?=\w)|#(?=\d)/g, '$&\u200b')
}

/** A name in a code span, with more backticks than any run in the name. */
export function codeSpan(foreign: string): string {
  const shown = lineOf(foreign)
  const fence = '`'.repeat(longestRun(shown) + 1)
  const padding = shown.startsWith('`') || shown.endsWith('`') ? ' ' : ''
  return `${fence}${padding}${shown}${padding}${fence}`
}

/** SQL in a fence that is longer than any run of backticks in it. */
export function sqlFence(sql: string): string {
  const shown = sqlToRead(sql)
  const fence = '`'.repeat(Math.max(3, longestRun(shown) + 1))
  return `${fence}sql\n${shown}\n${fence}`
}

/** A document from parts that the functions above created. */
export function markdownDocument(sections: readonly string[]): MarkdownText {
  return `${sections.join('\n\n')}\n` as MarkdownText
}

function longestRun(text: string): number {
  let longest = 0
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length)
  return longest
}

/** Text that GitHub and VS Code link without brackets: `https://…`, `www.…`. */
const BARE_LINK = /\b(https?|ftp|mailto|command|www)([:.])/gi
