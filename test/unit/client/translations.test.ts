import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import manifest from '../../../package.json'
import english from '../../../package.nls.json'
import { COMMAND_TITLES } from '../../../protocol/src/index'
import { AUDIT_FIELD_KINDS } from '../../../server/src/audit-fields/kinds'
import { textsOf } from '../../support/source-texts'

type Texts = Readonly<Record<string, string>>

const ENGLISH: Texts = english

for (const language of languages()) describeTexts(language)

function describeTexts(language: string): void {
  describe(`texts in ${language}`, () => {
    const bundleFile = `l10n/bundle.l10n.${language}.json`
    const nlsFile = `package.nls.${language}.json`
    const contributed = readTexts(nlsFile)
    let translated = readTexts(bundleFile)
    const sources = ['client/src', 'server/src']
      .flatMap(sourcesIn)
      .map((file) => ({ file, ...textsOf(fs.readFileSync(path.join(__REPOSITORY__, file), 'utf8')) }))

    it('translate each text of client and server that goes through t, and no other', () => {
      const keys = new Set([
        ...Object.values(COMMAND_TITLES),
        ...AUDIT_FIELD_KINDS.map(({ meaning }) => meaning),
        ...textsOfPolicy(),
        ...sources.flatMap(({ texts }) => texts),
      ])
      if (process.env.PRISMA_AUDIT_UPDATE === '1') translated = updateBundle(bundleFile, translated, keys)
      assert.deepEqual(
        [...keys].filter((key) => !Object.hasOwn(translated, key)),
        [],
        `without a line in ${bundleFile}: PRISMA_AUDIT_UPDATE=1 adds them in English, translate them there`,
      )
      assert.deepEqual(
        Object.keys(translated).filter((key) => !keys.has(key)),
        [],
        `in ${bundleFile}, but unused: PRISMA_AUDIT_UPDATE=1 removes them`,
      )
      assert.deepEqual(
        Object.keys(translated),
        inOrder(Object.keys(translated)),
        `${bundleFile} is not in alphabetical order: PRISMA_AUDIT_UPDATE=1 sorts it`,
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
      assert.deepEqual(Object.keys(contributed).sort(), [...keys].sort(), nlsFile)
      assert.deepEqual(Object.keys(contributed), Object.keys(ENGLISH), 'in the same order')
    })

    it('keep placeholders, commands, code and lines', () => {
      const pairs = [
        ...Object.entries(translated),
        ...Object.entries(ENGLISH).map(([key, text]) => [text, contributed[key]!] as const),
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
        if (language === 'de') assert.doesNotMatch(translation, /(?<!\p{L})(?:du|dich|dir|deine?[mnrs]?)(?!\p{L})/iu)
        if (!SAME.has(text)) assert.notEqual(translation, text, `not translated yet: ${text}`)
      }
    })

    it('call a command by one name, in the palette and everywhere else', () => {
      for (const { command } of manifest.contributes.commands) {
        const name = command.replace('prismaAudit.', '')
        const title = ENGLISH[`command.${name}.title`]!
        if (Object.hasOwn(COMMAND_TITLES, name))
          assert.equal(COMMAND_TITLES[name as keyof typeof COMMAND_TITLES], title)
        if (Object.hasOwn(translated, title)) assert.equal(translated[title], contributed[`command.${name}.title`])
      }
    })

    it('exist for the pages of the walkthrough', () => {
      for (const { steps } of manifest.contributes.walkthroughs)
        for (const { media } of steps)
          assert.ok(
            fs.existsSync(path.join(__REPOSITORY__, media.markdown.replace(/\.md$/, `.nls.${language}.md`))),
            media.markdown,
          )
    })
  })
}

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

  it('stay English within another', () => {
    assert.deepEqual(
      problems("phrase`It has ${x ?? 'no such file'}.`; t('It has {0}.', x ? 'a file' : `${y} of it`)"),
      [
        '1: stays English within a phrase: no such file',
        '1: stays English within a text: a file',
        '1: stays English within a text:   of it',
      ],
    )
    assert.deepEqual(problems("phrase`${x ? 'PUBLIC' : phrase`no role`} has ${t('a right')}`"), [])
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

/** With the missing texts in English, without the unused ones, and sorted. */
function updateBundle(file: string, translated: Texts, keys: ReadonlySet<string>): Texts {
  const updated = Object.fromEntries(inOrder(keys).map((key) => [key, translated[key] ?? key]))
  fs.writeFileSync(path.join(__REPOSITORY__, file), `${JSON.stringify(updated, null, 2)}\n`)
  return updated
}

/** By their characters, in lower case. */
function inOrder(texts: Iterable<string>): string[] {
  const compare = (left: string, right: string) => (left < right ? -1 : Number(left > right))
  return [...texts].sort((left, right) => compare(left.toLowerCase(), right.toLowerCase()) || compare(left, right))
}

/** Of the policy's JSON schema, which there is in each language. */
function textsOfPolicy(): string[] {
  const schema = fs.readFileSync(path.join(__REPOSITORY__, 'prisma-audit.schema.json'), 'utf8')
  return [...schema.matchAll(/"(?:description|title)": ("(?:[^"\\]|\\.)*")/g)].map(
    ([, text = '']) => JSON.parse(text) as string,
  )
}

/** Those that package.json has texts in, besides English. */
function languages(): string[] {
  const found = fs.readdirSync(__REPOSITORY__).flatMap((file) => /^package\.nls\.(.+)\.json$/.exec(file)?.[1] ?? [])
  assert.ok(found.includes('de'))
  return found
}

function readTexts(file: string): Texts {
  return JSON.parse(fs.readFileSync(path.join(__REPOSITORY__, file), 'utf8')) as Texts
}

/** The same word in both languages. */
const SAME = new Set(['CI', 'JSON', 'Lint', 'Migration: {0}', 'offline', 'Staging', '{0} in {1}', '{0} min'])

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
