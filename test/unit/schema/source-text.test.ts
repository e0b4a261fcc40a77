import assert from 'node:assert/strict'
import fc from 'fast-check'
import { TextDocument } from 'vscode-languageserver-textdocument'
import type { Range } from '../../../server/src/schema/model'
import { SourceText } from '../../../server/src/schema/source-text'

describe("a file's text in pieces", () => {
  it('is edited as the protocol says, wherever lines end', () => {
    fc.assert(
      fc.property(text(), fc.array(edit(), { minLength: 1, maxLength: 8 }), (start, edits) => {
        let ours = SourceText.of(start)
        for (const change of edits) {
          // A new one each time: its own lines are wrong once a line feed was put behind a carriage return.
          const document = TextDocument.create('file:///a', 'prisma', 0, ours.toString())
          TextDocument.update(document, [change], 1)
          ours = ours.replace(change.range, change.text)
          assert.equal(ours.toString(), document.getText())
          assert.equal(ours.length, document.getText().length)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('knows what it has in common with another', () => {
    fc.assert(
      fc.property(text(), edit(), fc.boolean(), (start, { range, text: inserted }, isRead) => {
        const before = SourceText.of(start)
        const edited = before.replace(range, inserted)
        const after = isRead ? SourceText.of(edited.toString()) : edited
        const [left, right] = [start, after.toString()]
        const common = before.commonStart(after)
        assert.equal(left.slice(0, common), right.slice(0, common))
        assert(common === Math.min(left.length, right.length) || left[common] !== right[common])
        const rest = Math.min(left.length, right.length) - common
        const end = before.commonEnd(after, rest)
        assert.equal(left.slice(left.length - end), right.slice(right.length - end))
        assert(end === rest || left[left.length - 1 - end] !== right[right.length - 1 - end])
        assert.equal(before.equals(after), left === right)
      }),
      { numRuns: 500 },
    )
  })

  it('gives any part of it', () => {
    fc.assert(
      fc.property(text(), fc.nat(20_000), fc.nat(20_000), (whole, start, length) => {
        assert.equal(SourceText.of(whole).slice(start, start + length), whole.slice(start, start + length))
      }),
    )
  })

  it('keeps what an edit did not touch, however large it is', () => {
    const line = 'a line of some length, of which there are many\n'
    const before = SourceText.of(line.repeat(20_000))
    const start = { line: 10_000, character: 2 }
    const after = before.replace({ start, end: start }, 'small ')
    assert.equal(
      after.slice(10_000 * line.length, 10_001 * line.length),
      'a small line of some length, of which there are',
    )
    assert.equal(before.commonStart(after), 10_000 * line.length + 2)
    assert(before.equals(SourceText.of(line.repeat(20_000))))
  })
})

/** Some of a few lines, some of many pieces. */
function text(): fc.Arbitrary<string> {
  const words = fc.array(word(), { maxLength: 40 }).map((parts) => parts.join(''))
  const long = fc.tuple(words, fc.integer({ min: 200, max: 800 })).map(([part, times]) => part.repeat(times))
  return fc.oneof({ weight: 3, arbitrary: words }, { weight: 1, arbitrary: long })
}

function edit(): fc.Arbitrary<{ range: Range; text: string }> {
  const position = fc.record({ line: fc.oneof(fc.nat(20), fc.nat(20_000)), character: fc.nat(30) })
  const range = fc.record({ start: position, end: fc.oneof(position, fc.constant(null)) })
  return fc
    .tuple(range, fc.array(word(), { maxLength: 6 }))
    .map(([{ start, end }, parts]) => ({ range: { start, end: end ?? start }, text: parts.join('') }))
}

function word(): fc.Arbitrary<string> {
  return fc.constantFrom('\n', '\n', '\r\n', '\r', 'word', ' ', '}', '😀', 'ä')
}
