import assert from 'node:assert/strict'
import fc from 'fast-check'
import { withClient } from '../../../server/src/database/connect'
import { datasourceSettingsOf } from '../../../server/src/schema/lookup'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import { createStructure } from '../../../server/src/sandbox/create-structure'
import { fillTables, type FilledTable } from '../../../server/src/sandbox/fill-tables'
import { usePostgres, type TestDatabase } from '../../support/postgres'
import { findings } from '../compare/compare-support'
import { schemaArbitrary } from '../compare/schema-generator'

describe('a sandbox made from a schema', () => {
  const postgres = usePostgres()

  async function sandboxOf(text: string) {
    const database = await postgres.createDatabase()
    const schema = parseSchema([{ path: 'schema.prisma', text }])
    const { schemas } = datasourceSettingsOf(schema)
    const options = { schemas: schemas.length > 0 ? schemas : ['public'], defaultSchema: 'public' }
    const external = { tables: [], enums: [] }
    const filled = await withClient(database.url, {}, async (client) => {
      const structure = await createStructure(client, { schema, external, ...options })
      return await fillTables(client, structure.database)
    })
    return { database, filled }
  }

  it('has its tables as Prisma makes them, each with rows whose references and unique keys hold', async () => {
    const { database, filled } = await sandboxOf(HARD)
    try {
      assert.deepEqual(rowsOf(filled), {
        '"public"."Account"': 20,
        '"public"."Flag"': 2,
        '"public"."Post"': 20,
        '"public"."Profile"': 20,
        '"public"."Task"': 20,
        '"public"."Tenant"': 20,
        '"public"."Unknown"': '0: no value can be generated for "shape" pg_lsn',
        '"public"."Project"': 20,
        '"public"."NeedsUnknown"': '0: Unknown has no rows',
        '"public"."MayNeedUnknown"': 20,
        '"public"."Hen"': 20,
        '"public"."Egg"': 20,
        '"public"."_PostToTag"': 20,
        '"public"."Tag"': 9,
      })
      await requireWhole(database)
      const drift = await findings(HARD, database.url)
      assert.deepEqual(
        drift.filter(({ severity }) => severity !== 'hint'),
        [],
      )
      // What is inserted next does not collide with what is there.
      await database.query(`INSERT INTO "Tenant" (name) VALUES ('next')`)
      assert.deepEqual(await database.query(`SELECT name, slug FROM "Tenant" WHERE id = 2`), [
        { name: 'name 2', slug: 'slug 2' },
      ])
    } finally {
      await database.drop()
    }
  })

  it('has the extensions that a migration of the project creates, since the schema does not declare them', async () => {
    const { database, filled } = await sandboxOf(`datasource db {
  provider = "postgresql"
}
model Recipient {
  id    String @id @default(dbgenerated("uuid_generate_v4()")) @db.Uuid
  email String @db.Citext
  name  String
  @@index([name(ops: raw("gin_trgm_ops"))], type: Gin)
}`)
    try {
      assert.deepEqual(rowsOf(filled), { '"public"."Recipient"': 20 })
    } finally {
      await database.drop()
    }
  })

  it('is the same for whatever schema Prisma takes', async () => {
    await fc.assert(
      fc.asyncProperty(schemaArbitrary(), async (text) => {
        const { database, filled } = await sandboxOf(text)
        try {
          await requireWhole(database)
          for (const { table, rows, reason } of filled)
            assert.equal(rows === 0, reason !== null, `${table}: ${reason ?? ''}`)
          assert.deepEqual(
            filled.filter(({ reason }) => reason !== null && !/has no rows|no value/.test(reason)),
            [],
          )
        } finally {
          await database.drop()
        }
      }),
      { numRuns: Number(process.env.PRISMA_AUDIT_RUNS ?? 10), seed: 1 },
    )
  }).timeout(600_000)
})

/** By the server's own check, which the filling had switched off. */
async function requireWhole(database: TestDatabase): Promise<void> {
  const keys = await database.query(
    `SELECT conrelid::regclass::text AS "table", quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition
     FROM pg_constraint WHERE contype = 'f'`,
  )
  for (const { table, name, definition } of keys) {
    await database.query(`ALTER TABLE ${String(table)} DROP CONSTRAINT ${String(name)},
      ADD CONSTRAINT ${String(name)} ${String(definition)}`)
  }
}

function rowsOf(filled: readonly FilledTable[]): Record<string, number | string> {
  return Object.fromEntries(
    filled.map(({ table, rows, reason }) => [table, reason === null ? rows : `${String(rows)}: ${reason}`]),
  )
}

const HARD = `
datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}

enum Kind {
  A
  B
}

model Tenant {
  id       Int       @id @default(autoincrement())
  name     String    @unique
  slug     String    @default("two")
  accounts Account[]
  projects Project[]
  tasks    Task[]
}

model Account {
  tenantId Int
  id       String    @default(uuid())
  email    String    @unique @db.VarChar(120)
  tenant   Tenant    @relation(fields: [tenantId], references: [id])
  tasks    Task[]
  profile  Profile?
  posts    Post[]
  @@id([tenantId, id])
}

model Project {
  tenantId Int
  id       Int
  tenant   Tenant @relation(fields: [tenantId], references: [id])
  tasks    Task[]
  @@id([tenantId, id])
}

/// Two keys share a column: the account and the project have to be of one tenant.
model Task {
  id        BigInt   @id @default(autoincrement())
  tenantId  Int
  accountId String
  projectId Int
  parentId  BigInt?
  nextId    BigInt?  @unique
  due       DateTime @unique @db.Date
  share     Decimal  @unique @db.Decimal(3, 2)
  tenant    Tenant   @relation(fields: [tenantId], references: [id])
  account   Account  @relation(fields: [tenantId, accountId], references: [tenantId, id])
  project   Project  @relation(fields: [tenantId, projectId], references: [tenantId, id])
  parent    Task?    @relation("parent", fields: [parentId], references: [id])
  children  Task[]   @relation("parent")
  next      Task?    @relation("next", fields: [nextId], references: [id])
  previous  Task?    @relation("next")
}

model Profile {
  tenantId  Int
  accountId String
  code      String  @unique @db.Char(3)
  account   Account @relation(fields: [tenantId, accountId], references: [tenantId, id])
  @@id([tenantId, accountId])
}

model Post {
  id        Int      @id @default(autoincrement())
  tenantId  Int?
  authorId  String?
  author    Account? @relation(fields: [tenantId, authorId], references: [tenantId, id])
  tags      Tag[]
}

model Tag {
  letter String @id @db.Char(1)
  posts  Post[]
}

model Flag {
  id   Int  @id @default(autoincrement())
  kind Kind @unique
  on   Boolean
}

/// Neither can be inserted first.
model Hen {
  id    Int @id @default(autoincrement())
  eggId Int @unique
  egg   Egg @relation("from", fields: [eggId], references: [id])
  laid  Egg[] @relation("laid")
}

model Egg {
  id    Int  @id @default(autoincrement())
  henId Int
  hen   Hen  @relation("laid", fields: [henId], references: [id])
  from  Hen? @relation("from")
}

model Unknown {
  id    Int                    @id
  shape Unsupported("pg_lsn")
  needs NeedsUnknown[]
  may   MayNeedUnknown[]
}

model NeedsUnknown {
  id        Int     @id
  unknownId Int
  unknown   Unknown @relation(fields: [unknownId], references: [id])
}

model MayNeedUnknown {
  id        Int      @id
  unknownId Int?
  unknown   Unknown? @relation(fields: [unknownId], references: [id])
}
`
