import fc from 'fast-check'

/**
 * Valid Prisma schemas of one to four models: scalars of every kind, enums, keys, indexes and relations of every form.
 */
export function schemaArbitrary(): fc.Arbitrary<string> {
  return fc
    .record({
      models: fc.array(modelArbitrary(), { minLength: 1, maxLength: 4 }),
      enums: fc.array(enumArbitrary(), { minLength: 1, maxLength: 2 }),
      relations: fc.array(relationArbitrary(), { maxLength: 5 }),
    })
    .map(render)
}

interface ModelShape {
  readonly table: string | null
  readonly id: string
  readonly scalars: readonly ScalarShape[]
  readonly uniques: readonly IndexShape[]
  readonly indexes: readonly IndexShape[]
}

interface ScalarShape {
  /** With `enum:N` for the N-th enum. */
  readonly type: string
  readonly arity: '' | '?' | '[]'
  readonly native: string
  readonly value: string | null
  readonly listValue: string | null
  readonly column: string | null
  readonly isUnique: boolean
}

interface IndexShape {
  readonly fields: readonly number[]
  readonly descending: boolean
  readonly map: string | null
}

interface EnumShape {
  readonly labels: readonly (string | null)[]
  readonly map: string | null
}

interface RelationShape {
  readonly from: number
  readonly to: number
  readonly kind: 'required' | 'optional' | 'many-to-many' | 'one-to-one'
  readonly actions: string
  readonly map: string | null
}

const IDS: readonly string[] = [
  'Int @id @default(autoincrement())',
  'BigInt @id @default(autoincrement())',
  'Int @id',
  'String @id @default(uuid()) @db.Uuid',
  'String @id @default(cuid())',
  'String @id @default(dbgenerated("gen_random_uuid()")) @db.Uuid',
  'String @id @db.VarChar(30)',
  'Int @id(map: "own key") @map("the_id")',
]

/** Type, native types, values that suit all of them, values in a list. */
const SCALARS: readonly (readonly [string, readonly string[], readonly string[], readonly string[]])[] = [
  [
    'String',
    ['', '@db.Text', '@db.VarChar(40)', '@db.VarChar', '@db.Char(40)', '@db.Citext'],
    ['"x"', '""', '"it\'s"', '"a::b"', 'uuid()', 'cuid()', 'dbgenerated("\'y\'::text")'],
    ['[]', '["a", "b,c"]'],
  ],
  ['String', ['@db.Uuid', '@db.Xml', '@db.Inet', '@db.Bit(4)', '@db.VarBit'], ['dbgenerated()'], ['[]']],
  ['Int', ['', '@db.SmallInt', '@db.Integer', '@db.Oid'], ['0', '42', 'autoincrement()'], ['[]', '[1, 2]']],
  ['Int', ['', '@db.SmallInt'], ['-7'], ['[-1]']],
  ['BigInt', ['', '@db.BigInt'], ['0', '-9007199254740993', 'autoincrement()'], ['[]']],
  ['Float', ['', '@db.Real', '@db.DoublePrecision'], ['0', '1.5', '-2.25'], ['[]', '[1.5]']],
  ['Decimal', ['', '@db.Decimal(12, 4)', '@db.Decimal'], ['0', '1.5', '-2.25'], ['[]', '[1.5]']],
  ['Boolean', ['', '@db.Boolean'], ['true', 'false'], ['[]', '[true]']],
  [
    'DateTime',
    ['', '@db.Timestamp(6)', '@db.Timestamptz(3)', '@db.Timestamptz', '@db.Date'],
    ['now()', '"2020-01-01T00:00:00.000Z"'],
    ['[]'],
  ],
  ['DateTime', ['@db.Time(3)', '@db.Timetz(6)'], ['now()'], ['[]']],
  ['Json', ['', '@db.JsonB'], ['"{}"', '"{\\"a\\": [1, \\"b\\"]}"'], ['[]']],
  ['Bytes', ['', '@db.ByteA'], ['"AQID"', '""'], ['[]']],
  ['enum:0', [''], ['V0'], ['[]', '[V0]']],
  ['enum:1', [''], ['V0'], ['[]', '[V0]']],
  ['Unsupported("point")', [''], ['dbgenerated("\'(0,0)\'::point")'], []],
]

