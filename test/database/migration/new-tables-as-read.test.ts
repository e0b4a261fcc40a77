import assert from 'node:assert/strict'
import type { DatabaseModel, Table } from '../../../server/src/database/model'
import { expectedDatabase } from '../../../server/src/expected/expected-database'
import { findMissingObjects } from '../../../server/src/migration/plan/drift/missing-objects'
import { withNewTables } from '../../../server/src/migration/plan/drift/new-tables'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import { prismaDdl } from '../../support/oracle'
import { usePostgres } from '../../support/postgres'
import { readStructure } from './support/drift'

/** Every native type, lists, numbers from sequences, keys of each form, in two schemas, and a join table. */
const SCHEMA = `datasource db {
  provider   = "postgresql"
  schemas    = ["public", "other"]
  extensions = [citext(schema: "other")]
}
generator client {
  provider        = "prisma-client"
  previewFeatures = ["postgresqlExtensions", "partialIndexes"]
}
enum Mood {
  GOOD
  BAD
  @@map("the mood")
  @@schema("other")
}
enum State {
  OPEN
  @@schema("public")
}
model User {
  id    Int    @id @default(autoincrement())
  boss  User?  @relation("boss", fields: [bossId], references: [id], onDelete: Cascade, onUpdate: NoAction)
  team  User[] @relation("boss")
  bossId Int?
  notes Note[]
  types Types[]
  @@map("the users")
  @@schema("other")
}
model Tag {
  a     String @db.VarChar(30)
  b     State  @default(OPEN)
  moods Mood[] @default([GOOD])
  mood  Mood?
  @@id([a, b], map: "tag key")
  @@unique([b, a])
  @@schema("public")
}
model Types {
  id Int      @id @db.SmallInt
  users User[]
  b  Int      @default(autoincrement())
  c  BigInt   @default(autoincrement())
  d  Float    @db.Real
  e  Float    @default(1.5)
  f  Decimal  @db.Decimal(8, 2)
  g  Decimal  @db.Money
  h  String   @db.Char(3)
  i  String?  @db.Bit(4)
  j  String   @db.VarBit(9)
  k  String   @db.Uuid
  l  String   @db.Xml
  m  String   @db.Inet
  n  String   @db.Citext
  o  DateTime @db.Timestamp(0)
  p  DateTime @default(now()) @db.Timestamptz(6)
  q  DateTime @db.Time(3)
  r  DateTime @db.Timetz
  s  DateTime @db.Date
  t  Json     @db.Json
  u  Json     @default("{}")
  v  Bytes
  w  Boolean  @default(true)
  x  String[] @default(["a"])
  y  Decimal[] @db.Decimal(8, 2)
  z  String[] @db.VarChar(5)
  @@schema("public")
}
model Note {
  id     String @id @default(uuid())
  userId Int
  user   User   @relation(fields: [userId], references: [id])
  text   String
  @@index([text], type: Hash)
  @@index([userId], map: "few", where: raw("(\\"userId\\" > 0)"))
  @@index([text, userId(sort: Desc)])
  @@schema("public")
}
`

describe('tables that a plan creates', () => {
  const server = usePostgres()

  it('are to the rest of the plan what they are once Prisma has created them and they are read', async () => {
    const parsed = parseSchema([{ path: 'schema.prisma', text: SCHEMA }])
    const before = await server.createDatabase('CREATE SCHEMA other; CREATE EXTENSION citext SCHEMA other')
    const empty = await readStructure(SCHEMA, before.url)
    const { tables } = findMissingObjects(expectedDatabase(parsed), empty, undefined)
    const planned = withNewTables(empty, tables)
    assert.ok(planned.tables.every(({ isNew, canAlter, rowSecurity }) => isNew === true && canAlter && !rowSecurity))
    const made = await server.createDatabase(`SET search_path = public, other; ${await prismaDdl(SCHEMA, server.url)}`)
    assert.deepEqual(comparable(planned), comparable(await readStructure(SCHEMA, made.url)))
  })
})

/** Without sizes, and without what the plan of audit fields does not look at: how defaults, indexes and types are spelled. */
function comparable({ tables }: DatabaseModel) {
  const sorted = <Item extends { readonly name: string }>(items: readonly Item[]) =>
    [...items].sort((a, b) => (a.name < b.name ? -1 : 1))
  const label = ({ schema, name }: Table) => `${schema}.${name}`
  return [...tables]
    .sort((a, b) => (label(a) < label(b) ? -1 : 1))
    .map(({ isNew, ...table }) => ({
      ...table,
      ...(isNew === true ? {} : { estimatedRows: 0, totalBytes: 0 }),
      columns: table.columns.map((column) => ({
        ...column,
        type: column.typeSchema === 'pg_catalog' ? column.type : column.typeName,
        default: column.default !== null,
      })),
      indexes: sorted(table.indexes).map((index) => ({ ...index, columns: index.columns.map(({ column }) => column) })),
      foreignKeys: sorted(table.foreignKeys),
    }))
}
