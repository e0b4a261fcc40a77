import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import manifest from '../../../package.json'
import english from '../../../package.nls.json'
import german from '../../../package.nls.de.json'
import bundle from '../../../l10n/bundle.l10n.de.json'
import { COMMAND_TITLES } from '../../../protocol/src/index'
import { AUDIT_FIELD_KINDS } from '../../../server/src/audit-fields/kinds'
import { textsOf } from '../../support/source-texts'

type Texts = Readonly<Record<string, string>>

let translated: Texts = bundle
const ENGLISH: Texts = english
const GERMAN: Texts = german

describe('German texts', () => {
  const sources = ['client/src', 'server/src']
    .flatMap(sourcesIn)
    .map((file) => ({ file, ...textsOf(fs.readFileSync(path.join(__REPOSITORY__, file), 'utf8')) }))

  it('translate each text of client and server that goes through t, and no other', () => {
    const keys = new Set([
      ...Object.values(COMMAND_TITLES),
      ...AUDIT_FIELD_KINDS.map(({ meaning }) => meaning),
      ...sources.flatMap(({ texts }) => texts),
    ])
    if (process.env.PRISMA_AUDIT_UPDATE === '1') updateBundle(keys)
    assert.deepEqual(
      [...keys].filter((key) => !Object.hasOwn(translated, key)),
      [],
      `without a line in ${BUNDLE_FILE}: PRISMA_AUDIT_UPDATE=1 adds them in English, translate them there`,
    )
    assert.deepEqual(
      Object.keys(translated).filter((key) => !keys.has(key)),
      [],
      `in ${BUNDLE_FILE}, but unused: PRISMA_AUDIT_UPDATE=1 removes them`,
    )
  })

  it('miss none that is shown without vscode.l10n.t', () => {
    const wrong = sources.flatMap(({ file, problems, raw }) =>
      [...problems, ...(file.startsWith('client/') ? raw : [])].map((each) => `${file}:${each}`),
    )
    assert.deepEqual(wrong, [])
  })

  it('translate each text of package.json, and no other', () => {
    const { keys, raw } = contributedTexts(manifest)
    assert.deepEqual(raw, [], 'not a %key% of package.nls.json')
    assert.deepEqual(Object.keys(ENGLISH).sort(), [...keys].sort(), 'package.nls.json')
    assert.deepEqual(Object.keys(GERMAN).sort(), [...keys].sort(), 'package.nls.de.json')
    assert.deepEqual(Object.keys(GERMAN), Object.keys(ENGLISH), 'in the same order')
  })

  it('keep placeholders, commands, code and lines', () => {
    const pairs = [
      ...Object.entries(translated),
      ...Object.entries(ENGLISH).map(([key, text]) => [text, GERMAN[key]!] as const),
    ]
    for (const [text, translation] of pairs) {
      for (const kept of [/\{\d+\}/g, /\(command:[^)]*\)/g, /`[^`]*`/g, /\n/g, /\$\([a-z-]+\)/g])
        assert.deepEqual(
          [...translation.matchAll(kept)].map(String).sort(),
          [...text.matchAll(kept)].map(String).sort(),
          translation,
        )
      assert.equal(
        /[.…:]$/.exec(translation)?.[0],
        /[.…:]$/.exec(text)?.[0],
        `ends as the English text: ${translation}`,
      )
      assert.doesNotMatch(translation, /(?<!\p{L})(?:du|dich|dir|deine?[mnrs]?)(?!\p{L})/iu)
      if (!SAME.has(text)) assert.notEqual(translation, text, `not translated yet: ${text}`)
    }
  })

  it('call a command by one name, in the palette and everywhere else', () => {
    for (const { command } of manifest.contributes.commands) {
      const name = command.replace('prismaAudit.', '')
      const title = ENGLISH[`command.${name}.title`]!
      if (Object.hasOwn(COMMAND_TITLES, name)) assert.equal(COMMAND_TITLES[name as keyof typeof COMMAND_TITLES], title)
      if (Object.hasOwn(translated, title)) assert.equal(translated[title], GERMAN[`command.${name}.title`])
    }
  })

  it('exist for the pages of the walkthrough', () => {
    for (const { steps } of manifest.contributes.walkthroughs)
      for (const { media } of steps)
        assert.ok(
          fs.existsSync(path.join(__REPOSITORY__, media.markdown.replace(/\.md$/, '.nls.de.md'))),
          media.markdown,
        )
  })
})

describe('the texts of a source file', () => {
  const texts = (source: string) => textsOf(source).texts
  const problems = (source: string) => textsOf(source).problems

  it('are what it hands to t', () => {
    assert.deepEqual(texts("t('a'); vscode.l10n.t('b {0}', x); t(n === 1 ? 'c' : 'd'); other('e')"), [
      'a',
      'b {0}',
      'c',
      'd',
    ])
    assert.deepEqual(problems('t(x); t(`a ${b}`); t(COMMAND_TITLES[x])'), [
      '1: t(…) of no literal text',
      '1: t(…) of no literal text',
    ])
    assert.deepEqual(problems("t('a {1}', x); t('{0} and {1}', x)"), [
      '1: placeholders and arguments: a {1}',
      '1: placeholders and arguments: {0} and {1}',
    ])
  })

  it('are wrong where they are shown in English only', () => {
    for (const source of [
      "showErrorMessage('It failed.')",
      'showErrorMessage(`Failed: ${x}`, y)',
      "showInformationMessage(messageText(x), ok ? 'Yes' : t('No'))",
      "showQuickPick(x, { title: 'Choose' })",
      "item.tooltip = 'Words'",
      "const x = { label: 'Words', kind: 1 }",
      "throw new Error('Words of it')",
      'const page = `<p>Words</p>`',
      'const page = `<b title="Words">${x}</b>`',
    ])
      assert.equal(textsOf(source).raw.length, 1, source)
  })

  it('are right where they are names, ids or code', () => {
    for (const source of [
      "showErrorMessage(t('It failed.'), messageText(`Prisma Audit: ${x}`))",
      "createOutputChannel('Prisma Audit')",
      "const x = { label: `$(${icon}) ${title}`, command: 'prismaAudit.check' }",
      'const page = `<style>b { color: red }</style><b class="words">${x}</b>`',
    ])
      assert.deepEqual(textsOf(source).raw, [], source)
  })
})

/** Adds the missing texts in English, where the alphabet has them, and removes the unused ones. */
function updateBundle(keys: ReadonlySet<string>): void {
  const entries = Object.entries(translated).filter(([key]) => keys.has(key))
  for (const key of [...keys].filter((each) => !Object.hasOwn(translated, each))) {
    const next = entries.findIndex(([each]) => each.toLowerCase() > key.toLowerCase())
    entries.splice(next === -1 ? entries.length : next, 0, [key, key])
  }
  translated = Object.fromEntries(entries)
  fs.writeFileSync(path.join(__REPOSITORY__, BUNDLE_FILE), `${JSON.stringify(translated, null, 2)}\n`)
}

const BUNDLE_FILE = 'l10n/bundle.l10n.de.json'

/** The same word in both languages. */
const SAME = new Set(['CI', 'JSON', 'offline', 'Staging'])

function sourcesIn(folder: string): string[] {
  return fs
    .readdirSync(path.join(__REPOSITORY__, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `${folder}/${file}`)
}

/** What VS Code shows of package.json: the keys that it names, and texts that are none. */
function contributedTexts(value: unknown, name = ''): { readonly keys: Set<string>; readonly raw: string[] } {
  if (typeof value === 'string') {
    const key = /^%(.+)%$/.exec(value)?.[1]
    if (key !== undefined) return { keys: new Set([key]), raw: [] }
    return { keys: new Set(), raw: SHOWN.has(name) && value !== 'Prisma Audit' ? [value] : [] }
  }
  // What a language model reads, and no person.
  if (name === 'inputSchema') return { keys: new Set(), raw: [] }
  if (typeof value !== 'object' || value === null) return { keys: new Set(), raw: [] }
  const parts = Object.entries(value).map(([key, each]) => contributedTexts(each, Array.isArray(value) ? name : key))
  return { keys: new Set(parts.flatMap(({ keys }) => [...keys])), raw: parts.flatMap(({ raw }) => raw) }
}

const SHOWN = new Set([
  'title',
  'shortTitle',
  'description',
  'markdownDescription',
  'deprecationMessage',
  'markdownDeprecationMessage',
  'enumDescriptions',
  'markdownEnumDescriptions',
  'enumItemLabels',
  'contents',
  'altText',
])