function scalarArbitrary(): fc.Arbitrary<ScalarShape> {
  return fc.constantFrom(...SCALARS).chain(([type, natives, values, lists]) =>
    fc.record({
      type: fc.constant(type),
      arity: fc.constantFrom('', '', '?', '[]'),
      native: fc.constantFrom(...natives),
      value: fc.option(fc.constantFrom(...values)),
      listValue: lists.length === 0 ? fc.constant(null) : fc.option(fc.constantFrom(...lists)),
      column: fc.option(fc.constantFrom('snake_case', 'Mixed Case', 'select', 'ünï'), { freq: 5 }),
      isUnique: fc.integer({ min: 0, max: 5 }).map((number) => number === 0),
    }),
  )
}

function indexArbitrary(): fc.Arbitrary<IndexShape> {
  return fc.record({
    fields: fc.uniqueArray(fc.nat({ max: 7 }), { minLength: 1, maxLength: 3 }),
    descending: fc.boolean(),
    map: fc.option(fc.constantFrom('given', 'Given Name'), { freq: 4 }),
  })
}

function modelArbitrary(): fc.Arbitrary<ModelShape> {
  return fc.record({
    table: fc.option(fc.constantFrom('table_name', 'Table Name', 'order', `long_${'x'.repeat(44)}`)),
    id: fc.constantFrom(...IDS),
    scalars: fc.array(scalarArbitrary(), { minLength: 1, maxLength: 8 }),
    uniques: fc.array(indexArbitrary(), { maxLength: 2 }),
    indexes: fc.array(indexArbitrary(), { maxLength: 3 }),
  })
}

function enumArbitrary(): fc.Arbitrary<EnumShape> {
  return fc.record({
    labels: fc.array(fc.option(fc.constantFrom('a label', 'ÄÖ', 'lower')), { minLength: 1, maxLength: 4 }),
    map: fc.option(fc.constantFrom('enum_type', 'Enum Type')),
  })
}

function relationArbitrary(): fc.Arbitrary<RelationShape> {
  return fc.record({
    from: fc.nat({ max: 3 }),
    to: fc.nat({ max: 3 }),
    kind: fc.constantFrom('required', 'optional', 'many-to-many', 'one-to-one'),
    actions: fc.constantFrom(
      '',
      '',
      ', onDelete: Cascade',
      ', onDelete: NoAction, onUpdate: Restrict',
      ', onUpdate: NoAction',
    ),
    map: fc.option(fc.constantFrom('a relation'), { freq: 5 }),
  })
}

function render({
  models,
  enums,
  relations,
}: {
  models: ModelShape[]
  enums: EnumShape[]
  relations: RelationShape[]
}): string {
  const lines = models.map((model, number) => renderModel(model, number, enums.length))
  relations.forEach((relation, number) => {
    addRelation(lines, models, relation, number)
  })
  const blocks = lines.map((fields, number) => `model M${String(number)} {\n${fields.join('\n')}\n}\n`)
  return [HEAD, ...enums.map(renderEnum), ...blocks].join('\n')
}

const HEAD = `datasource db {
  provider   = "postgresql"
  extensions = [citext]
}
generator client {
  provider        = "prisma-client-js"
  previewFeatures = ["postgresqlExtensions"]
}
`

