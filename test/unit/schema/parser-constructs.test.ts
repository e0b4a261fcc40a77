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

  it('of a condition in braces, wherever it stands, and also half-typed', () => {
    const modelWith = (index: string) => fileOf(`model A {\n  id Int @id\n  b Boolean?\n  ${index}\n  c Int\n}\n`)
    const whole = outlineOf(modelWith('@@index([b], where: { b: true, c: { not: null }, id: 1 }, map: "x")'))
    assert.ok(whole.includes('@@index([b], where: { b: true, c: { not: null }, id: #1 }, map: "x")'), whole)
    assert.deepEqual(modelWith('@@index([b], where: {}, map: "x")').problems, [])
    for (const half of ['@@index([b], where: {', '@@index([b], where: { b: ', '@@index([b], where: { b: { not: ']) {
      const file = modelWith(half)
      const names = file.blocks.map(({ block }) =>
        block.kind === 'model' ? block.fields.map(({ name }) => name.text) : [],
      )
      assert.deepEqual(names, [['id', 'b', 'c']], half)
      assert.ok(file.problems.length > 0 || file.blocks.some(({ block }) => block.problems.length > 0), half)
    }
  })

  it('but of prisma-next, which is another language, nothing', () => {
    const file = fileOf('// use prisma-next\nmodel A {\n  id\n')
    assert.deepEqual([file.isPrismaSchema, file.blocks, file.problems], [false, [], []])
  })

  it('without an array for each empty list: a large schema has ten thousand of them', () => {
    const [model, other] = fileOf('model A {\n  a Int\n  b Int\n}\n\nenum B {\n  C\n}\n').blocks.map(
      ({ block }) => block,
    )
    assert.ok(model?.kind === 'model' && other?.kind === 'enum')
    const members = [...model.fields, ...other.values]
    const lists = [model, other, ...members].map(({ documentation }) => documentation)
    assert.equal(new Set([...lists, ...members.map(({ attributes }) => attributes), model.attributes]).size, 1)
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
