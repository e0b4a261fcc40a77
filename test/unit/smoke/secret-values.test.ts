import assert from 'node:assert/strict'
import { SecretValues } from '../../../server/src/smoke/secret-values'

describe('secrets in the results of a test of the application', () => {
  const value = 's3cr&t"<é>\'/p w+1'

  const encodings: Readonly<Record<string, (text: string) => string>> = {
    plain: (text) => text,
    JSON: (text) => JSON.stringify(text),
    'JSON within JSON': (text) => JSON.stringify({ body: JSON.stringify({ text }) }),
    'JSON in ASCII': (text) =>
      JSON.stringify(text).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
    'a part of a URL': encodeURIComponent,
    'a part of a URL, in small letters': (text) =>
      encodeURIComponent(text).replace(/%../g, (code) => code.toLowerCase()),
    'a form': (text) => new URLSearchParams({ text }).toString(),
    HTML: (text) =>
      text.replace(/[&<>"']/g, (each) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[each] ?? '&#39;'),
    'hexadecimal digits': (text) => Buffer.from(text).toString('hex'),
    base64: (text) => Buffer.from(text).toString('base64'),
    base64url: (text) => Buffer.from(text).toString('base64url'),
  }
  for (const [name, encode] of Object.entries(encodings)) {
    it(`are hidden as ${name}`, () => {
      const secrets = new SecretValues()
      secrets.add(value)
      assert.ok(
        encode(value).includes(
          encode('s3c')
            .replace(/^"|"$|^text=|".*$|=+$/g, '')
            .slice(0, 3),
        ),
      )
      // At most the last character of base64 remains, which depends on what follows.
      assert.match(
        secrets.hide(encode(value)),
        /^[^A-Za-z0-9]*(?:text=|\{"body":"\{\\"text\\":\\")?\*{5}.?[^A-Za-z0-9]*$/,
      )
    })
  }

  it('are hidden in base64 behind a user, of any length', () => {
    for (const user of ['ada', 'bram', 'chris']) {
      const secrets = new SecretValues()
      secrets.add(value)
      const header = Buffer.from(`${user}:${value}`).toString('base64')
      const hidden = secrets.hide(header)
      assert.match(hidden, /\*{5}.?=*$/, user)
      assert.doesNotMatch(Buffer.from(hidden.replace(/\*+/, ''), 'base64').toString(), /s3c|w\+1/)
    }
  })

  it('of fewer than four characters are words and numbers, which are shown', () => {
    const secrets = new SecretValues()
    secrets.add('dev')
    assert.equal(secrets.hide('role dev, ZGV2'), 'role dev, ZGV2')
  })
})
