import { said } from '../../support/said'
import assert from 'node:assert/strict'
import { describeError } from '../../../server/src/errors'
import { rollBack } from '../../../server/src/migration/run/roll-back'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { prismaDdl, prismaDiff } from '../../support/oracle'
import { usePostgres, type TestDatabase } from '../../support/postgres'
import { planMissing, readStructure, sameStructure } from './support/drift'
import { dump } from './support/dump'

describe('missing objects', () => {
  const server = usePostgres()

  it('makes a whole schema in an empty database as Prisma would, and takes it back', async () => {
    const database = await server.createDatabase()
    const before = await dump(database, server)
    const plan = await planMissing(SHOP, database.url)
    assert.deepEqual([plan.refusals, plan.warnings], [[], []])
    assert.equal((await runPlan({ url: database.url, plan })).status, 'completed')
    const byPrisma = await server.createDatabase(await prismaDdl(SHOP, server.url))
    sameStructure(await readStructure(SHOP, database.url), await readStructure(SHOP, byPrisma.url))
    assert.deepEqual(await prismaDiff(SHOP, database.url), { isEmpty: true, text: 'No difference detected.' })
    assert.deepEqual((await planMissing(SHOP, database.url)).steps, [])
    await rollBack({ url: database.url })
    assert.equal(await dump(database, server), before)
  })

  it('plans nothing beside what was likely renamed in the schema alone: tables, enums, several columns and values', async () => {
    const schema = (comment = '') => `datasource db {\n  provider = "postgresql"\n}
${comment}\nenum UserRole {\n  admin\n  viewer\n  guest\n}
${comment}\nenum Stage {\n  open\n  won\n}
enum Tone {\n  high\n  deep\n}
${comment}\nmodel Customer {\n  id Int @id\n  name String\n  role UserRole?\n}
model Deal {\n  id Int @id\n  ${comment}\n  fullName String\n  ${comment}\n  nick String\n  stage Stage\n}
model Note {\n  id Int @id\n  text String\n}\n`
    const database = await server.createDatabase(`
      CREATE TYPE "Role" AS ENUM ('admin', 'viewer'); CREATE TYPE "Stage" AS ENUM ('new', 'lost'); CREATE TYPE "Tone" AS ENUM ('plain');
      CREATE TABLE "Client" (id integer CONSTRAINT "Client_pkey" PRIMARY KEY, name text NOT NULL, role "Role");
      CREATE TABLE "Deal" (id integer CONSTRAINT "Deal_pkey" PRIMARY KEY, name text NOT NULL, alias text NOT NULL, stage "Stage" NOT NULL);
      CREATE TABLE other (id integer PRIMARY KEY, text text NOT NULL)`)
    // The type of a column is the enum that was renamed, so the tables are alike once that is mapped.
    const mapped = schema().replace('  guest\n}', '  guest\n  @@map("Role")\n}')
    const said = async (text: string) => {
      const { refusals, steps } = await planMissing(text, database.url)
      const renamed = refusals.filter(({ code }) => code === 'likely-renamed')
      return [renamed.map(({ model, object }) => `${model} ${object}`.trim()).sort(), steps.map(({ id }) => id)]
    }
    const columns = ['Deal fullName', 'Deal nick']
    const values = ['Stage open', 'Stage won']
    const note = 'create-table:public.Note'
    // One value is gone and two have come: which of them it is, nobody knows.
    const tones = ['add-enum-value:public.Tone.high', 'add-enum-value:public.Tone.deep']
    assert.deepEqual(await said(schema().replace('role UserRole?', 'role Stage?')), [
      [...columns, ...values, 'UserRole'],
      [...tones, 'create-table:public.Customer', note],
    ])
    assert.deepEqual(await said(mapped), [
      ['Customer', ...columns, ...values],
      ['add-enum-value:public.Role.guest', ...tones, note],
    ])
    const [renamed, made] = await said(schema('/// @audit-ignore renamed: new'))
    assert.deepEqual([renamed, made?.length], [[], 11])
  })

  it('adds what is missing to tables with rows: as Prisma would have made it, and every row has its value', async () => {
    const { database, byPrisma } = await damaged()
    const before = await dump(database, server)
    const plan = await planMissing(SHOP, database.url)
    assert.deepEqual(plan.refusals, [])
    assert.deepEqual(
      plan.warnings.map(({ text }) => said(text)),
      ['A rollback does not remove added enum values: PostgreSQL cannot drop an enum value.'],
    )
    assert.equal((await runPlan({ url: database.url, plan })).status, 'completed')
    sameStructure(await readStructure(SHOP, database.url), await readStructure(SHOP, byPrisma.url))
    assert.deepEqual(await prismaDiff(SHOP, database.url), { isEmpty: true, text: 'No difference detected.' })
    const rows = await database.query(
      'SELECT count(*)::int AS rows, count(DISTINCT token)::int AS tokens, count(DISTINCT number)::int AS numbers, min(state::text) AS state FROM orders',
    )
    assert.deepEqual(rows, [{ rows: 5000, tokens: 5000, numbers: 5000, state: 'open' }])
    const [next] = await database.query('INSERT INTO orders ("customerId") VALUES (1) RETURNING number')
    assert.deepEqual(next, { number: 5001 })
    await database.query(`DELETE FROM orders WHERE number = 5001; SELECT setval('orders_id_seq', 5000)`)

    await assert.rejects(rollBack({ url: database.url }), (error: Error) => {
      assert.match(describeError(error), /5,000 values in "number" of "public"\."orders"/)
      assert.doesNotMatch(describeError(error), /"state" of/, 'a constant default is nothing that anybody wrote')
      return true
    })
    await rollBack({ url: database.url, dropData: true })
    const after = (await dump(database, server))
      .replace(`'open',\n    'closed'`, `'open'`)
      .replace(`'open', 'closed'`, `'open'`)
    assert.equal(after, before)
  })

  it('makes a column of an extension that lies in a schema of its own', async () => {
    const schema = `datasource db {\n  provider = "postgresql"\n}\nmodel User {\n  id    Int      @id
  email String   @default("a") @db.Citext\n  tags  String[] @default(["b"]) @db.Citext\n}\n`
    const database = await server.createDatabase(
      'CREATE SCHEMA ext; CREATE EXTENSION citext SCHEMA ext; CREATE TABLE "User" (id int PRIMARY KEY)',
    )
    const plan = await planMissing(schema, database.url)
    assert.equal((await runPlan({ url: database.url, plan })).status, 'completed')
    assert.deepEqual(await prismaDiff(schema, database.url), { isEmpty: true, text: 'No difference detected.' })
    assert.deepEqual((await planMissing(schema, database.url)).steps, [])
  })

  it('refuses a foreign key whose name another constraint has', async () => {
    const schema = `datasource db {\n  provider = "postgresql"\n}\nmodel User {\n  id    Int    @id\n  leads Lead[]\n}
model Lead {\n  id     Int  @id\n  userId Int\n  user   User @relation(fields: [userId], references: [id])\n}\n`
    const database = await server.createDatabase(
      `CREATE TABLE "User" (id int PRIMARY KEY);
       CREATE TABLE "Lead" (id int PRIMARY KEY, "userId" int NOT NULL CONSTRAINT "Lead_userId_fkey" CHECK ("userId" > 0))`,
    )
    const { refusals, steps } = await planMissing(schema, database.url)
    assert.deepEqual(steps, [])
    assert.match(said(refusals[0]?.reason), /Another constraint of "public"\."Lead" has the name .* "Lead_userId_fkey"/)
  })

  it('refuses what would fail, before anything is changed', async () => {
    const { database } = await damaged()
    const check = async (sql: string, expected: RegExp) => {
      await database.query(`BEGIN; ${sql}; COMMIT`)
      const before = await dump(database, server)
      const plan = await planMissing(SHOP, database.url)
      await assert.rejects(runPlan({ url: database.url, plan }), (error: Error) => {
        assert.match(describeError(error), expected)
        return true
      })
      assert.equal(await dump(database, server), before)
    }
    await check(`UPDATE "Customer" SET email = 'same' WHERE id IN (1, 2)`, /Customer has duplicate values in email/)
    await check(
      `UPDATE "Customer" SET email = id::text; UPDATE orders SET "customerId" = 999 WHERE id = 7`,
      /orders has orphaned rows: their customerId does not exist in Customer/,
    )
    await check(
      `UPDATE orders SET "customerId" = 1 WHERE id = 7; ALTER TABLE "Customer" DROP COLUMN name`,
      /Customer\.name is required and has no database default, but the table has rows/,
    )
    await database.query('ANALYZE "Customer"')
    assert.deepEqual(
      (await planMissing(SHOP, database.url)).refusals.map(({ model, blocking }) => [model, blocking]),
      [['Customer', true]],
    )
  })

  it('drops no table that has rows by then, unless that was chosen', async () => {
    const database = await server.createDatabase()
    const plan = await planMissing(SHOP, database.url)
    await runPlan({ url: database.url, plan })
    await database.query(`INSERT INTO "Customer" (name) VALUES ('Ann')`)
    const before = await dump(database, server)
    await assert.rejects(rollBack({ url: database.url }), (error: Error) => {
      assert.match(describeError(error), /1 rows? in "public"\."Customer"/)
      assert.match(describeError(error), /--drop-data/)
      return true
    })
    assert.equal(await dump(database, server), before)
    await rollBack({ url: database.url, dropData: true })
    assert.deepEqual((await readStructure(SHOP, database.url)).tables, [])
  })

  /** Prisma's own database, of which much was dropped, with rows. */
  async function damaged(): Promise<{ database: TestDatabase; byPrisma: TestDatabase }> {
    const ddl = await prismaDdl(SHOP, server.url)
    const byPrisma = await server.createDatabase(ddl)
    const database = await server.createDatabase(`${ddl};
      INSERT INTO "Customer" (name, email) SELECT 'c' || i, 'e' || i FROM generate_series(1, 20) AS i;
      INSERT INTO orders ("customerId") SELECT i % 20 + 1 FROM generate_series(1, 5000) AS i;
      ALTER TABLE orders DROP CONSTRAINT "orders_customerId_fkey", DROP COLUMN number, DROP COLUMN token, DROP COLUMN state,
        DROP COLUMN placed, DROP COLUMN labels, DROP COLUMN note;
      DROP INDEX "Customer_email_key"; DROP INDEX "Customer_data_idx";
      DROP TABLE "_OrderToTag", "Tag"; DROP TYPE "Mood"; DROP TYPE order_state;
      CREATE TYPE order_state AS ENUM ('open')`)
    return { database, byPrisma }
  }
})

