import { grouped } from './amounts'
/**
 * Text that a terminal, an output panel or a dialog may be given. What others wrote (names in a database or a repository,
 * what a server says, what a program prints) is in it only as it can be *seen*: `\u{1b}[2J` instead of a cleared screen,
 * `\n` instead of a line that looks like one of ours. Only the functions of this file make one.
 */
export type SafeText = string & { readonly [safeText]: true }

/** The same, without a line break. */
export type SafeLine = SafeText & { readonly [safeLine]: true }

declare const safeText: unique symbol
declare const safeLine: unique symbol

/** How much of a foreign text is shown, in UTF-16 units, by what it is. */
export const LIMITS = {
  /** A title with names in it: PostgreSQL's have 63 bytes, those in a repository as many as somebody likes. */
  title: 120,
  /** What one finding says, with the definition of a constraint in it. */
  finding: 400,
  /** What a server or a program says of a failure. */
  message: 1000,
  /** A line of ours, whatever stands in it. */
  line: 2000,
  /** Lines of a foreign text that has several. */
  lines: 60,
} as const

/**
 * A tag for our own sentences: what is written in the template stands as it is, its line breaks too, and each value is
 * shown as one line of foreign text.
 */
export function text(strings: TemplateStringsArray, ...values: readonly (string | number)[]): SafeText {
  const shown = values.map((value) => (typeof value === 'number' ? String(value) : lineOf(value)))
  return asText(String.raw({ raw: strings }, ...shown))
}

/** Any text as one line; what is longer than `limit` ends with how much more there is. */
export function lineOf(foreign: string, limit: number = LIMITS.line): SafeLine {
  const cutOff = cut(foreign, limit)
  const plain = HIDDEN.test(cutOff) ? cutOff.replace(ALL_HIDDEN, shown) : cutOff
  return asLine(plain.replace(COMMAND_OF_CI, '# #'))
}

/** Several lines, each of which stays one. */
export function textOf(lines: readonly string[]): SafeText {
  return asText(lines.map((line) => lineOf(line)).join('\n'))
}

/** Texts that are safe already, one below the other. */
export function joinTexts(texts: readonly SafeText[], separator: '\n' | '\n\n' = '\n'): SafeText {
  return asText(texts.join(separator))
}

/**
 * The last lines of what a program printed, without its colours and empty lines. Each has a mark, so that none can
 * pass for a line of ours.
 */
export function linesOf(foreign: string, most: number = LIMITS.lines): SafeLine[] {
  const lines = foreign
    .slice(-(most * LIMITS.message))
    .replaceAll(COLOUR, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
  return lines.slice(-most).map(programLine)
}

/** A line that a program prints, without its colours, and with the same mark. */
export function programLine(line: string): SafeLine {
  return lineOf(`  | ${line.replaceAll(COLOUR, '').trimEnd()}`, LIMITS.message)
}

/**
 * The last net, for whole texts at the places where they leave us: keeps line breaks and tabs, shows all else that would
 * be obeyed and not seen. It cannot know which line breaks are ours; what is in the text was made safe before.
 */
export function visible(whole: string): SafeText {
  const plain = OBEYED.test(whole) ? whole.replace(ALL_OBEYED, shown) : whole
  return asText(plain.replace(COMMAND_OF_CI, '# #').replace(COMMAND_OF_GITHUB, '$1: :'))
}

/** SQL to read: complete, with the line breaks in quoted names and values shown, so that none begins a line of its own. */
export function sqlToRead(sql: string): SafeText {
  return visible(sql.replace(QUOTED_OR_COMMENT, (part) => (part.startsWith('--') ? part : part.replace(BREAKS, shown))))
}

/** A definition as PostgreSQL prints it, on several lines, for a sentence; what is quoted stays as it is. */
export function sqlOnOneLine(sql: string): string {
  const joined = sql.replace(QUOTED_OR_SPACE, (part) => (/^\s/.test(part) ? ' ' : part))
  return joined.replace(/^\s+|\s+$/g, '').replace(/^(CHECK \() /, '$1')
}

/** At most so many units, and how many more there are. A little over is let pass, so that cutting twice is cutting once. */
function cut(foreign: string, limit: number): string {
  if (foreign.length <= limit + SLACK) return foreign
  const end = /[\ud800-\udbff]/.test(foreign.charAt(limit - 1)) ? limit - 1 : limit
  return `${foreign.slice(0, end)}… (${grouped(foreign.length - end)} more characters)`
}

/** As long as the longest of our remarks on what was cut off. */
const SLACK = 40

function shown(character: string): string {
  const name = NAMED[character]
  return name ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
}

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/**
 * Control characters (C0, DEL, C1), what formats and is not seen (bidirectional controls, zero width), line and paragraph
 * separators, halves of surrogate pairs, and letters that are drawn as nothing.
 */
const KINDS = '\\u034f\\u17b4\\u17b5\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\u115f\\u1160\\u3164\\uffa0'
const HIDDEN = new RegExp(`[${KINDS}]`, 'u')
const ALL_HIDDEN = new RegExp(`[${KINDS}]`, 'gu')
const OBEYED = new RegExp(`(?![\\n\\t])[${KINDS}]`, 'u')
const ALL_OBEYED = new RegExp(`(?![\\n\\t])[${KINDS}]`, 'gu')
const QUOTED_OR_SPACE = /"(?:[^"]|"")*"|'(?:[^']|'')*'|\s+/g
const BREAKS = /[\r\n\t]/g
/** A quoted name, a quoted value, or a comment (which may hold a lone quote). Quotes in a dollar-quoted body count too. */
const QUOTED_OR_COMMENT = /"(?:[^"]|"")*"|'(?:[^']|'')*'|--[^\n]*/g
// eslint-disable-next-line no-control-regex -- a control sequence is what is looked for
const COLOUR = /\u001b\[[\d;]*m/g

/** What continuous integration obeys in a log: Azure's `##vso[…]` and TeamCity's `##teamcity[…]` anywhere in a line … */
const COMMAND_OF_CI = /##(?=\w*\[)/g
/** … and GitHub's `::add-mask::…` where a line begins. */
const COMMAND_OF_GITHUB = /^([ \t]*)::(?=[a-z-]+(?: |::))/gim

function asText(made: string): SafeText {
  return made as SafeText
}

function asLine(made: string): SafeLine {
  return made as SafeLine
}
