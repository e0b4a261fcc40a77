import assert from 'node:assert/strict'
import { pageParts, withoutLanguages, withoutLinks } from '../../../client/src/previews/page-parts'

describe('a long page of a preview', () => {
  const model = (name: string, sql: string) =>
    `<h2 id="x">${name}</h2>\n<table><tr><td>1</td></tr></table>\n<details><summary>SQL</summary>\n<pre>${sql}</pre>\n</details>\n`

  it('has what is folded as parts that come by themselves, and a section for each model', () => {
    const statements = 'SELECT 1;\n'.repeat(10_000)
    const { body, parts } = pageParts(`<h1>Migration</h1>\n${model('User', statements)}${model('Lead', statements)}`)
    assert.ok(body.length < 1000)
    assert.deepEqual(
      parts.map((part) => part.trim()),
      [`<pre>${statements}</pre>`, `<pre>${statements}</pre>`],
    )
    assert.deepEqual(body.match(/<section>\s*<h\d|<details[^>]*>/g), [
      '<section><h1',
      '<section><h2',
      '<details data-part="0">',
      '<section><h2',
      '<details data-part="1">',
    ])
  })

  it('stays whole where it is short', () => {
    const html = model('User', 'SELECT 1;')
    assert.deepEqual(pageParts(html), { body: html, parts: [] })
  })
})

describe('a long document', () => {
  it('has code blocks without their language, and what is in them as it is', () => {
    const block = (opening: string) => `a\n\n${opening}\nSELECT '\n\`\`\`sql\n';\n\`\`\`\`\n`
    const document = `${block('````sql')}b\n\`\`\`sql\nSELECT 1;\n\`\`\`\nc`
    assert.equal(withoutLanguages(document), `${block('````')}b\n\`\`\`\nSELECT 1;\n\`\`\`\nc`)
  })
})

describe('a value of the database that looks like an address', () => {
  it('is no link in a preview, and all else stays', () => {
    const linked =
      '<p>(<a href="mailto:ada@x.io" data-href="mailto:ada@x.io">ada@x.io</a>) <abbr>a</abbr> &lt;a href&gt;</p><pre>a &lt;a&gt;</pre>'
    assert.equal(withoutLinks(linked), '<p>(ada@x.io) <abbr>a</abbr> &lt;a href&gt;</p><pre>a &lt;a&gt;</pre>')
  })
})
