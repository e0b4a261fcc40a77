import assert from 'node:assert/strict'
import { prismaDiff } from '../../support/oracle'
import { usePostgres } from '../../support/postgres'
import { createFromSchema, describe as text, drift } from './compare-support'

const MODELS = (schemas: string, models: string) => `datasource db {
  provider = "postgresql"
  schemas  = [${schemas}]
}
generator client {
  provider        = "prisma-client-js"
  previewFeatures = ["partialIndexes"]
}
${models}`

describe('compare: names of several schemas in expressions', () => {
  const server = usePostgres()

  it('are qualified outside of the default schema, as Prisma reads them', async () => {
    const database = await server.createDatabase(
      `CREATE SCHEMA auth;
       CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql AS 'SELECT gen_random_uuid()';
       CREATE FUNCTION own_uid() RETURNS uuid LANGUAGE sql AS 'SELECT gen_random_uuid()';
       CREATE TYPE auth."Role" AS ENUM ('A', 'B'); CREATE TYPE "Role" AS ENUM ('A', 'B');
       CREATE TABLE auth."Session" (id int CONSTRAINT "Session_pkey" PRIMARY KEY, a uuid NOT NULL DEFAULT auth.uid(),
         b uuid NOT NULL DEFAULT own_uid(), role auth."Role" NOT NULL DEFAULT 'A', roles auth."Role"[] DEFAULT ARRAY['A']::auth."Role"[], other "Role" NOT NULL DEFAULT 'B');
       CREATE INDEX of_a ON auth."Session" (id) WHERE role = 'A'; CREATE INDEX of_b ON auth."Session" (id) WHERE other = 'A'`,
    )
    const schema = MODELS(
      '"auth", "public"',
      `model Session {
  id    Int      @id
  a     String   @default(dbgenerated("auth.uid()")) @db.Uuid
  b     String   @default(dbgenerated("own_uid()")) @db.Uuid
  role  Role     @default(A)
  roles Role[]   @default([A])
  other OwnRole  @default(B)
  @@index([id], map: "of_a", where: raw("role = 'A'"))
  @@index([id], map: "of_b", where: raw("other = 'A'"))
  @@schema("auth")
}
enum Role {
  A
  B
  @@schema("auth")
}
enum OwnRole {
  A
  B
  @@map("Role")
  @@schema("public")
}
`,
    )
    const truth = await prismaDiff(schema, database.url)
    assert.ok(truth.isEmpty, truth.text)
    const found = await drift(schema, database.url)
    assert.deepEqual(found, [], text(found))
  })

  it('belong to the default schema where that is none of the project', async () => {
    const database = await server.createDatabase(
      `CREATE SCHEMA app; CREATE FUNCTION make_uuid() RETURNS uuid LANGUAGE sql AS 'SELECT gen_random_uuid()';
       CREATE FUNCTION app.make_uuid() RETURNS uuid LANGUAGE sql AS 'SELECT gen_random_uuid()';
       CREATE TABLE app."T" (id int CONSTRAINT "T_pkey" PRIMARY KEY, a uuid NOT NULL DEFAULT make_uuid(), b uuid NOT NULL DEFAULT make_uuid(), c uuid NOT NULL DEFAULT app.make_uuid())`,
    )
    const schema = MODELS(
      '"app"',
      `model T {
  id Int    @id
  a  String @default(dbgenerated("make_uuid()")) @db.Uuid
  b  String @default(dbgenerated("public.make_uuid()")) @db.Uuid
  c  String @default(dbgenerated("make_uuid()")) @db.Uuid
  @@schema("app")
}
`,
    )
    const truth = await prismaDiff(schema, database.url)
    assert.match(truth.text, /column `b`/)
    assert.match(truth.text, /column `c`/)
    assert.doesNotMatch(truth.text, /column `a`/)
    const found = await drift(schema, database.url)
    assert.deepEqual(
      found.map(({ code, severity, column }) => `${severity} ${code} ${column ?? ''}`),
      ['information column-default b', 'warning column-default c'],
    )
  })

  it('that begin with an underscore are not read by Prisma in defaults, which is information', async () => {
    const schema = MODELS(
      '"public", "_own"',
      `model Log {
  id    Int    @id @default(autoincrement())
  role  Role   @default(A)
  roles Role[] @default([A])
  kind  Kind   @default(B)
  word  Kind   @default(A)
  @@map("_log")
  @@schema("public")
}
model Quoted {
  id Int @id @default(autoincrement())
  @@map("_Quoted")
  @@schema("public")
}
model Inside {
  id Int @id @default(autoincrement())
  @@map("in_side")
  @@schema("_own")
}
enum Role {
  A
  @@map("_role")
  @@schema("public")
}
enum Kind {
  A @map("::_a")
  B
  @@schema("public")
}
`,
    )
    const database = await createFromSchema(server, schema)
    const { text: truth } = await prismaDiff(schema, database.url)
    const toPrisma = [...truth.matchAll(/Altered column `(\w+)`/g)].map(([, name]) => name)
    const found = await drift(schema, database.url)
    assert.deepEqual(found.map(({ column }) => column).sort(), toPrisma.sort())
    assert.deepEqual(toPrisma, ['id', 'id', 'role', 'roles'])
    assert.ok(found.every(({ code, severity }) => code === 'column-default' && severity === 'information'))
  })

  it('may hold apostrophes, backslashes and whatever else Prisma itself can write', async () => {
    const names = [
      'do.t',
      '🦜',
      'back\\slash',
      'dol$lar',
      'per%cent',
      "apo's",
      'Sp ace',
      'select',
      '日本語',
      '::cast',
      '{}',
      '[]',
      '$$',
    ]
    const schema = MODELS(
      '"public"',
      names
        .map((name, place) => [JSON.stringify(name), JSON.stringify(`E${name}`), String(place)] as const)
        .map(
          ([name, enumName, place]) => `model M${place} {
  id    Int      @id @default(autoincrement()) @map(${name})
  text  String   @default(${name})
  words String[] @default([${name}, "a,b", "{}", ""])
  moods E${place}[] @default([A, B])
  @@index([text], where: { text: ${name} }, map: "w${place}")
  @@map(${name})
  @@schema("public")
}
enum E${place} {
  A
  B
  @@map(${enumName})
  @@schema("public")
}
`,
        )
        .join(''),
    )
    const database = await createFromSchema(server, schema)
    const truth = await prismaDiff(schema, database.url)
    assert.ok(truth.isEmpty, truth.text)
    const found = await drift(schema, database.url)
    assert.deepEqual(found, [], text(found))
  })
})
