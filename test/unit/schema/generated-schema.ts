import fc from 'fast-check'

/** What a generated schema is written from. Always valid for Prisma 7 on PostgreSQL. */
export interface GeneratedSchema {
  readonly text: string
}

/**
 * Schemas of every construct that Prisma 7 takes, set out untidily: with comments, odd blanks and CRLF now and then.
 */
export function generatedSchema(): fc.Arbitrary<GeneratedSchema> {
  return fc
    .record({
      modelNames: fc.shuffledSubarray([...MODEL_NAMES], { minLength: 1, maxLength: 4 }),
      enumNames: fc.shuffledSubarray(['Role', 'Colour'], { maxLength: 2 }),
      userKey: fc.constantFrom(...KEYS),
      choices: fc.infiniteStream(fc.nat(1_000_000)),
      relationMode: fc.constantFrom('', '', '', '  relationMode = "prisma"\n'),
      carriageReturns: fc.nat(9).map((number) => number === 0),
    })
    .map(({ modelNames, enumNames, userKey, choices, relationMode, carriageReturns }) => {
      const writer = new SchemaWriter(choices, enumNames)
      const text = writer.write(['User', ...modelNames], userKey, relationMode)
      return { text: carriageReturns ? text.replaceAll('\n', '\r\n') : text }
    })
}

const MODEL_NAMES = ['Lead', 'OrderItem', 'Company', 'Address', 'Person', 'order_log', 'APIKey', 'News', 'model']

const KEYS = [
  'Int @id @default(autoincrement())',
  'BigInt @id @default(autoincrement())',
  'String @id @default(uuid())',
  'String @id @default(dbgenerated("gen_random_uuid()")) @db.Uuid',
  'String @id @default(cuid()) @db.VarChar(30) @map("user_id")',
]

const SCALARS = [
  'Int @default(-1)',
  'Int? @db.SmallInt',
  'Int @default(autoincrement())',
  'BigInt @default(9007199254740993)',
  'Float? @default(1.5)',
  'Decimal @db.Decimal(10, 2)',
  'Boolean @default(true)',
  'String @default("a \\"quoted\\" \\\\ text // no comment } {") @db.VarChar(255)',
  'String? @unique(map: "short_key")',
  'String[] @default(["a", "b"])',
  'Int[]',
  'DateTime @default(now()) @db.Timestamptz(6)',
  'DateTime? @db.Date',
  'Json @default("{\\"a\\": [1, 2]}")',
  'Bytes?',
  'Unsupported("circle")?',
  'String @default(dbgenerated("md5(\'x\')"))',
  'String @default(uuid(7))',
  'String @default(nanoid(12))',
  'String @default(ulid())',
]

const FIELD_NAMES = [
  'title',
  'status',
  'type',
  'enum',
  'view',
  'generator',
  'createdAt',
  'größe',
  'x',
  'aRatherLongFieldName',
  'leads',
  'Total_1',
]

const DOCUMENTATION = [
  '',
  '',
  '',
  '/// What it is for.',
  '// a plain comment',
  '/// Two\n/// lines: { }',
  '// first\n/// then words',
]

const ACTIONS = ['', '', ', onDelete: Cascade', ', onUpdate: Restrict, onDelete: Restrict']

class SchemaWriter {
  private readonly choices: Iterator<number>
  private readonly members = new Map<string, string[]>()
  private readonly attributes = new Map<string, string[]>()
  private relations = 0

  constructor(
    choices: Iterable<number>,
    private readonly enumNames: readonly string[],
  ) {
    this.choices = choices[Symbol.iterator]()
  }

  write(models: readonly string[], userKey: string, relationMode: string): string {
    for (const model of models) this.members.set(model, [])
    for (const model of models) this.writeModel(model, model === 'User' ? userKey : null)
    for (let count = this.below(4); count > 0; count--) {
      const [first, second] = [this.below(models.length), this.below(models.length)]
      // Where the client keeps relations, Prisma allows no cycles: only models further up are pointed to.
      if (relationMode === '') this.writeRelation(models[first]!, models[second]!, userKey)
      else if (first !== second)
        this.writeRelation(models[Math.max(first, second)]!, models[Math.min(first, second)]!, userKey)
    }
    const blocks = models.map((model) =>
      this.block(`model ${model}`, this.members.get(model)!, this.attributes.get(model)!),
    )
    const enums = this.enumNames.map((name) =>
      this.block(
        `enum ${name}`,
        ['ONE', 'two @map("TWO")', 'Three_3'].slice(0, 1 + this.below(3)),
        this.below(3) === 0 ? [`@@map("${name.toLowerCase()}s")`] : [],
      ),
    )
    const head = `generator client {\n  provider = "prisma-client-js"\n}\n\ndatasource db {\n  provider = "postgresql"\n${relationMode}}\n`
    return [head, ...blocks, ...enums].join('\n')
  }