function renderModel(model: ModelShape, number: number, enumCount: number): string[] {
  const usedColumns = new Set<string>()
  const lines = [`  id ${model.id.replace('own key', `own key ${String(number)}`)}`]
  const indexable: string[] = []
  model.scalars.forEach((scalar, index) => {
    const name = `f${String(index)}`
    const type = renderType(scalar.type, enumCount)
    const isUnsupported = scalar.type.startsWith('Unsupported')
    const arity = isUnsupported && scalar.arity === '[]' ? '?' : scalar.arity
    const parts = [`  ${name} ${type}${arity}`, scalar.native]
    const value = arity === '[]' ? scalar.listValue : scalar.value
    // An optional field with a sequence is refused by Prisma.
    if (value !== null && !(value === 'autoincrement()' && (arity !== '' || scalar.native === '@db.Oid')))
      parts.push(`@default(${value})`)
    if (scalar.column !== null && !usedColumns.has(scalar.column)) {
      usedColumns.add(scalar.column)
      parts.push(`@map("${scalar.column}")`)
    }
    const isIndexable = !isUnsupported && arity !== '[]' && !/Json|Xml/.test(`${scalar.type}${scalar.native}`)
    if (isIndexable) indexable.push(name)
    if (isIndexable && scalar.isUnique) parts.push('@unique')
    lines.push(parts.filter((part) => part !== '').join(' '))
  })
  const used = new Set<string>()
  for (const [word, shapes] of [
    ['unique', model.uniques],
    ['index', model.indexes],
  ] as const) {
    for (const { fields, descending, map } of shapes) {
      const names = [...new Set(fields.map((position) => indexable[position]).filter((name) => name !== undefined))]
      const key = `${word}:${names.join()}`
      if (names.length === 0 || (word === 'unique' && names.length === 1) || used.has(key)) continue
      used.add(key)
      const list = names
        .map((name, position) => (descending && position === 0 ? `${name}(sort: Desc)` : name))
        .join(', ')
      lines.push(
        `  @@${word}([${list}]${map === null ? '' : `, map: "${map} ${String(number)} ${String(used.size)}"`})`,
      )
    }
  }
  if (model.table !== null) lines.push(`  @@map("${model.table} ${String(number)}")`)
  return lines
}

function renderType(type: string, enumCount: number): string {
  return type.startsWith('enum:') ? `E${String(Number(type.slice(5)) % enumCount)}` : type
}

function renderEnum({ labels, map }: EnumShape, number: number): string {
  const values = labels.map(
    (label, index) => `  V${String(index)}${label === null ? '' : ` @map("${label} ${String(index)}")`}`,
  )
  const mapped = map === null ? [] : [`  @@map("${map} ${String(number)}")`]
  return `enum E${String(number)} {\n${[...values, ...mapped].join('\n')}\n}\n`
}

function addRelation(lines: string[][], models: readonly ModelShape[], shape: RelationShape, number: number): void {
  const from = shape.from % models.length
  const to = shape.to % models.length
  const [source, target, key] = [lines[from], lines[to], models[to]?.id]
  if (source === undefined || target === undefined || key === undefined) return
  const name = `R${String(number)}`
  const field = `r${String(number)}`
  const [fromName, toName] = [`M${String(from)}`, `M${String(to)}`]
  if (shape.kind === 'many-to-many') {
    source.push(`  ${field} ${toName}[] @relation("${name}")`)
    target.push(`  ${field}Back ${fromName}[] @relation("${name}")`)
    return
  }
  const optional = shape.kind === 'required' ? '' : '?'
  const type = key.split(' ')[0] ?? 'Int'
  const native = /@db\.\w+(?:\(\d+\))?/.exec(key)?.[0] ?? ''
  const unique = shape.kind === 'one-to-one' ? ' @unique' : ''
  const map = shape.map === null ? '' : `, map: "${shape.map} ${String(number)}"`
  source.push(`  ${field}Id ${type}${optional} ${native}${unique}`)
  source.push(
    `  ${field} ${toName}${optional} @relation("${name}", fields: [${field}Id], references: [id]${shape.actions}${map})`,
  )
  target.push(`  ${field}Back ${fromName}${shape.kind === 'one-to-one' ? '?' : '[]'} @relation("${name}")`)
}
