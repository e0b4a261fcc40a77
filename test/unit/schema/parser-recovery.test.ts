import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { findModel, modelsOf } from '../../../server/src/schema/lookup'
import { inPlainEnglish } from '../../../server/src/text/phrase'
import { generatedSchema } from './generated-schema'
import { schemaOf } from './support'

const SAMPLE = readFileSync(join(__REPOSITORY__, 'test/fixtures/schema/constructs/schema.prisma'), 'utf8')

describe('the parser recovers', () => {
  it('from every prefix of a schema', () => {
    for (let length = 0; length <= SAMPLE.length; length++) schemaOf(SAMPLE.slice(0, length))
  })

  it('from every prefix typed after its closing lines stand already', () => {
    const before = schemaOf(SAMPLE)
    for (let length = 0; length <= SAMPLE.length; length += 3) schemaOf(SAMPLE.slice(0, length) + '\n' + SAMPLE, before)
  })

  it('from random deletions', () => {
    fc.assert(
      fc.property(generatedSchema(), fc.array(fc.tuple(fc.nat(), fc.nat(20))), ({ text }, deletions) => {
        const damaged = deletions.reduce((rest, [at, length]) => {
          const start = at % (rest.length + 1)
          return rest.slice(0, start) + rest.slice(start + length)
        }, text)
        assert.equal(schemaOf(damaged).files[0]?.text.toString(), damaged)
      }),
      { numRuns: 300 },
    )
  })

  it('from any text at all', () => {
    const pieces = fc.constantFrom(
      ...'@@id @id model enum type A { } ( ) [ ] , : = ? ! " \\ / // /// /* */ \n \r\n \t . - 12 é 😀'.split(' '),
      ' ',
      '\n',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string({ unit: 'binary' })), { maxLength: 200 }), (words) => {
        const schema = schemaOf(words.join(''))
        assert.equal(schema.files.length, 1)
      }),
      { numRuns: 1000 },
    )
  })

  it('from brackets nested without end, in time that grows with the text', () => {
    for (const text of [
      '(',
      '[',
      '@a(',
      '@a([\n',
      '"',
      '/*',
      'f(a: [',
      '{',
      'model A {\n',
      '@',
      'x = [\n',
      '}',
      '} ',
      ',',
      '/**/',
      '/*\n*/',
      '///\n',
      '\r',
    ]) {
      schemaOf(`model A {\n  id Int ${text.repeat(20_000)}\n}\n`)
    }
  })

  const cases: [title: string, lines: string[], models: Record<string, string[]>][] = [
    [
      'a closing brace that is missing',
      ['model A {', '  id Int @id', '', '/// Of B.', 'model B {', '  id Int @id', '}'],
      { A: ['id'], B: ['id'] },
    ],
    ['a block that ends with the file', ['model A {', '  id Int @id', '  name'], { A: ['id', 'name'] }],
    [
      'a list still to be closed',
      ['model A {', '  id Int', '  b B @relation(fields: [', '  name String', '  @@index([id', '  @@map("a")', '}'],
      { A: ['id', 'b', 'name'] },
    ],
    ['a string still to be closed', ['model A {', '  id Int @default("', '  name String', '}'], { A: ['id', 'name'] }],
    ['a comment still to be closed', ['model A {', '  /* id Int', '  name String', '}'], { A: ['name'] }],
    [
      'lines that mean nothing',
      ['model A {', '  @', '  id Int', '  ???', '  } else', 'model B {', '  id Int', '}'],
      { A: ['id'], B: ['id'] },
    ],
    ['a block without a name', ['model {', '  id Int', '}', 'model B {', '  id Int', '}'], { B: ['id'] }],
    ['a header without a brace', ['model A', 'model B {', '  id Int', '}'], { B: ['id'] }],
    ['a whole block on one line', ['model A { id Int @id }', 'model B {', '  id Int', '}'], { A: ['id'], B: ['id'] }],
    [
      'a block behind a closing brace',
      ['model A {', '  id Int', '} model B {', '  id Int', '}'],
      { A: ['id'], B: ['id'] },
    ],
  ]
  for (const [title, lines, models] of cases) {
    it(`from ${title}`, () => {
      const found = modelsOf(schemaOf(lines.join('\n'))).map(({ model }) => [
        model.name.text,
        model.fields.map((field) => field.name.text),
      ])
      assert.deepEqual(Object.fromEntries(found), models)
    })
  }

  it('and says where', () => {
    const { problems } = schemaOf('model A {\n  id Int @default(\n  name\n  b B @@@\n}\nwhat is this\nand this\n')
      .files[0]!
    assert.deepEqual(
      problems.map(({ message, range }) => `${range.start.line}:${range.start.character} ${inPlainEnglish(message)}`),
      [
        '1:17 The closing ) is missing.',
        '2:2 The field name needs a type.',
        '3:6 Unexpected text.',
        '5:0 This line is outside any block.',
      ],
    )
  })

  it('keeps the documentation of a block that follows an open one', () => {
    const schema = schemaOf('model A {\n  id Int\n\n/// Of B.\nmodel B {\n  id Int\n}\n')
    assert.deepEqual(findModel(schema, 'B')?.model.documentation, ['Of B.'])
  })
})
