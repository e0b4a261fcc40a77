import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { parse } from '@babel/parser'
import {
  CHECK_ANSWERS,
  CHECK_TITLES,
  phraseOfAnswer,
  phraseOfCheck,
} from '../../../server/src/migration/plan/check-titles'
import { phraseOfTitle, STEP_TITLES } from '../../../server/src/migration/plan/step-titles'
import { inPlainEnglish, phraseIn } from '../../../server/src/text/phrase'
import { createTranslate } from '../../../server/src/text/translate'

describe('the titles of steps', () => {
  const german = createTranslate(
    JSON.parse(fs.readFileSync(path.join(__REPOSITORY__, 'l10n/bundle.l10n.de.json'), 'utf8')) as Record<
      string,
      string
    >,
    'de',
  )

  it('are known, so that an editor shows each in its language', () => {
    const titles = ['plan/steps', 'plan/drift/steps', 'run/preserved', 'history/record-step.ts']
      .flatMap(sourcesIn)
      .flatMap((file) => titlesOf(fs.readFileSync(file, 'utf8')))
    assert.ok(titles.length >= 35, `${titles.length} found`)
    for (const title of titles) {
      const shown = phraseOfTitle(title)
      assert.equal(inPlainEnglish(shown), title)
      assert.notEqual(phraseIn(german, shown), title, `not in STEP_TITLES, or not translated: ${title}`)
    }
    const used = new Set(titles.map((title) => phraseOfTitle(title).template.join('…')))
    const unused = STEP_TITLES.filter((title) => !used.has(title.split(/\{\d+\}/).join('…')))
    // It is the title of what a rollback does besides its steps.
    assert.deepEqual(unused, ['Preserve the values written to {0}'])
  })

  it('and those of the checks that an editor lists', () => {
    const titles = sourcesIn('plan/checks').flatMap((file) => titlesOf(fs.readFileSync(file, 'utf8')))
    for (const title of titles) {
      const shown = phraseOfCheck(title)
      assert.equal(inPlainEnglish(shown), title)
      assert.notEqual(phraseIn(german, shown), title, `not in CHECK_TITLES, or not translated: ${title}`)
    }
    const used = new Set(titles.map((title) => phraseOfCheck(title).template.join('…')))
    assert.deepEqual(
      CHECK_TITLES.filter((title) => !used.has(title.split(/\{\d+\}/).join('…'))),
      [],
    )
  })

  it('and what these expect and find', () => {
    const answers = sourcesIn('plan/checks').flatMap((file) => answersOf(fs.readFileSync(file, 'utf8')))
    for (const answer of answers) {
      const shown = phraseOfAnswer(answer)
      assert.equal(inPlainEnglish(shown), answer)
      assert.notEqual(phraseIn(german, shown), answer, `not in CHECK_ANSWERS, or not translated: ${answer}`)
    }
    const used = new Set(answers.map((answer) => phraseOfAnswer(answer).template.join('…')))
    assert.deepEqual(
      CHECK_ANSWERS.filter((answer) => !used.has(answer.split(/\{\d+\}/).join('…'))),
      // Of a query without a row, which none of these is.
      ['nothing'],
    )
    assert.equal(phraseIn(german, phraseOfAnswer('3 of 4')), '3 von 4')
    assert.equal(phraseIn(german, phraseOfAnswer('timestamp(3) not null')), 'timestamp(3) not null')
  })

  it('keep the names in them', () => {
    const check = (title: string, expected: string) => assert.equal(phraseIn(german, phraseOfTitle(title)), expected)
    check('Add foreign key Lead.ownerId → "my users"', 'Fremdschlüssel Lead.ownerId → "my users" hinzufügen')
    check('Fill Lead.ownerId in rows added since', 'Lead.ownerId in inzwischen hinzugekommenen Zeilen füllen')
    assert.equal(
      phraseIn(german, phraseOfCheck('my users has updatedAt and updatedBy and ownerId')),
      'my users hat updatedAt und updatedBy und ownerId',
    )
    check('Set Lead.{0} NOT NULL', 'Lead.{0} auf NOT NULL setzen')
    check('Write a title of another version', 'Write a title of another version')
  })
})

function sourcesIn(place: string): string[] {
  const whole = path.join(__REPOSITORY__, 'server/src/migration', place)
  if (place.endsWith('.ts')) return [whole]
  const files = fs.readdirSync(whole).filter((file) => file.endsWith('.ts'))
  return files.map((file) => path.join(whole, file))
}

/** What a file calls `title`, outside of its checks, with a name for each value. */
function titlesOf(source: string): string[] {
  const found: string[] = []
  const visit = (node: Node): void => {
    if (node.type === 'ObjectProperty' && nameOf(node.key) === 'verify') return
    if (node.type === 'ObjectProperty' && nameOf(node.key) === 'title') found.push(...literalsOf(node.value as Node))
    if (node.type === 'CallExpression' && nameOf(node.callee) === 'existenceCheck')
      found.push(...literalsOf((node.arguments as Node[])[0]!))
    if (node.type === 'VariableDeclarator' && nameOf(node.id) === 'title') found.push(...literalsOf(node.init as Node))
    for (const child of Object.values(node).flat()) if (isNode(child)) visit(child)
  }
  visit(parse(source, { sourceType: 'module', plugins: ['typescript'] }).program as unknown as Node)
  return found
}

/** What a query answers with, or that is expected, with a name for each value. */
function answersOf(source: string): string[] {
  const words = [
    ...source.matchAll(/(?:THEN|ELSE|SELECT|\),|expected:) '([\p{Ll}\d][^']*)'/gu),
    ...source.matchAll(/SKIPPED_PREFIX\}([^']+)'/g),
    ...source.matchAll(/format\('(%s, [^']+)'/g),
  ]
  return words.map(([, found = '']) => found.replaceAll('%s', 'Name'))
}

interface Node {
  readonly type: string
  readonly [key: string]: unknown
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

function nameOf(node: unknown): string {
  return isNode(node) && node.type === 'Identifier' ? String(node.name) : ''
}

function literalsOf(node: Node): string[] {
  if (node.type === 'ConditionalExpression')
    return [...literalsOf(node.consequent as Node), ...literalsOf(node.alternate as Node)]
  if (node.type !== 'TemplateLiteral') return []
  const parts = (node.quasis as { readonly value: { readonly cooked: string } }[]).map(({ value }) => value.cooked)
  return [parts.reduce((text, part, at) => `${text}Name${at}${part}`)]
}
