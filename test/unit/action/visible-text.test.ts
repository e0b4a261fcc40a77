import assert from 'node:assert/strict'
import { visible } from '../../../action/src/visible-text'
import { visible as visibleInTerminal } from '../../../server/src/text/safe-text'

describe('foreign text in the action', () => {
  it('shows every character as the command line does', () => {
    const codePoints = [...Array(0x110000).keys()]
    // The planes with characters that are not drawn, and the ends of the others, which are no characters.
    const wanted = codePoints.filter((each) => [0, 1, 14].includes(each >> 16) || (each & 0xffff) >= 0xfff0)
    // A lone surrogate must not meet its other half.
    const all = wanted.map((each) => `a${String.fromCodePoint(each)}`)
    let changed = 0
    for (let start = 0; start < all.length; start += 1000) {
      const some = all.slice(start, start + 1000).join('')
      const shown = visible(some)
      if (shown !== some) changed++
      assert.equal(shown, visibleInTerminal(some))
    }
    assert.ok(changed > 5)
  })

  it('knows the same commands in a log, and the same line breaks', () => {
    for (const text of [
      '##vso[a]b',
      '###[group]x',
      '## [a]',
      '#\\n#[x]',
      'a\tb\r\nc\rd',
      '##[',
      '##teamcity[a',
      '##-[a',
    ])
      assert.equal(visible(text), visibleInTerminal(text), text)
  })

  it('is cut at 4,000 units, never within a character', () => {
    assert.equal(visible('x'.repeat(5000)), `${'x'.repeat(4000)}… (1,000 more characters)`)
    assert.equal(visible(`x${'😀'.repeat(2000)}`), `x${'😀'.repeat(1999)}… (2 more characters)`)
  })
})
