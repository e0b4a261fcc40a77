import assert from 'node:assert/strict'
import { rollBack } from '../../../server/src/migration/run/roll-back'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { usePostgres } from '../../support/postgres'
import { createProject } from './support/project'

const SCHEMA = `datasource db {\n  provider = "postgresql"\n}
model User {\n  id Int @id\n}
model Lead {\n  id String @id @db.Citext\n}
model Place {\n  id Int @id\n  path Unsupported("ltree")\n}
model Both {\n  id String @db.Citext\n  n Int\n  @@id([id, n])\n}\n`

/** More rows than a page of copied values; one in the next page comes earlier as text than as citext. */
const ROWS = 4010
const DDL = `
  CREATE SCHEMA ext; CREATE EXTENSION citext SCHEMA ext; CREATE EXTENSION ltree SCHEMA public;
  CREATE TABLE "User" (id int CONSTRAINT "User_pkey" PRIMARY KEY); INSERT INTO "User" VALUES (1), (2);
  CREATE TABLE "Lead" (id ext.citext CONSTRAINT "Lead_pkey" PRIMARY KEY);
  CREATE TABLE "Place" (id int CONSTRAINT "Place_id_key" UNIQUE, path ltree CONSTRAINT "Place_pkey" PRIMARY KEY);
  CREATE TABLE "Both" (id ext.citext, n int, CONSTRAINT "Both_pkey" PRIMARY KEY (id, n));
  INSERT INTO "Lead" SELECT CASE i % 2 WHEN 0 THEN 'k' ELSE 'K' END || lpad(i::text, 5, '0') FROM generate_series(1, ${ROWS}) AS i;
  INSERT INTO "Both" SELECT CASE i % 2 WHEN 0 THEN 'k' ELSE 'K' END || lpad((i / 3)::text, 5, '0'), i FROM generate_series(1, ${ROWS}) AS i;
  INSERT INTO "Place" SELECT i, ('Top.place' || i)::ltree FROM generate_series(1, 20) AS i`

describe('keys of types of extensions', () => {
  const server = usePostgres()

  it('are compared by the operators of their extension: no value is lost over a rollback, wherever the extension is', async () => {
    const project = await createProject(server, {
      schema: SCHEMA,
      policy: { rules: [{ models: ['Lead', 'Place', 'Both'], require: ['ownerId'] }] },
      ddl: DDL,
      databaseOptions: `LC_COLLATE 'C' LC_CTYPE 'C'`,
    })
    const { url } = project
    const up = async () => await runPlan({ url, plan: await project.plan(), preservedValues: 'put back' })
    const tables = ['Lead', 'Place', 'Both']
    const written = async () =>
      await Promise.all(
        tables.map((table) =>
          project.database.query(
            `SELECT count(*)::int AS of_two, count("ownerId")::int AS given FROM "${table}" WHERE "ownerId" IS DISTINCT FROM 1`,
          ),
        ),
      )
    await up()
    for (const table of tables) {
      await project.database.query(
        `WITH one AS (SELECT ctid FROM "${table}" LIMIT 1) UPDATE "${table}" SET "ownerId" = CASE WHEN ctid = (SELECT ctid FROM one) THEN NULL ELSE 2 END`,
      )
    }
    const before = await written()
    assert.deepEqual(before.flat(), [
      { of_two: ROWS, given: ROWS - 1 },
      { of_two: 20, given: 19 },
      { of_two: ROWS, given: ROWS - 1 },
    ])
    await rollBack({ url })
    await up()
    assert.deepEqual(await written(), before)
  })
})
