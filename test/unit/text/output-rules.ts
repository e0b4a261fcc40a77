import assert from 'node:assert/strict'
import type { SqlParser } from '../../../server/src/lint/parse/sql-parser'
import { assertHarmless } from '../../support/hostile-text'
import { NASTY } from './hostile-reports'

/** A text that the product makes from hostile names, and what must hold of it. */
export interface Output {
  readonly make: () => string | Promise<string>
  readonly rule: (shown: string) => void
}

export function isText(shown: string): void {
  assertHarmless(shown)
  assert.doesNotMatch(shown, /^\s*(?:::|# Heading|\| a \|)/m)
  assert.doesNotMatch(shown, /##\w*\[/)
}

export function isLine(shown: string): void {
  isText(shown)
  assert.doesNotMatch(shown, /\n/)
  assert.ok(shown.length < 5000, String(shown.length))
}

export function isJson(shown: string): void {
  assertHarmless(shown)
  assert.ok(JSON.stringify(JSON.parse(shown)).includes(JSON.stringify(NASTY).slice(1, 30)), 'the data is exact')
}

/** An error's parts are sentences. */
export function isJsonOfText(shown: string): void {
  assertHarmless(shown)
  const { error } = JSON.parse(shown) as { error: Record<string, unknown> }
  for (const part of Object.values(error)) if (typeof part === 'string') isText(part)
}

export function isSarif(shown: string): void {
  assertHarmless(shown)
  const { runs } = JSON.parse(shown) as { runs: [{ results: { message: { text: string } }[] }] }
  for (const { message } of runs[0].results) {
    isLine(message.text)
    assert.doesNotMatch(message.text, /\]\(/)
  }
}

export function isGitlab(shown: string): void {
  assertHarmless(shown)
  for (const { description } of JSON.parse(shown) as { description: string }[]) isLine(description)
}

/** Without what is literal: code and what a backslash escapes. */
export function isMarkdown(shown: string, lines = { linesAreOurs: true }): void {
  assertHarmless(shown, lines)
  const markup = shown
    .replace(/^(`{3,})(?:sql)?\n[^]*?\n\1$/gm, '')
    .replace(/\\[^\n]/g, '')
    .replace(/(`+)(?!`).*?(?<!`)\1(?!`)/g, '')
    .replace(/<(\/?)(?:details|summary)>/g, '')
    .replace(/^<!-- prisma-audit -->$/m, '')
  assert.doesNotMatch(markup, /<[a-z!/]|\]\(|\]\[|&lt;|https?:|www\.|^# Heading|^~~~/im)
  assert.ok(markup.includes('…') || shown.includes('more char'))
}

/** There, names also mention people and refer to issues, which an invisible character of ours prevents. */
export function isForGitHub(shown: string): void {
  const ours = shown.startsWith('<!--') ? { linesAreOurs: false } : { linesAreOurs: true }
  isMarkdown(shown.replace(/(?<=[@#])\u200b/g, ' '), ours)
  const outside = shown.replace(/(`+)(?!`).*?(?<!`)\1(?!`)/gs, '')
  assert.doesNotMatch(outside, /(?<!\w)@\w|#\d/)
}

/** A command of GitHub's runner is ours, one a line; nothing in it is obeyed by a terminal. */
export function isForRunner(shown: string): void {
  assertHarmless(shown)
  assert.doesNotMatch(shown, /##\w*\[/)
  const commands = shown.split('\n').filter((line) => line.startsWith('::'))
  for (const command of commands) assert.match(command, /^::(?:warning (?:\w+=[^:,]*,?)+::|group::|endgroup::)/)
}

/** Well-formed: each tag is one that we write, and each ampersand begins a reference. */
export function isMarkup(shown: string): void {
  assertHarmless(shown, { linesAreOurs: !shown.includes('SELECT') })
  const tags = [...shown.matchAll(/<[^>]*>/g)].map(([tag]) => tag)
  const allowed =
    /^<(?:\?xml|\/?(?:testsuites?|testcase|failure|skipped|svg|title|desc|rect|text))(?: [\w:-]+="[^"<]*")*\s*[/?]?>$/
  for (const tag of tags) assert.match(tag, allowed)
  const between = shown.replace(/<[^>]*>/g, '')
  assert.doesNotMatch(between, /[<>]|&(?!(?:amp|lt|gt|quot|#\d+);)/)
}

export function isPage(shown: string): void {
  assertHarmless(shown)
  const body = shown.replace(/<(script|style)\b[^]*?<\/\1>/g, '')
  assert.doesNotMatch(body, /<(?:img|text|b\s|!-- -->)|onerror=1>|&lt;/)
}

/**
 * The same statements as of an ordinary name, and the same commands of psql: no name ends a comment, a name or a value.
 */
export function isLike(ordinary: string, parser: () => SqlParser): (shown: string) => void {
  return (shown) => {
    assert.deepEqual(outline(shown, parser()), outline(ordinary, parser()))
  }
}

function outline(script: string, parser: SqlParser): unknown {
  const commands = script.match(/^\\.*$/gm) ?? []
  return [
    commands,
    parser.parse(script.replace(/^\\.*$/gm, ';').replace(VARIABLE, '')).map((node) => Object.keys(node)),
  ]
}

/** The colon of psql's `:name` and `:'name'`. */
const VARIABLE = /(?<![:\w]):(?=['a-z])/g
