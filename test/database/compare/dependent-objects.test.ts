import assert from 'node:assert/strict'
import { prismaDiff } from '../../support/oracle'
import { usePostgres } from '../../support/postgres'
import { createFromSchema, drift, findings } from './compare-support'

const SCHEMA = `datasource db {
  provider = "postgresql"
}
model User {
  id    Int    @id
  posts Post[]
}
model Post {
  id       Int    @id
  slug     String @unique
  authorId Int
  author   User   @relation(fields: [authorId], references: [id])
  @@index([authorId, slug])
}
`

describe('compare: what follows from something that is missing', () => {
  const server = usePostgres()

  it('a foreign key to a missing table is named, as information, on the model that has it', async () => {
    const database = await createFromSchema(server, SCHEMA)
    await database.query('DROP TABLE "User" CASCADE')
    const truth = await prismaDiff(SCHEMA, database.url)
    assert.match(truth.text, /Added foreign key on columns \(authorId\)/)
    const found = await drift(SCHEMA, database.url)
    assert.deepEqual(
      found.map(({ code, severity, table, object }) => [code, severity, table, object]),
      [
        ['table-missing', 'warning', 'User', null],
        ['foreign-key-missing', 'information', 'Post', 'Post_authorId_fkey'],
      ],
    )
  })

  it('what stands on a missing column is named in the finding of the column', async () => {
    const database = await createFromSchema(server, SCHEMA)
    await database.query('ALTER TABLE "Post" DROP COLUMN "authorId", DROP COLUMN "slug"')
    const found = await drift(SCHEMA, database.url)
    assert.deepEqual(
      found.map(({ code, message }) => `${code}: ${message}`),
      [
        'column-missing: The table "Post" has no column "slug" for Post.slug. Also missing: unique index "Post_slug_key", index "Post_authorId_slug_idx".',
        'column-missing: The table "Post" has no column "authorId" for Post.authorId. Also missing: index "Post_authorId_slug_idx", foreign key "Post_authorId_fkey".',
      ],
    )
  })

  it('what stands on a missing table is named in the finding of the table', async () => {
    const database = await createFromSchema(server, SCHEMA)
    await database.query('DROP TABLE "Post"')
    const found = await drift(SCHEMA, database.url)
    assert.deepEqual(
      found.map(({ message }) => message),
      [
        'The table "public"."Post" for Post is not in the database. Also missing: unique index "Post_slug_key", index "Post_authorId_slug_idx", foreign key "Post_authorId_fkey".',
      ],
    )
  })
})

describe('compare: schemas that are not in the database', () => {
  const server = usePostgres()

  it('are named in the findings of what they were to hold, and by nobody where that is nothing', async () => {
    const schema = (blocks: string) => `datasource db {
  provider = "postgresql"
  schemas  = ["public", "sales"]
}
model User {
  id Int @id
  @@schema("public")
}
${blocks}`
    const full = schema(`model Offer {
  id    Int  @id
  state State
  @@schema("sales")
}
enum State {
  OPEN
  @@schema("sales")
}
`)
    const database = await server.createDatabase('CREATE TABLE "User" (id integer CONSTRAINT "User_pkey" PRIMARY KEY)')
    assert.match((await prismaDiff(full, database.url)).text, /Added Schemas\s+- sales/)
    assert.deepEqual(
      (await drift(full, database.url)).map(({ code, severity, message }) => `${severity} ${code}: ${message}`),
      [
        'warning table-missing: The table "sales"."Offer" for Offer is not in the database. There is no schema "sales" in the database.',
        'warning enum-missing: The enum type "sales"."State" for State is not in the database. There is no schema "sales" in the database.',
      ],
    )
    await database.query('CREATE SCHEMA sales')
    assert.ok((await drift(full, database.url)).every(({ message }) => !message.includes('no schema')))
    await database.query('DROP SCHEMA sales')
    assert.ok((await prismaDiff(schema(''), database.url)).isEmpty)
    assert.deepEqual(await drift(schema(''), database.url), [])
  })
})

