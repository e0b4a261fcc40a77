import assert from 'node:assert/strict'
import { prismaDiff } from '../../support/oracle'
import { usePostgres } from '../../support/postgres'
import { createFromSchema, drift } from './compare-support'

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
        'column-missing: The table "Post" has no column "slug" for Post.slug. With it go: unique index "Post_slug_key", index "Post_authorId_slug_idx".',
        'column-missing: The table "Post" has no column "authorId" for Post.authorId. With it go: index "Post_authorId_slug_idx", foreign key "Post_authorId_fkey".',
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
        'The table "public"."Post" of Post is not in the database. With it go: unique index "Post_slug_key", index "Post_authorId_slug_idx", foreign key "Post_authorId_fkey".',
      ],
    )
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
