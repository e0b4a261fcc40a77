import assert from 'node:assert/strict'
import fc from 'fast-check'
import { Secrets } from '../../../server/src/database/secrets'
import { jsonDocument, sqlComment, xmlAttribute, xmlText } from '../../../server/src/text/data-text'
import { codeSpan, markdownLine, sqlFence } from '../../../server/src/text/markdown-text'
import { notificationLine } from '../../../server/src/text/notification-text'
import { lineOf, linesOf, sqlOnOneLine, sqlToRead, text, textOf, visible } from '../../../server/src/text/safe-text'

/** What a terminal obeys or an eye misses. */
const HOSTILE = [
  ...['\u001b[2J\u001b[H', '\u001b]0;title\u0007', '\u009b2J', '\r', '\n', '\b\b\b', '\u007f', '\0', '\t'],
  ...['\u202e', '\u2066', '\u200e', '\u061c', '\u200b', '\u200d', '\ufeff', '\u00ad', '\u2028', '\u2029', '\ud800'],
  ...[
    '\u{e0041}',
    '\u{e0101}',
    '\ufe0f',
    '\uffff',
    '\u{1fffe}',
    '\u3164',
    '[x](command:y)',
    '<script>',
    '| `` ` |',
    '*/',
    '$(zap)',
    '&lt;',
    'https://x.example',
  ],
]
const NOT_SEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u

/** What is outside of the production Char of XML 1.0. */
const NOT_IN_XML = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u

const foreign = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary' })))
  .map((parts) => parts.join(''))
const holds = (check: (value: string) => void): void => fc.assert(fc.property(foreign, check))

describe('foreign text', () => {
  it('is shown as one line, where each character that is obeyed or not seen has a name', () => {
    assert.equal(lineOf('a\u001b[2J\r\nb\u202e\ud800é😀'), 'a\\u{1b}[2J\\r\\nb\\u{202e}\\u{d800}é😀')
    holds((value) => assert.doesNotMatch(lineOf(value), NOT_SEEN))
    holds((value) => assert.equal(lineOf(lineOf(value)), lineOf(value)))
    holds((value) => assert.equal(textOf([value, 'x', value]).split('\n').length, 3))
    holds((value) => assert.doesNotMatch(visible(value).replace(/[\n\t]/g, ''), NOT_SEEN))
    assert.equal(text`Ours,\n  theirs: ${'x\nNo findings'}`, 'Ours,\n  theirs: x\\nNo findings')
  })

  it('is bounded, and cutting twice is cutting once', () => {
    const long = '😀'.repeat(1_000_000)
    assert.equal(lineOf(long, 119), `${'😀'.repeat(59)}… (1,999,882 more characters)`)
    assert.equal(lineOf(lineOf(long, 119), 119), lineOf(long, 119))
    assert.ok(linesOf('x\n'.repeat(1_000_000)).length <= 60)
    assert.ok(
      linesOf('\u001b[31mfailed\u001b[0m\n\nNo findings: all is well').join('\n') ===
        '  | failed\n  | No findings: all is well',
    )
  })

  it('is no command to continuous integration', () => {
    assert.equal(lineOf('x ##vso[task.setvariable variable=a]b'), 'x # #vso[task.setvariable variable=a]b')
    assert.equal(visible('Ours\n ::set-env name=a::b\n::1 on ::1'), 'Ours\n : :set-env name=a::b\n::1 on ::1')
  })

  it('is text in a notification, never a link or an icon', () => {
    holds((value) => assert.doesNotMatch(notificationLine(value), /\]\(|\$\(/))
    assert.equal(notificationLine('[x](command:y) $(zap)'), '[x] (command:y) $ (zap)')
  })

  it('is text in Markdown, in a code span and in a fence', () => {
    assert.equal(markdownLine('[x](command:y) <b> a|b &lt; www.x'), '\\[x\\](command\\:y) \\<b\\> a\\|b \\&lt; www\\.x')
    assert.equal(markdownLine('Lead_owner_fkey _a_ b__c {"x": 1}'), 'Lead_owner_fkey \\_a\\_ b\\_\\_c {"x": 1}')
    holds((value) => assert.doesNotMatch(markdownLine(value).replace(/\\./gu, '.'), /[`*[\]<>#|~]|\b_|_\B/))
    assert.equal(codeSpan('a``b`'), '``` a``b` ```')
    assert.equal(sqlFence('SELECT "```"'), '````sql\nSELECT "```"\n````')
  })

  it('in SQL to read begins no line, and what is SQL stays as it is', () => {
    assert.equal(
      sqlToRead(`SELECT 1 -- it's "\nFROM "a""\nNo findings" -- b\nWHERE x = 'y''\nz'`),
      `SELECT 1 -- it's "\nFROM "a""\\nNo findings" -- b\nWHERE x = 'y''\\nz'`,
    )
    assert.equal(
      sqlOnOneLine(`CHECK (\nCASE "i\nd"\n    WHEN 1 THEN 'a  b'\nEND)`),
      `CHECK (CASE "i\nd" WHEN 1 THEN 'a  b' END)`,
    )
    holds((value) => assert.doesNotMatch(sqlComment(value), /\n|\*\/|\/\*/))
  })

  it('in data is exact: JSON gives it back, XML too but for what XML cannot say', () => {
    holds((value) => {
      const json = jsonDocument({ value })
      assert.doesNotMatch(json.replaceAll('\n', ''), NOT_SEEN)
      assert.deepEqual(JSON.parse(json), { value })
    })
    assert.equal(xmlAttribute('a\n"<\u001b'), 'a&#10;&quot;&lt;\\u{1b}')
    assert.equal(xmlText('a\n"<'), 'a\n&quot;&lt;')
    holds((value) => assert.doesNotMatch(xmlText(value), NOT_IN_XML))
  })

  it('holds no password that is in use, however it is written', () => {
    const password = 'p@ss.w+rd$(x)*"1'
    const secrets = new Secrets()
    secrets.add(`postgresql://app:${encodeURIComponent(password)}@db.example.org/shop`)
    for (const written of [password, encodeURIComponent(password), JSON.stringify(password), markdownLine(password)]) {
      const shown = secrets.blotOut(text`It said: ${written}, really`)
      assert.match(shown, /\*{5}.*, really$/)
      assert.doesNotMatch(shown, /w\+rd|w%2Brd/)
    }
    secrets.addPassword('_a_b_1_')
    for (const around of ['', 'x', ' '])
      assert.doesNotMatch(secrets.blotOutKnown(markdownLine(`${around}_a_b_1_${around}`)), /a_b/)
    assert.equal(secrets.blotOut(text`postgres://a:b@c:d@host/x`), 'postgres://a:*****@host/x')
    const parameters = 'host=h password=hunter2 x, postgres://h/d?user=u&password=hunter2&x=1'
    assert.equal(secrets.blotOut(text`${parameters}`), parameters.replaceAll('hunter2', '*****'))
    // A URL in data is somebody's value.
    assert.equal(secrets.blotOutKnown('amqp://a:b@host'), 'amqp://a:b@host')
    secrets.add('postgresql://postgres:postgres@localhost/postgres')
    assert.equal(secrets.blotOut(text`role "postgres"`), 'role "postgres"')
  })
})