describe('compare: what Prisma does not tell from the schema', () => {
  const server = usePostgres()

  it('the triggers of a table that no model stands for are named with it', async () => {
    const database = await createFromSchema(server, SCHEMA)
    await database.query(
      `CREATE TABLE log (id integer);
       CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
       CREATE TRIGGER note_it BEFORE INSERT ON log FOR EACH ROW EXECUTE FUNCTION note()`,
    )
    const found = await drift(SCHEMA, database.url)
    assert.deepEqual(
      found.map(({ message }) => message),
      ['The table "public"."log" is not in the schema. Triggers on it: note_it.'],
    )
  })

  it('a trigger that is switched off on one partition is a warning, and on all of the table it is one', async () => {
    // Version 14 counts a partition's copies among its internal triggers.
    if (server.majorVersion < 15) return
    const schema = 'datasource db {\n  provider = "postgresql"\n}\nmodel Event {\n  id Int @id\n}\n'
    const database = await server.createDatabase(
      `CREATE TABLE "Event" (id integer CONSTRAINT "Event_pkey" PRIMARY KEY) PARTITION BY RANGE (id);
       CREATE TABLE event_1 PARTITION OF "Event" FOR VALUES FROM (0) TO (10);
       CREATE TABLE event_2 PARTITION OF "Event" FOR VALUES FROM (10) TO (20);
       CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
       CREATE TRIGGER noted BEFORE INSERT ON "Event" FOR EACH ROW EXECUTE FUNCTION note();
       ALTER TABLE event_1 DISABLE TRIGGER noted`,
    )
    const found = async () =>
      (await findings(schema, database.url))
        .filter(({ code }) => code.startsWith('trigger-'))
        .map(({ severity, message }) => `${severity}: ${message}`)
    assert.deepEqual(await found(), [
      'warning: The trigger "noted" on the partition "event_1" of Event is disabled.',
      'information: Event has a trigger "noted" that Prisma does not manage.',
    ])
    await database.query('ALTER TABLE "Event" DISABLE TRIGGER noted')
    assert.deepEqual(await found(), ['warning: The trigger "noted" on Event is disabled.'])
  })

  it('INCLUDE columns are information, whether the schema names them or not', async () => {
    const schema = SCHEMA.replace('@@index([authorId, slug])', '@@index([authorId, slug])\n  @@unique([slug, id])')
    const database = await createFromSchema(server, schema)
    await database.query(
      `DROP INDEX "Post_authorId_slug_idx"; CREATE INDEX "Post_authorId_slug_idx" ON "Post" ("authorId") INCLUDE (slug);
       DROP INDEX "Post_slug_id_key"; CREATE UNIQUE INDEX "Post_slug_id_key" ON "Post" (slug, id) INCLUDE ("authorId")`,
    )
    const { text: truth } = await prismaDiff(schema, database.url)
    assert.doesNotMatch(truth, /on columns \(authorId, slug\)/)
    assert.match(truth, /Added unique index on columns \(slug, id\)/)
    const found = await drift(schema, database.url)
    assert.deepEqual(
      found.map(({ code, severity, actual, message }) => [code, severity, actual, message.split('. ')[1]]),
      [
        [
          'index-definition',
          'information',
          'btree ("authorId") include (slug)',
          'Its last columns are INCLUDE columns, which Prisma reads as key columns.',
        ],
        [
          'index-definition',
          'information',
          'unique btree (slug, id) include ("authorId")',
          'It works the same, but prisma migrate would rebuild it.',
        ],
      ],
    )
    // Another order, or a column that is not there, is another index.
    await database.query(
      'DROP INDEX "Post_authorId_slug_idx"; CREATE INDEX "Post_authorId_slug_idx" ON "Post" ("authorId") INCLUDE (id)',
    )
    assert.match((await prismaDiff(schema, database.url)).text, /index on columns \(authorId, slug\)/)
    assert.equal(
      (await drift(schema, database.url)).find(({ object }) => object === 'Post_authorId_slug_idx')?.severity,
      'warning',
    )
  })

  it('NULLS NOT DISTINCT is information where a column allows NULL, and nothing elsewhere', async () => {
    if (server.majorVersion < 15) return
    const schema = SCHEMA.replace('slug     String @unique', 'slug     String? @unique\n  code String @unique')
    const database = await createFromSchema(server, schema)
    await database.query(
      `DROP INDEX "Post_slug_key"; CREATE UNIQUE INDEX "Post_slug_key" ON "Post" (slug) NULLS NOT DISTINCT;
       DROP INDEX "Post_code_key"; CREATE UNIQUE INDEX "Post_code_key" ON "Post" (code) NULLS NOT DISTINCT`,
    )
    const truth = await prismaDiff(schema, database.url)
    assert.ok(truth.isEmpty, truth.text)
    const found = await drift(schema, database.url)
    assert.deepEqual(
      found.map(({ code, severity, object, actual }) => [code, severity, object, actual]),
      [['index-definition', 'information', 'Post_slug_key', 'unique btree (slug) nulls not distinct']],
    )
  })

  it('a domain over a domain, and a domain that the schema itself names, are information', async () => {
    const schema = SCHEMA.replace('slug     String @unique', 'slug     String @unique\n  word Unsupported("word")')
    const database = await createFromSchema(server, schema.replace('Unsupported("word")', 'String'))
    await database.query(
      `CREATE DOMAIN word AS text; CREATE DOMAIN other AS word;
       ALTER TABLE "Post" ALTER COLUMN slug TYPE other, ALTER COLUMN word TYPE word`,
    )
    const truth = await prismaDiff(schema, database.url)
    assert.match(truth.text, /Altered column `slug` \(type changed\)[^]*Altered column `word` \(type changed\)/)
    const found = await drift(schema, database.url)
    assert.deepEqual(
      found.map(({ code, severity, column, actual }) => [code, severity, column, actual]),
      [
        ['column-type', 'information', 'slug', 'other, a domain over text'],
        ['column-type', 'information', 'word', 'word, a domain over text'],
      ],
    )
  })
})
