import assert from 'node:assert/strict'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { usePostgres } from '../../support/postgres'
import { planMissing } from './support/drift'
import { createProject } from './support/project'

/** How a users' table with a column `id` is made, in place of Prisma's own way. */
const USERS = {
  'primary key': 'CREATE TABLE "User" (id int PRIMARY KEY)',
  'primary key with an included column': 'CREATE TABLE "User" (id int, x int, PRIMARY KEY (id) INCLUDE (x))',
  'deferrable primary key': 'CREATE TABLE "User" (id int PRIMARY KEY DEFERRABLE)',
  'deferred constraint': 'CREATE TABLE "User" (id int NOT NULL UNIQUE DEFERRABLE INITIALLY DEFERRED)',
  'deferrable primary key and a unique index':
    'CREATE TABLE "User" (id int PRIMARY KEY DEFERRABLE); CREATE UNIQUE INDEX u ON "User" (id)',
  'unique index': 'CREATE TABLE "User" (id int NOT NULL); CREATE UNIQUE INDEX u ON "User" (id DESC)',
  'plain index': 'CREATE TABLE "User" (id int NOT NULL); CREATE INDEX u ON "User" (id)',
  'partial index': 'CREATE TABLE "User" (id int NOT NULL); CREATE UNIQUE INDEX u ON "User" (id) WHERE id > 0',
  'index of an expression': 'CREATE TABLE "User" (id int NOT NULL); CREATE UNIQUE INDEX u ON "User" ((id + 0))',
  'index of two columns': 'CREATE TABLE "User" (id int NOT NULL, x int); CREATE UNIQUE INDEX u ON "User" (id, x)',
  'invalid index': `CREATE TABLE "User" (id int NOT NULL); CREATE UNIQUE INDEX u ON "User" (id);
    UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'u'::regclass`,
  'exclusion constraint': 'CREATE TABLE "User" (id int NOT NULL, EXCLUDE USING btree (id WITH =))',
  'partitioned table': `CREATE TABLE "User" (id int PRIMARY KEY) PARTITION BY HASH (id);
    CREATE TABLE part PARTITION OF "User" FOR VALUES WITH (MODULUS 1, REMAINDER 0)`,
  'partitioned table whose index lacks a partition': `CREATE TABLE "User" (id int NOT NULL) PARTITION BY HASH (id);
    CREATE TABLE part PARTITION OF "User" FOR VALUES WITH (MODULUS 1, REMAINDER 0); CREATE UNIQUE INDEX u ON ONLY "User" (id)`,
  partition: `CREATE TABLE parent (id int PRIMARY KEY) PARTITION BY HASH (id);
    CREATE TABLE "User" PARTITION OF parent FOR VALUES WITH (MODULUS 1, REMAINDER 0)`,
  'foreign table': `CREATE FOREIGN DATA WRAPPER f; CREATE SERVER s FOREIGN DATA WRAPPER f;
    CREATE FOREIGN TABLE "User" (id int NOT NULL) SERVER s`,
  view: 'CREATE VIEW "User" AS SELECT 1 AS id',
  'materialized view': 'CREATE MATERIALIZED VIEW "User" AS SELECT 1 AS id; CREATE UNIQUE INDEX u ON "User" (id)',
}

describe('keys that a foreign key can reference', () => {
  const server = usePostgres()
  const lead = (rest: string) => `datasource db {\n  provider = "postgresql"\n}
model User {\n  id Int @id\n  leads Lead[]\n}\nmodel Lead {\n  id Int @id\n${rest}}\n`

  for (const [name, ddl] of Object.entries(USERS)) {
    it(`${name}: refused in the plan exactly where PostgreSQL would refuse it in the middle of a run`, async () => {
      const project = await createProject(server, {
        schema: lead(''),
        ddl: `${ddl}; CREATE TABLE "Lead" (id int PRIMARY KEY, by int)`,
        policy: { rules: [{ models: ['Lead'], require: ['ownerId'] }] },
      })
      const said = await project.database
        .query('ALTER TABLE "Lead" ADD CONSTRAINT probe FOREIGN KEY (by) REFERENCES "User" (id)')
        .then(
          () => null,
          (error: unknown) => String(error),
        )
      await project.database.query('ALTER TABLE "Lead" DROP CONSTRAINT IF EXISTS probe')
      const plan = await project.plan()
      const codes = plan.refusals.map(({ code }) => code)
      assert.deepEqual(codes, said === null ? [] : ['user-key-unfit'], said ?? JSON.stringify(plan.refusals))
      if (said === null) assert.equal((await runPlan({ url: project.url, plan })).status, 'completed')

      // The same for a relation that the schema has and the database lacks.
      const related = lead('  by Int?\n  user User? @relation(fields: [by], references: [id])\n')
      const drift = await planMissing(related, project.url)
      const ofKey = drift.refusals.filter(({ object }) => object === 'Lead_by_fkey').map(({ code }) => code)
      assert.deepEqual(ofKey, said === null ? [] : ['reference-missing'], said ?? JSON.stringify(drift.refusals))
      assert.equal(
        drift.steps.some(({ kind }) => kind === 'add-foreign-key'),
        said === null,
      )
    })
  }
})
