import assert from 'node:assert/strict'
import { planMigration } from '../../../server/src/migration/plan/plan-migration'
import { rollBack } from '../../../server/src/migration/run/roll-back'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { usePostgres } from '../../support/postgres'
import { dump } from './support/dump'
import { createProject } from './support/project'
import { checkVerified } from './support/verified'

const SCHEMA = `datasource db {
  provider = "postgresql"
}
model User {
  id Int @id
}
model Sale {
  id Int
  day DateTime @db.Date
  customerId Int?
  @@id([id, day])
}
model Cache {
  id Int @id @default(autoincrement())
  twice Int? @default(dbgenerated())
  mood String?
}
model Booking {
  id Int @id
  room Int
  during Unsupported("int4range")
}
model Ruled {
  id Int @id
}
`

/** What large installations have, all of it in one database. */
const DDL = `
  CREATE TABLE "User" (id integer NOT NULL CONSTRAINT "User_pkey" PRIMARY KEY);
  CREATE TABLE "Sale" (id integer NOT NULL, day date NOT NULL, "customerId" integer REFERENCES "User" ON DELETE CASCADE,
    CONSTRAINT "Sale_pkey" PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
  CREATE TABLE "Sale_1" PARTITION OF "Sale" FOR VALUES FROM ('2026-01-01') TO ('2026-07-01');
  CREATE TABLE "Sale_2" PARTITION OF "Sale" DEFAULT;
  CREATE TYPE mood AS ENUM ('calm', 'wild'); CREATE DOMAIN steady AS mood CHECK (VALUE = 'calm');
  CREATE UNLOGGED TABLE "Cache" (id integer GENERATED ALWAYS AS IDENTITY CONSTRAINT "Cache_pkey" PRIMARY KEY,
    twice integer GENERATED ALWAYS AS (2 * 21) STORED, mood steady);
  CREATE TABLE "Booking" (id integer NOT NULL CONSTRAINT "Booking_pkey" PRIMARY KEY, room integer NOT NULL, during int4range NOT NULL,
    EXCLUDE USING gist (during WITH &&)) WITH (fillfactor = 70);
  CREATE TABLE "Ruled" (id integer NOT NULL CONSTRAINT "Ruled_pkey" PRIMARY KEY)`

const ROWS = `
  INSERT INTO "User" SELECT generate_series(1, 3);
  INSERT INTO "Sale" SELECT i, date '2026-01-01' + i, 1 + i % 3 FROM generate_series(1, 300) AS i;
  INSERT INTO "Cache" (mood) SELECT 'calm' FROM generate_series(1, 30);
  INSERT INTO "Booking" SELECT i, i, int4range(i, i + 1) FROM generate_series(1, 30) AS i;
  INSERT INTO "Ruled" SELECT generate_series(1, 5);
  CREATE MATERIALIZED VIEW per_day AS SELECT day, count(*) AS sales FROM "Sale" GROUP BY day; CREATE UNIQUE INDEX ON per_day (day);
  CREATE VIEW booked AS SELECT * FROM "Booking";
  CREATE PUBLICATION everything FOR ALL TABLES`

describe('what large installations have', () => {
  const server = usePostgres()

  it('partitions with foreign keys, unlogged, identity, generated, domains over enums, exclusion, views, publications, a tablespace: nothing is lost', async function () {
    this.timeout(600_000)
    const project = await createProject(server, {
      ...{ schema: SCHEMA, ddl: DDL, sql: ROWS },
      policy: { rules: [{ models: ['Sale', 'Cache', 'Booking'], require: ['updatedAt', 'updatedBy', 'ownerId'] }] },
    })
    const { database, url } = project
    const planOfRuled = async () =>
      planMigration({
        schema: project.schema,
        policy: { ...project.policy, rules: [{ models: ['Ruled'], require: ['updatedAt', 'ownerId'] }] },
        database: await project.catalog(),
      })
    const tablespace = `fast_${database.name}`
    await database.query(`ALTER DATABASE "${database.name}" SET allow_in_place_tablespaces = on`)
    await database.query(`CREATE TABLESPACE ${tablespace} LOCATION ''`)
    await database.query(`ALTER TABLE "Booking" SET TABLESPACE ${tablespace}`)
    const before = await dump(database, server)
    await runPlan({ url, plan: await project.plan() })
    await checkVerified(project)
    await database.query(
      `UPDATE "Sale" SET "ownerId" = 3, day = day + 200 WHERE id < 20; UPDATE "Booking" SET "updatedBy" = 2 WHERE id = 7;
       UPDATE "Cache" SET "ownerId" = NULL WHERE id = 4; REFRESH MATERIALIZED VIEW CONCURRENTLY per_day`,
    )
    const rows = async () => [
      await database.query(`SELECT id, day::text, "ownerId" FROM "Sale" ORDER BY 1`),
      await database.query(`SELECT id, "updatedBy", "ownerId" FROM "Booking" ORDER BY 1`),
      await database.query(`SELECT id, "ownerId" FROM "Cache" ORDER BY 1`),
    ]
    const written = await rows()
    await rollBack({ url })
    await runPlan({ url, plan: await project.plan(), preservedValues: 'put back' })
    assert.deepEqual(await rows(), written)
    await checkVerified(project)
    await rollBack({ url, dropData: true })
    await database.query(
      `DROP SCHEMA IF EXISTS prisma_audit_kept CASCADE; UPDATE "Sale" SET day = day - 200 WHERE id < 20; REFRESH MATERIALIZED VIEW per_day`,
    )
    assert.equal(await dump(database, server), before)
    // What a rule would swallow, or an inheriting table not get, is refused before anything is changed.
    await database.query(`CREATE RULE quiet AS ON UPDATE TO "Ruled" DO INSTEAD NOTHING`)
    await assert.rejects(
      runPlan({ url, plan: await planOfRuled() }),
      /The rule "quiet" on "public"\."Ruled" rewrites UPDATEs/,
    )
    await database.query(`CREATE TABLE chunk () INHERITS ("Ruled")`)
    assert.deepEqual(
      (await planOfRuled()).refusals.map(({ code }) => code),
      ['table-unfit'],
    )
    await database.drop()
    const other = await server.createDatabase()
    await other.query(`DROP TABLESPACE ${tablespace}`)
    await other.drop()
  })
})
