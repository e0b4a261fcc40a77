import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SchemaFile } from '../../../server/src/schema/model'
import { asPrismaReads, readByPrisma } from './dmmf'
import { outlineOf, slicesOf } from './outline'
import { schemaOf } from './support'

const FIXTURES = join(__REPOSITORY__, 'test/fixtures/schema')

/** Prisma takes no byte order mark; editors hand it over all the same. */
const SPELLINGS: Readonly<Record<string, (text: string) => string>> = {
  'with LF': (text) => text,
  'with CRLF': (text) => text.replaceAll('\n', '\r\n'),
  'with CR alone': (text) => text.replaceAll('\n', '\r'),
  'with a byte order mark': (text) => `\ufeff${text}`,
  'with tabs': (text) => text.replaceAll(/^ {2}/gm, '\t'),
}

describe('the parser reads every construct', () => {
  for (const name of readdirSync(FIXTURES)) {
    const text = readFileSync(join(FIXTURES, name, 'schema.prisma'), 'utf8')

    it(`of ${name}`, () => {
      const outline = outlineOf(fileOf(text))
      checkGolden(join(FIXTURES, name, 'expected.txt'), outline)
    })

    for (const [title, change] of Object.entries(SPELLINGS)) {
      it(`of ${name}, with ranges that hold, ${title}`, () => {
        const slices = slicesOf(fileOf(change(text)))
        assert.ok(slices.length > 50)
        for (const { actual, expected } of slices) {
          if (typeof expected === 'string') assert.equal(actual, expected)
          else assert.match(actual, expected)
        }
      })
    }
  }

  for (const [title, change] of Object.entries(SPELLINGS)) {
    it(`as Prisma does, ${title}`, async () => {
      const text = change(readFileSync(join(FIXTURES, 'constructs/schema.prisma'), 'utf8'))
      const withoutMark = text.replace(/^\ufeff/, '')
      assert.deepEqual(asPrismaReads(schemaOf(text)), await readByPrisma(withoutMark))
      assert.deepEqual(fileOf(text).problems, [])
    })
  }

  it('but of prisma-next, which is another language, nothing', () => {
    const file = fileOf('// use prisma-next\nmodel A {\n  id\n')
    assert.deepEqual([file.isPrismaSchema, file.blocks, file.problems], [false, [], []])
  })
})

function fileOf(text: string): SchemaFile {
  return schemaOf(text).files[0]!
}

/** A mismatch leaves what came out beside what was expected, in `.actual`. */
function checkGolden(path: string, actual: string): void {
  const expected = existsSync(path) ? readFileSync(path, 'utf8') : ''
  if (actual !== expected) writeFileSync(`${path}.actual`, actual)
  else rmSync(`${path}.actual`, { force: true })
  assert.equal(actual, expected)
}
