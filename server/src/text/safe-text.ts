import { grouped } from './amounts'
/**
 * Text for a terminal, an output panel or a dialog. Foreign text in it (names in a database or a repository, messages
 * of a server, output of a program) is *visible*: `\u{1b}[2J` instead of a cleared screen, `\n` instead of a line that
 * looks like one of ours. Only the functions in this file create one.
 */
export type SafeText = string & { readonly [safeText]: true }

/** The same, without a line break. */
export type SafeLine = SafeText & { readonly [safeLine]: true }

declare const safeText: unique symbol
declare const safeLine: unique symbol

/** The maximum length of foreign text in UTF-16 units, by its kind. */
export const LIMITS = {
  /** A title with names in it: PostgreSQL's have at most 63 bytes, those in a repository any length. */
  title: 120,
  /** The message of a finding, including the definition of a constraint. */
  finding: 400,
  /** A failure message of a server or a program. */
  message: 1000,
  /** A line of ours, with any values. */
  line: 2000,
  /** Lines of a foreign text. */
  lines: 60,
} as const

/**
 * A tag for our own sentences: the text of the template is unchanged, including its line breaks, and each value is
 * shown as one line of foreign text.
 */
export function text(strings: TemplateStringsArray, ...values: readonly (string | number)[]): SafeText {
  const shown = values.map((value) => (typeof value === 'number' ? String(value) : lineOf(value)))
  return asText(String.raw({ raw: strings }, ...shown))
}

/** Any text as one line; if it is longer than `limit`, it ends with the number of further characters. */
export function lineOf(foreign: string, limit: number = LIMITS.line): SafeLine {
  const cutOff = cut(foreign, limit)
  const plain = HIDDEN.test(cutOff) ? cutOff.replace(ALL_HIDDEN, shown) : cutOff
  return asLine(plain.replace(COMMAND_OF_CI, '# #'))
}

/** Several lines, each of which stays one line. */
export function textOf(lines: readonly string[]): SafeText {
  return asText(lines.map((line) => lineOf(line)).join('\n'))
}

/** Joins safe texts with line breaks. */
export function joinTexts(texts: readonly SafeText[], separator: '\n' | '\n\n' = '\n'): SafeText {
  return asText(texts.join(separator))
}

/**
 * The last lines of a program's output, without colors and empty lines. Each has a mark, so that none looks like a line
 * of ours.
 */
export function linesOf(foreign: string, most: number = LIMITS.lines): SafeLine[] {
  const lines = foreign
    .slice(-(most * LIMITS.message))
    .replaceAll(COLOUR, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
  return lines.slice(-most).map(programLine)
}

/** A line of a program's output, without colors, and with the same mark. */
export function programLine(line: string): SafeLine {
  return lineOf(`  | ${line.replaceAll(COLOUR, '').trimEnd()}`, LIMITS.message)
}

/**
 * The last safeguard, for complete texts when they are printed: preserves line breaks and tabs, and makes all other
 * control and invisible characters visible. It cannot distinguish our line breaks, so the parts of the text must
 * already be safe.
 */
export function visible(whole: string): SafeText {
  const plain = OBEYED.test(whole) ? whole.replace(ALL_OBEYED, shown) : whole
  return asText(plain.replace(COMMAND_OF_CI, '# #').replace(COMMAND_OF_GITHUB, '$1: :'))
}

/** SQL to read: complete, with visible line breaks in quoted names and values, so that none starts a new line. */
export function sqlToRead(sql: string): SafeText {
  return visible(sql.replace(QUOTED_OR_COMMENT, (part) => (part.startsWith('--') ? part : part.replace(BREAKS, shown))))
}

/** A definition that PostgreSQL prints on several lines, for a sentence; quoted parts are unchanged. */
export function sqlOnOneLine(sql: string): string {
  const joined = sql.replace(QUOTED_OR_SPACE, (part) => (/^\s/.test(part) ? ' ' : part))
  return joined.trim().replace(/^(CHECK \() /, '$1')
}

/**
 * At most this many units, and the number of further ones. Slightly longer text is not cut, so that cutting twice is
 * the same as cutting once.
 */
function cut(foreign: string, limit: number): string {
  if (foreign.length <= limit + SLACK) return foreign
  const end = /[\ud800-\udbff]/.test(foreign.charAt(limit - 1)) ? limit - 1 : limit
  return `${foreign.slice(0, end)}… (${grouped(foreign.length - end)} more characters)`
}

/** The length of our longest remark about cut text. */
const SLACK = 40

function shown(character: string): string {
  const name = NAMED[character]
  return name ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
}

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/**
 * Control characters (C0, DEL, C1), format characters (bidirectional controls, zero width), line and paragraph
 * separators, lone surrogates, all that is drawn as nothing (variation selectors can hide a whole text behind a
 * letter), and code points that are no characters, which XML does not allow.
 */
const KINDS = '\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}\\p{Noncharacter_Code_Point}'
const HIDDEN = new RegExp(`[${KINDS}]`, 'u')
const ALL_HIDDEN = new RegExp(`[${KINDS}]`, 'gu')
const OBEYED = new RegExp(`(?![\\n\\t])[${KINDS}]`, 'u')
const ALL_OBEYED = new RegExp(`(?![\\n\\t])[${KINDS}]`, 'gu')
/** A doubled quote is the end of one quoted part and the start of the next. */
const QUOTED_OR_SPACE = /"[^"]*"|'[^']*'|\s+/g
const BREAKS = /[\r\n\t]/g
/**
 * A quoted name, a quoted value, or a comment (which may contain a single quote). Quotes in a dollar-quoted body count
 * too.
 */
const QUOTED_OR_COMMENT = /"[^"]*"|'[^']*'|--[^\n]*/g
// eslint-disable-next-line no-control-regex -- a control sequence is what is looked for
const COLOUR = /\u001b\[[\d;]*m/g

/**
 * Commands that CI systems execute from a log: Azure's `##vso[…]` and TeamCity's `##teamcity[…]` anywhere in a line …
 */
const COMMAND_OF_CI = /##(?=\w*\[)/g
/** … and GitHub's `::add-mask::…` at the start of a line. */
const COMMAND_OF_GITHUB = /^([ \t]*)::(?=[a-z-]+(?: |::))/gim

function asText(made: string): SafeText {
  return made as SafeText
}

function asLine(made: string): SafeLine {
  return made as SafeLine
}