const SHOP = `datasource db {
  provider   = "postgresql"
  extensions = [citext]
}
generator client {
  provider        = "prisma-client-js"
  previewFeatures = ["postgresqlExtensions"]
}
enum State {
  OPEN   @map("open")
  CLOSED @map("closed")
  @@map("order_state")
}
enum Mood {
  GOOD
  BAD
}
model Customer {
  id     Int     @id @default(autoincrement())
  name   String
  email  String? @unique
  data   Json?
  orders Order[]
  friend   Customer?  @relation("friends", fields: [friendId], references: [id])
  friends  Customer[] @relation("friends")
  friendId Int?
  @@index([data(ops: JsonbPathOps)], type: Gin)
}
model Order {
  id         BigInt   @id @default(autoincrement())
  number     Int      @default(autoincrement())
  token      String   @default(dbgenerated("gen_random_uuid()")) @db.Uuid
  state      State    @default(OPEN)
  placed     DateTime @default(now())
  labels     String[] @default(["a", "it's"])
  note       String?  @db.Citext
  customerId Int
  customer   Customer @relation(fields: [customerId], references: [id], onDelete: Cascade)
  tags       Tag[]
  @@unique([number, state])
  @@index([customerId, placed(sort: Desc)])
  @@map("orders")
}
model Tag {
  slug   String  @id @db.VarChar(30)
  mood   Mood    @default(GOOD)
  weight Decimal @default(-1.5) @db.Decimal(8, 2)
  raw    Bytes   @default("AQID")
  orders Order[]
}
`
