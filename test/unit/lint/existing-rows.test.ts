import assert from 'node:assert/strict'
import { databaseOf, tableOf } from '../audit/database-builder'
import { LEAD, PSQL, useLinter } from './support'

describe('lint: what depends on the rows that are there', () => {
  const { check, lint } = useLinter()

  it('unique-may-fail', () => {
    check('CREATE UNIQUE INDEX CONCURRENTLY "u" ON "Lead"("email");', ['unique-may-fail'])
    check('ALTER TABLE "Lead" ADD COLUMN "code" TEXT; CREATE UNIQUE INDEX "u" ON "Lead"("code");', [
      'index-not-concurrent',
    ])
    const add = (type: string) =>
      `ALTER TABLE "Lead" ADD COLUMN "code" ${type}; CREATE UNIQUE INDEX "u" ON "Lead"("code");`
    check(add('TEXT DEFAULT gen_random_uuid()::text'), ['volatile-default', 'index-not-concurrent'])
    check(add(`TEXT DEFAULT 'a'`), ['index-not-concurrent', 'unique-may-fail'])
    check('CREATE UNIQUE INDEX CONCURRENTLY "u" ON "Lead"("id", "email");', [])
    const database = databaseOf([tableOf('Lead', ['email text'])])
    check('CREATE UNIQUE INDEX CONCURRENTLY "u" ON "Lead"("email", "id");', [], { database })
    check('CREATE UNIQUE INDEX CONCURRENTLY "u" ON "Lead"("email");', ['unique-may-fail'], { database })
  })

  it('required-column', () => {
    const add = 'ALTER TABLE "Lead" ADD COLUMN "x" TEXT NOT NULL;'
    check(add, ['required-column'])
    check('ALTER TABLE "Lead" ADD COLUMN "x" TEXT NOT NULL DEFAULT $$a$$;', [])
    check('ALTER TABLE "Lead" ADD COLUMN "x" TEXT;', [])
    check(LEAD + add, [])
    check(`DELETE FROM "Lead"; ${add}`, ['delete-without-where'], PSQL)
    check(`TRUNCATE "Lead"; INSERT INTO "Lead" VALUES (1); ${add}`, ['truncate', 'required-column'], PSQL)
    const rows = (estimatedRows: number) => ({
      database: databaseOf([tableOf('Lead', [], { estimatedRows })]),
      trustSizes: true,
    })
    check(add, [], rows(0))
    assert.equal(lint(add, rows(5))[0]?.severity, 'error')
  })

  it('enum-replaced, as Prisma takes a value away, is one finding', () => {
    check(
      `CREATE TYPE "Role_new" AS ENUM ('A');
       ALTER TABLE "User" ALTER COLUMN "role" DROP DEFAULT;
       ALTER TABLE "User" ALTER COLUMN "role" TYPE "Role_new" USING ("role"::text::"Role_new");
       ALTER TYPE "Role" RENAME TO "Role_old";
       ALTER TYPE "Role_new" RENAME TO "Role";
       DROP TYPE "Role_old";
       ALTER TABLE "User" ALTER COLUMN "role" SET DEFAULT 'A';`,
      ['enum-replaced'],
    )
  })

  it('enum-value-in-same-transaction', () => {
    const add = `ALTER TYPE "Role" ADD VALUE 'OWNER';\n`
    check(`${add}ALTER TABLE "User" ALTER COLUMN "role" SET DEFAULT 'OWNER';`, ['enum-value-in-same-transaction'])
    check(`${add}ALTER TABLE "User" ALTER COLUMN "role" SET DEFAULT 'ADMIN';`, [])
    check(`${add}ALTER TABLE "User" ALTER COLUMN "role" SET DEFAULT 'OWNER';`, [], PSQL)
    check(`${add}ALTER TYPE "Role" ADD VALUE 'GUEST';`, [])
  })
})

describe('lint: what is there already', () => {
  const { check } = useLinter()
  const database = databaseOf([tableOf('Lead', ['email integer'])])
  const create = 'CREATE TABLE IF NOT EXISTS "Lead" ("id" INT, "email" INT);'

  it('stays an old table behind CREATE TABLE IF NOT EXISTS', () => {
    const index = 'CREATE INDEX "i" ON "Lead"("email");'
    check(`${create}${index}`, [])
    check(`${create}${index}`, ['index-not-concurrent'], { database })
    check(`CREATE TABLE IF NOT EXISTS "Lead" AS SELECT 1 AS "email";${index}`, ['index-not-concurrent'], { database })
    check(`CREATE TABLE IF NOT EXISTS "Other" ("id" INT); CREATE INDEX "i" ON "Other"("id");`, [], { database })
  })

  it('may hold duplicates for a partial unique index, too', () => {
    check('CREATE UNIQUE INDEX CONCURRENTLY "i" ON "Lead"("email") WHERE "email" IS NOT NULL;', ['unique-may-fail'])
  })
})
