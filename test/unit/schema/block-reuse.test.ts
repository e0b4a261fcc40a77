import assert from 'node:assert/strict'
import fc from 'fast-check'
import { rangeInFile, type SchemaFile } from '../../../server/src/schema/model'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import { parseSchemaFile } from '../../../server/src/schema/parser/parse-schema-file'
import { SourceText } from '../../../server/src/schema/source-text'
import { generatedSchema } from './generated-schema'
import { FILE, schemaOf } from './support'

const BEFORE = ['model A {\n  id Int @id\n}\n', '/// Of B.\nmodel B {\n  id Int @id\n}\n', 'enum C {\n  ONE\n}\n']

describe('an edit parses only what it changed', () => {
  it('nothing, where the text is the same', () => {
    const schema = schemaOf(BEFORE.join('\n'))
    assert.equal(schemaOf(BEFORE.join('\n'), schema), schema)
  })

  const edits: [title: string, after: string[], kept: string[]][] = [
    ['a block that changed', [BEFORE[0]!, 'model B {\n  id Int\n}\n', BEFORE[2]!], ['A', 'C']],
    ['a line above', ['\n// a comment\n', ...BEFORE], ['A', 'B', 'C']],
    ['a block that is new', [BEFORE[0]!, 'model New {\n  id Int\n}\n', BEFORE[1]!, BEFORE[2]!], ['A', 'B', 'C']],
    ['a block that went', [BEFORE[0]!, BEFORE[2]!], ['A', 'C']],
    ['another order', [BEFORE[2]!, BEFORE[0]!, BEFORE[1]!], ['A', 'B', 'C']],
    ['a brace that went', [BEFORE[0]!.replace('}\n', ''), BEFORE[1]!, BEFORE[2]!], ['B', 'C']],
    ['documentation that changed', [BEFORE[0]!, BEFORE[1]!.replace('Of B', 'Of it'), BEFORE[2]!], ['A', 'C']],
  ]
  for (const [title, after, kept] of edits) {
    it(`not the rest beside ${title}`, () => {
      const before = schemaOf(BEFORE.join('\n')).files[0]!
      const file = parseSchemaFile(FILE, after.join('\n'), before)
      const known = new Set(before.blocks.map(({ block }) => block))
      assert.deepEqual(
        names(file, ({ block }) => known.has(block)),
        kept.toSorted(),
      )
      assertSame(file, parseSchemaFile(FILE, after.join('\n')))
    })
  }

  it('and comes to what a fresh parse comes to', () => {
    fc.assert(
      fc.property(
        generatedSchema(),
        generatedSchema(),
        fc.nat(),
        fc.nat(40),
        fc.string(),
        ({ text }, other, at, length, inserted) => {
          const start = at % (text.length + 1)
          const after = text.slice(0, start) + inserted + text.slice(start + length)
          const before = parseSchemaFile(FILE, text, parseSchemaFile(FILE, other.text))
          assertSame(parseSchemaFile(FILE, after, before), parseSchemaFile(FILE, after))
        },
      ),
      { numRuns: 200 },
    )
  })

  it('and does so wherever blocks start and end', () => {
    const pieces = fc.constantFrom(...PIECES)
    fc.assert(
      fc.property(
        generatedSchema(),
        fc.array(pieces, { maxLength: 12 }),
        fc.array(fc.record({ at: fc.nat(), length: fc.nat(30), inserted: fc.array(pieces, { maxLength: 3 }) }), {
          minLength: 1,
          maxLength: 6,
        }),
        fc.boolean(),
        ({ text }, mess, edits, isMess) => {
          let now = isMess ? mess.join('') : text
          let file = parseSchemaFile(FILE, now)
          for (const { at, length, inserted } of edits) {
            const start = placeOfEdit(now, at)
            now = now.slice(0, start) + inserted.join('') + now.slice(start + (at % 3 === 0 ? 0 : length))
            file = parseSchemaFile(FILE, now, file)
            assertSame(file, parseSchemaFile(FILE, now))
          }
        },
      ),
      { numRuns: 500 },
    )
  })

  it('and does so in a large text that is edited piece by piece', () => {
    const many = Array.from({ length: 400 }, (_, number) => BEFORE[number % 3]!.replace(/[ABC]/, `N${number}`)).join(
      '\n',
    )
    fc.assert(
      fc.property(
        fc.array(fc.record({ at: fc.nat(), length: fc.nat(9), inserted: fc.constantFrom(...PIECES) })),
        (edits) => {
          let text = SourceText.of(many)
          let file = parseSchemaFile(FILE, text)
          for (const { at, length, inserted } of edits) {
            const { offset, position } = placeIn(text.toString(), at)
            const end = { ...position, character: position.character + length }
            const expected = text.slice(0, offset)
            text = text.replace({ start: position, end }, inserted)
            assert.equal(text.slice(0, offset), expected)
            file = parseSchemaFile(FILE, text, file)
            assertSame(file, parseSchemaFile(FILE, text.toString()))
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  it('in a schema of many blocks, of which those behind the change only move', () => {
    const many = Array.from({ length: 200 }, (_, number) => `model M${String(number)} {\n  id Int @id\n}\n`)
    const before = parseSchemaFile(FILE, many.join('\n'))
    const after = parseSchemaFile(FILE, many.with(100, 'model New {\n}\n').join('\n'), before)
    assert.equal(after.blocks[99]?.block, before.blocks[99]?.block)
    assert.equal(after.blocks[199]?.block, before.blocks[199]?.block)
    assertSame(after, parseSchemaFile(FILE, after.text))
  })

  it('in one file of several', () => {
    const files = [
      { path: 'b.prisma', text: BEFORE[0]! },
      { path: 'a.prisma', text: BEFORE[1]! },
    ]
    const before = parseSchema(files)
    assert.deepEqual(
      before.files.map((file) => file.path),
      ['a.prisma', 'b.prisma'],
    )
    assert.equal(parseSchema(files.toReversed(), before), before)
    const after = parseSchema([files[0]!, { path: 'a.prisma', text: `\n${BEFORE[1]!}` }], before)
    assert.equal(after.files[1], before.files[1])
    assert.equal(after.files[0]?.blocks[0]?.block, before.files[0]?.blocks[0]?.block)
    assert.equal(after.files[0]?.blocks[0]?.startLine, 2)
    assert.equal(parseSchema([files[0]!], before).files.length, 1)
  })

  it('and moves ranges with the block', () => {
    const placed = schemaOf(`\n\n${BEFORE[1]!}`).files[0]!.blocks[0]!
    assert.deepEqual(rangeInFile(placed, placed.block.name.range), {
      start: { line: 3, character: 6 },
      end: { line: 3, character: 7 },
    })
  })
})

/** A text that was edited is in other pieces than one that was read, and has met other words. */
function assertSame(file: SchemaFile, expected: SchemaFile): void {
  const plain = ({ path, text, blocks, parsed, problems, layout, isPrismaSchema }: SchemaFile) => {
    return { path, text: text.toString(), blocks, parsed, problems, layout, isPrismaSchema }
  }
  assert.deepEqual(plain(file), plain(expected))
}

function placeIn(text: string, at: number) {
  const offset = at % (text.length + 1)
  const lines = text.slice(0, offset).split(/\r\n?|\n/)
  return { offset, position: { line: lines.length - 1, character: lines.at(-1)!.length } }
}

/** What a scan for blocks must mind. */
const PIECES = [
  'model A {\n  id Int @id\n}\n',
  'model B {\r\n  id Int @id\r\n}\r\n',
  'enum E {\n  ONE\n}',
  '/// Documentation.\n',
  '// a comment {\n',
  'model C { id Int }\n',
  'unknown thing {\n',
  'stray line\n',
  'type T {',
  '  name String @default("a } // \\" {")\n',
  '\n',
  '\r\n',
  '\r',
  '}',
  '} ',
  '{',
  '/*',
  '*/',
  '"',
  '/',
  '*',
  '\uFEFF',
  ' ',
]

/** Mostly next to a brace or a line break, where it matters. */
function placeOfEdit(text: string, at: number): number {
  const places = [...text.matchAll(/[{}\r\n/*]/g)].map(({ index }) => index)
  const place = at % 4 === 0 ? undefined : places[at % (places.length || 1)]
  return place === undefined ? at % (text.length + 1) : place + (at % 2)
}

function names(file: SchemaFile, isWanted: (placed: SchemaFile['blocks'][number]) => boolean): string[] {
  return file.blocks
    .filter(isWanted)
    .map(({ block }) => block.name.text)
    .toSorted()
}
