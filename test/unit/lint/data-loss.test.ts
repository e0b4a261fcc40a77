import { LEAD, PSQL, useLinter } from './support'

describe('lint: destructive and breaking', () => {
  const { check } = useLinter()

  it('drops', () => {
    check('DROP TABLE "Lead";', ['drop-table'])
    check(`${LEAD}DROP TABLE "Lead";`, [])
    check('DROP TABLE "Lead" CASCADE;', ['drop-table', 'drop-cascade'])
    check('ALTER TABLE "Lead" DROP COLUMN "email";', ['drop-column'])
    check('ALTER TABLE "Lead" DROP COLUMN "email" CASCADE;', ['drop-column', 'drop-cascade'])
    check('ALTER TABLE "Lead" ADD COLUMN "temp" TEXT; ALTER TABLE "Lead" DROP COLUMN "temp";', [])
    check('DROP SCHEMA "old";', ['drop-schema'])
    check('DROP DATABASE "app";', ['drop-database'])
    check('DROP TYPE "Role";', ['drop-type'])
    check('CREATE TYPE "Role" AS ENUM (); DROP TYPE "Role";', [])
    check('DROP VIEW "v"; DROP TRIGGER "t" ON "Lead"; DROP FUNCTION f(int);', [])
  })

  it('drop-constraint, unless it is added again', () => {
    const drop = 'ALTER TABLE "Lead" DROP CONSTRAINT "Lead_ownerId_fkey";'
    check(drop, ['drop-constraint'])
    check(
      `${drop} ALTER TABLE "Lead" ADD CONSTRAINT "Lead_ownerId_fkey" FOREIGN KEY ("o") REFERENCES "User"("id") NOT VALID;`,
      [],
    )
  })

  it('renames', () => {
    check('ALTER TABLE "Lead" RENAME TO "leads";', ['rename-table'])
    check('ALTER TABLE "Lead_id_seq" RENAME TO "leads_id_seq";', [])
    check('ALTER TABLE "Lead" SET SCHEMA "crm";', ['rename-table'])
    check('ALTER TABLE "Lead" RENAME COLUMN "email" TO "mail";', ['rename-column'])
    check(`${LEAD}ALTER TABLE "Lead" RENAME COLUMN "email" TO "mail";`, [])
    check(`ALTER TYPE "Role" RENAME VALUE 'A' TO 'B';`, ['rename-enum-value'])
    check('ALTER TYPE "Role" RENAME TO "Kind";', ['rename-type'])
    check('ALTER TYPE "Role" SET SCHEMA "crm";', ['rename-type'])
    const made = `CREATE TYPE "Role_new" AS ENUM ('A');`
    check(`${made} ALTER TYPE "Role" RENAME TO "Role_old"; ALTER TYPE "Role_new" RENAME TO "Role";`, [])
    check(`ALTER TYPE "Role" RENAME TO "Role_old"; CREATE TYPE "Role" AS ENUM ('A');`, [])
    check(`CREATE TYPE "Role" AS ENUM ('A'); ALTER TYPE "Role" RENAME TO "Kind";`, [])
    check('ALTER INDEX "a" RENAME TO "b"; ALTER TABLE "Lead" RENAME CONSTRAINT "a" TO "b";', [])
  })

  it('rows', () => {
    check('TRUNCATE "Lead";', ['truncate'])
    check(`${LEAD}TRUNCATE "Lead";`, [])
    check('DELETE FROM "Lead";', ['delete-without-where'])
    check('DELETE FROM "Lead" WHERE "id" = 1;', [])
    check('DELETE FROM "Lead" USING "User";', ['delete-without-where'])
    check('DELETE FROM "Lead" USING "User" WHERE "User"."id" = "Lead"."ownerId";', [])
    check('UPDATE "Lead" SET "x" = 1 FROM "User";', ['update-without-where'])
    check('WITH gone AS (DELETE FROM "Lead" RETURNING *) INSERT INTO "Old" SELECT * FROM gone;', [
      'delete-without-where',
    ])
    check('WITH all_of AS (UPDATE "Lead" SET "x" = 1 RETURNING *) SELECT 1 FROM all_of;', ['update-without-where'])
    check('CREATE RULE r AS ON DELETE TO "View" DO INSTEAD DELETE FROM "Lead";', [])
    check('DROP OWNED BY app, CURRENT_USER;', ['drop-owned'])
    check('REASSIGN OWNED BY app TO other;', [])
    check('UPDATE "Lead" SET "x" = 1;', ['update-without-where'])
    check('UPDATE "Lead" SET "x" = 1 WHERE "x" IS NULL;', [])
    check(`${LEAD}UPDATE "Lead" SET "email" = $$a$$;`, [])
  })

  it('rows, by a condition that is always true', () => {
    for (const always of [
      'true',
      "'t'",
      "'true'::boolean",
      'NOT false',
      '1 = 1',
      "'a' <> 'b'",
      '1 >= 1',
      'true IS TRUE',
      '"x" > 1 OR true',
      'true AND (1 = 1 OR "x" IS NULL)',
      '"x" = "x"',
      '"Lead"."x" >= "Lead"."x"',
      '"x" IS NOT DISTINCT FROM "x"',
      '"x" = "x" AND "y" <= "y"',
      '"x" > 1 OR "y" = "y"',
    ]) {
      check(`DELETE FROM "Lead" WHERE ${always};`, ['delete-without-where'])
      check(`UPDATE "Lead" SET "x" = 1 WHERE ${always};`, ['update-without-where'])
    }
    for (const other of [
      'false',
      '1 = 2',
      '"x" = 1',
      '"x" = "y"',
      '"x" <> "x"',
      '"x" > "x"',
      '"Lead"."x" = "x"',
      'NOT "x" = "x"',
      '"x" = "x" AND "y" > 1',
      '"x" IS NOT NULL',
      'true AND "x" > 1',
      'NOT true',
      'NULL',
      '1 > 1',
      'CURRENT_USER = $$app$$',
      '"x" IN (1)',
      "'a'::text = 'b'::text",
      'EXISTS (SELECT 1)',
    ]) {
      check(`DELETE FROM "Lead" WHERE ${other};`, [])
      check(`UPDATE "Lead" SET "x" = 1 WHERE ${other};`, [])
    }
    check('DELETE FROM "Lead" USING "User" WHERE true;', ['delete-without-where'])
    check(
      'DELETE FROM "Lead" WHERE true; ALTER TABLE "Lead" ADD COLUMN "x" TEXT NOT NULL;',
      ['delete-without-where'],
      PSQL,
    )
    check(`${LEAD}DELETE FROM "Lead" WHERE true;`, [])
    // What is NULL stays.
    check(
      'DELETE FROM "Lead" WHERE "x" = "x"; ALTER TABLE "Lead" ADD COLUMN "y" TEXT NOT NULL;',
      ['delete-without-where', 'required-column'],
      PSQL,
    )
  })

  it('rows, by MERGE', () => {
    const merge = (on: string, clauses: string) => `MERGE INTO "Lead" l USING "Gone" g ON ${on} ${clauses};`
    check(merge('true', 'WHEN MATCHED THEN DELETE'), ['delete-without-where'])
    check(merge('1 = 1', 'WHEN MATCHED THEN UPDATE SET "x" = 1'), ['update-without-where'])
    check(merge('l."id" = g."id"', 'WHEN MATCHED THEN DELETE'), [])
    check(merge('true', 'WHEN MATCHED AND l."x" > 1 THEN DELETE'), [])
    check(merge('l."id" = g."id"', 'WHEN NOT MATCHED BY SOURCE THEN DELETE'), ['delete-without-where'])
    check(merge('l."id" = g."id"', 'WHEN NOT MATCHED BY SOURCE AND l."x" > 1 THEN DELETE'), [])
    check(merge('l."id" = g."id"', 'WHEN NOT MATCHED THEN INSERT DEFAULT VALUES'), [])
    check(LEAD + merge('true', 'WHEN MATCHED THEN DELETE'), [])
  })
})