  private writeModel(model: string, key: string | null): void {
    const names = FIELD_NAMES.filter(() => this.below(3) === 0)
    const members = this.members.get(model)!
    const attributes: string[] = []
    const composite = key === null && this.below(5) === 0
    if (composite) {
      members.push('left Int', 'right String')
      attributes.push(
        this.pick([
          '@@id([left, right])',
          `@@id([left, right], name: "both", map: "pk_${model}")`,
          '@@id(fields: [left, right])',
        ]),
      )
    } else members.push(`id ${key ?? this.pick(['Int @id @default(autoincrement())', 'String @id @default(cuid(2))'])}`)
    let hasSequence = !composite && members[0]!.includes('autoincrement')
    for (const name of names) {
      const scalar =
        this.enumNames.length > 0 && this.below(5) === 0 ? `${this.enumNames[0]!} @default(ONE)` : this.pick(SCALARS)
      if (scalar.includes('autoincrement') && hasSequence) continue
      hasSequence ||= scalar.includes('autoincrement')
      members.push(
        `${name} ${scalar.replace('short_key', `${model}_${name}_short`)}${this.below(4) === 0 ? ` @map("${name} of it")` : ''}`,
      )
      if (isIndexable(scalar) && this.below(3) === 0) attributes.push(this.indexOver(model, name))
    }
    if (this.below(4) === 0) attributes.push(`@@map("${model.toLowerCase()} table")`)
    this.attributes.set(model, attributes)
  }

  private indexOver(model: string, name: string): string {
    return this.pick([
      `@@index([${name}])`,
      `@@index([${name}(sort: Desc)], map: "${model}_${name}_index")`,
      `@@index(fields: [${name}])`,
      `@@unique([${name}], map: "${model}_${name}_unique")`,
      `@@unique(fields: [${name}])`,
    ])
  }

  private writeRelation(from: string, to: string, userKey: string): void {
    const target = this.members.get(to)!.find((member) => member.startsWith('id '))
    if (target === undefined) return
    const number = this.relations++
    const type = to === 'User' ? userKey.split(' ')[0]! : target.split(' ')[1]!
    const native = /@db\.\w+(\(\d+\))?/.exec(target)?.[0] ?? ''
    const name = this.below(4) === 0 && from !== to && number === 0 ? '' : `"relation${number}", `
    const optional = this.below(2) === 0 ? '?' : ''
    const backName = name === '' ? '' : ` @relation(${name.slice(0, -2)})`
    const isSingle = this.below(4) === 0
    this.members
      .get(from)!
      .push(
        `rel${number}Id ${type}${optional} ${isSingle ? '@unique ' : ''}${native}`,
        `rel${number} ${to}${optional} @relation(${name}fields: [rel${number}Id], references: [id]${this.pick(ACTIONS)})`,
      )
    // Where the client keeps relations there is no index unless one is said, and Prisma warns.
    if (!isSingle) this.attributes.get(from)!.unshift(`@@index([rel${number}Id])`)
    this.members.get(to)!.push(`rel${number}Back ${from}${isSingle ? '?' : '[]'}${backName}`)
  }

  /** With comments, blank lines, and blanks where one would do. */
  private block(head: string, members: readonly string[], attributes: readonly string[]): string {
    const lines: string[] = []
    for (const member of members) {
      const comment = this.pick(DOCUMENTATION)
      if (comment !== '') lines.push(...comment.split('\n').map((line) => `  ${line}`))
      const words = this.below(4) === 0 ? member.replace(' ', '    ') : member
      lines.push(`  ${words.trim()}${this.pick(['', '', '', ' // trailing', ' /// said behind'])}`)
      if (this.below(5) === 0) lines.push('')
    }
    if (attributes.length > 0) lines.push('')
    for (const attribute of attributes) {
      if (this.below(5) === 0) lines.push('  // about the next line')
      lines.push(`  ${attribute}`)
    }
    const comment = this.pick(DOCUMENTATION)
    return `${comment === '' ? '' : `${comment}\n`}${head} {\n${lines.join('\n')}\n}\n`
  }

  private below(limit: number): number {
    return this.choices.next().value! % limit
  }

  private pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)]!
  }
}

function isIndexable(scalar: string): boolean {
  return !/^(Json|Unsupported)/.test(scalar) && !scalar.includes('[]') && !scalar.includes('@unique')
}
