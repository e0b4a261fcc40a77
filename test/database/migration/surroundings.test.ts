import { said } from '../../support/said'
import { inPlainEnglish } from '../../../server/src/text/phrase'
import assert from 'node:assert/strict'
import { parsePolicy } from '../../../server/src/audit-fields/parse-policy'
import { planMigration } from '../../../server/src/migration/plan/plan-migration'
import { withClient } from '../../../server/src/database/connect'
import { readSurroundings } from '../../../server/src/database/table-surroundings'
import { costRemarks } from '../../../server/src/migration/plan/cost'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { judgeSurroundings, tablesOfPlan } from '../../../server/src/migration/plan/judge-surroundings'
import { usePostgres } from '../../support/postgres'
import { createProject, type TestProject } from './support/project'

const MODELS = ['Plain', 'Ruled', 'Untouched', 'Redirected', 'Published', 'Nameless', 'Spread']

describe('what stands around the tables of a plan', () => {
  const server = usePostgres()
  const judge = async (project: TestProject) => {
    const plan = await project.plan()
    const around = await withClient(project.url, {}, (client) => readSurroundings(client, tablesOfPlan(plan)))
    return { plan, around, judged: judgeSurroundings(plan, around) }
  }

  it('is told before the first step: rules, publications, replica identity, Citus', async () => {
    const project = await createProject(server, {
      schema: [
        'datasource db {\n  provider = "postgresql"\n}\nmodel User {\n  id Int @id\n}',
        ...MODELS.map((name) => `model ${name} {\n  id Int @id\n  note String?\n}`),
      ].join('\n'),
      policy: {
        rules: [
          { models: MODELS.filter((name) => name !== 'Untouched'), require: ['updatedAt', 'ownerId'] },
          { models: ['Untouched'], require: ['updatedBy'] },
        ],
      },
      sql: `
        CREATE RULE keep AS ON UPDATE TO "Untouched" DO INSTEAD NOTHING;
        CREATE RULE keep AS ON UPDATE TO "Ruled" DO INSTEAD NOTHING;
        CREATE RULE "else where" AS ON INSERT TO "Redirected" DO INSTEAD INSERT INTO "Plain" VALUES (NEW.id, NEW.note);
        ALTER TABLE "Nameless" REPLICA IDENTITY NOTHING;
        CREATE PUBLICATION pub FOR TABLE "Published", "Nameless";
        CREATE PUBLICATION listed FOR TABLE "Plain" (id), "Published" (id);
        SET allow_system_table_mods = on;
        CREATE TABLE pg_catalog.pg_dist_partition (logicalrelid regclass PRIMARY KEY, partmethod "char");
        INSERT INTO pg_catalog.pg_dist_partition VALUES ('"Spread"', 'h');`,
    })
    const { around, judged } = await judge(project)
    assert.deepEqual(
      judged.refusals.map(({ model, reason, blocking }) => [model, said(reason).split('. ')[0], blocking]).sort(),
      [
        [
          'Nameless',
          'Nameless is published (pub) and has no replica identity, so PostgreSQL rejects every UPDATE',
          true,
        ],
        ['Ruled', 'Ruled has the rule keep on UPDATE', true],
        ['Spread', 'Spread is distributed by Citus', true],
      ],
    )
    assert.deepEqual(judged.warnings.map(({ text }) => said(text).split('. ')[0]).sort(), [
      'Nameless is published in publication pub',
      'Published is published in publication pub',
      'Redirected has the rule "else where" on INSERT',
      'Untouched has the rule keep on UPDATE',
    ])
    assert.match(
      said(judged.warnings.find(({ text }) => said(text).startsWith('Published'))?.text),
      /lacks updatedAt and ownerId stops/,
    )
    assert.equal(around.sizes.get('"public"."Plain"')?.rows, 0)
  })

  it('names code of roles with fewer privileges that runs when rows are written: of triggers, and of types', async () => {
    const role = await server.createRole({ name: 'intern' })
    const project = await createProject(server, {
      schema: [
        'datasource db {\n  provider = "postgresql"\n}\nmodel User {\n  id Int @id\n}',
        ...['Fired', 'Typed', 'Free'].map((name) => `model ${name} {\n  id Int @id\n}`),
      ].join('\n'),
      policy: { rules: [{ models: ['Fired', 'Typed', 'Free'], require: ['ownerId'] }] },
      sql: `
        CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TRIGGER ours BEFORE UPDATE ON "Free" FOR EACH ROW EXECUTE FUNCTION watch();
        CREATE FUNCTION spy() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        ALTER FUNCTION spy() OWNER TO ${role.name};
        CREATE TRIGGER theirs BEFORE UPDATE ON "Fired" FOR EACH ROW EXECUTE FUNCTION spy();
        CREATE TRIGGER off BEFORE UPDATE ON "Free" FOR EACH ROW EXECUTE FUNCTION spy(); ALTER TABLE "Free" DISABLE TRIGGER off;
        CREATE TYPE kind AS ENUM ('a'); ALTER TYPE kind OWNER TO ${role.name}; ALTER TABLE "Free" ADD COLUMN kind kind;
        CREATE DOMAIN code AS text CHECK (VALUE <> ''); ALTER DOMAIN code OWNER TO ${role.name};
        ALTER TABLE "Typed" ADD COLUMN codes code[], ADD COLUMN code code`,
    })
    const { judged } = await judge(project)
    assert.deepEqual(
      judged.warnings
        .filter(({ code }) => code === 'code-of-others')
        .map(({ text }) => said(text).split(': ')[1]?.split('. ')[0]),
      [
        'the trigger theirs calls public.spy() of the role intern',
        'code has the type public.code of the role intern; codes has the type public.code of the role intern',
      ],
    )
  })

  it('refuses what PostgreSQL refuses of unlogged users: only an unlogged table can reference them', async () => {
    const project = await createProject(server, {
      schema: `datasource db {\n  provider = "postgresql"\n}
model User {\n  id Int @id\n}\nmodel Lead {\n  id Int @id\n}\nmodel Draft {\n  id Int @id\n}\n`,
      ddl: `CREATE UNLOGGED TABLE "User" (id int PRIMARY KEY); CREATE TABLE "Lead" (id int PRIMARY KEY);
        CREATE UNLOGGED TABLE "Draft" (id int PRIMARY KEY)`,
      policy: { rules: [{ models: ['Lead', 'Draft'], require: ['ownerId'] }] },
    })
    const { judged } = await judge(project)
    assert.deepEqual(
      judged.refusals.map(({ model, object, reason }) => [model, object, said(reason).split(':')[0]]),
      [['Lead', 'unlogged', 'User is an unlogged table, which Lead cannot reference']],
    )
  })

  it('is what the migration costs, and who keeps its WAL or waits for it', async () => {
    const project = await createProject(server, {
      schema:
        'datasource db {\n  provider = "postgresql"\n}\nmodel User {\n  id Int @id\n}\nmodel Lead {\n  id Int @id\n  note String\n}',
      policy: { rules: [{ models: ['Lead'], require: ['ownerId'] }] },
      sql: `INSERT INTO "User" VALUES (1); INSERT INTO "Lead" SELECT g, repeat('x', 100) FROM generate_series(1, 20000) AS g`,
    })
    const { plan, around, judged } = await judge(project)
    const size = around.sizes.get('"public"."Lead"')
    assert.ok(size !== undefined && size.rows > 2_500_000 && size.indexes > 400_000)
    assert.match(
      judged.remarks.map(inPlainEnglish)[0] ?? '',
      /^Disk and WAL: .* about 3\.\d MB of disk space and .* about \d\.\d MB of WAL \(estimated/,
    )
    const slots = [
      { name: 'idle', isActive: false, bytes: 9_300_000_000 },
      { name: 'quick', isActive: true, bytes: 1000 },
    ]
    const remarks = costRemarks(plan, around.sizes, { slots, synchronousStandbys: 'ANY 1 (a, b)' })
    const [, slot, standbys] = remarks.map(inPlainEnglish)
    assert.match(slot ?? '', /^Replication slot "idle" is inactive and retains 8\.7 GB of WAL/)
    assert.match(
      standbys ?? '',
      /^Commits wait for synchronous standbys \(synchronous_standby_names = 'ANY 1 \(a, b\)'\)/,
    )
  })

  it('a column that holds whole rows, and privileges on single columns: what a new column would break is told', async () => {
    const required = { rules: [{ models: ['Archived', 'Plain'], require: ['updatedAt', 'ownerId'] }] }
    const project = await createProject(server, {
      schema: `datasource db {\n  provider = "postgresql"\n}
model User {\n  id Int @id\n}
${['Archived', 'Plain'].map((name) => `model ${name} {\n  id Int @id\n}`).join('\n')}\n`,
      policy: required,
      sql: `
        CREATE DOMAIN kept AS "Archived"; CREATE TYPE wrapped AS (rows kept[]);
        CREATE TABLE archive (id int PRIMARY KEY, content wrapped);
        CREATE ROLE "the app"; CREATE ROLE reader;
        GRANT SELECT (id), UPDATE (id) ON "Plain" TO "the app"; GRANT INSERT ON "Plain" TO "the app";
        GRANT SELECT (id), SELECT ON "Plain" TO reader`,
    })
    try {
      const { judged, around } = await judge(project)
      assert.deepEqual(
        judged.refusals.map(({ code, model, reason }) => [code, model, said(reason).split(',')[0]]),
        [['table-unfit', 'Archived', 'archive.content uses the row type of Archived']],
      )
      const texts = judged.warnings.flatMap(({ code, text }) => (code === 'column-privileges' ? [said(text)] : []))
      assert.equal(texts.length, 1)
      assert.match(
        texts.join(),
        /^The role "the app" has SELECT, UPDATE on single columns of Plain, and none on updatedAt, ownerId,/,
      )
      assert.match(
        texts.join(),
        /GRANT SELECT \("updatedAt", "ownerId"\), UPDATE \("updatedAt", "ownerId"\) ON "public"\."Plain" TO "the app"\.$/,
      )
      // As PostgreSQL says itself; and the way out that the refusal names.
      const alter = (rest: string) => project.database.query(`ALTER TABLE "Archived" ADD COLUMN ${rest}`)
      await assert.rejects(alter('a int DEFAULT 1'), { code: '0A000' })
      const populate = { sql: 'now()' }
      const { policy } = parsePolicy(JSON.stringify({ ...required, fields: { updatedAt: { populate } } }))
      const plan = planMigration({ ...project, policy: policy ?? assert.fail(), database: await project.catalog() })
      assert.deepEqual(judgeSurroundings(plan, around).refusals, [])
      assert.equal((await runPlan({ url: project.url, plan })).status, 'completed')
    } finally {
      await project.database.query(`DROP OWNED BY "the app", reader; DROP ROLE "the app", reader`)
    }
  })

  it('refuses what is published and has no replica identity, a partition too; what the refusal says to run ends it', async () => {
    const models = ['Nothing', 'Keyless', 'Lost', 'Parted', 'Silent']
    const project = await createProject(server, {
      schema: [
        'datasource db {\n  provider = "postgresql"\n}\nmodel User {\n  id Int @id\n}',
        ...models.map((name) => `model ${name} {\n  id Int @id\n}`),
      ].join('\n'),
      ddl: `CREATE TABLE "User" (id int PRIMARY KEY); CREATE TABLE "Nothing" (id int PRIMARY KEY); CREATE TABLE "Keyless" (id int NOT NULL);
        CREATE TABLE "Lost" (id int PRIMARY KEY); CREATE UNIQUE INDEX lost ON "Lost" (id); ALTER TABLE "Lost" REPLICA IDENTITY USING INDEX lost;
        CREATE TABLE "Parted" (id int PRIMARY KEY) PARTITION BY HASH (id); CREATE TABLE "Silent" (id int NOT NULL);
        CREATE TABLE "the part" PARTITION OF "Parted" FOR VALUES WITH (MODULUS 1, REMAINDER 0)`,
      policy: { rules: [{ models, require: ['ownerId'] }] },
      sql: `DROP INDEX lost; ALTER TABLE "Nothing" REPLICA IDENTITY NOTHING; ALTER TABLE "the part" REPLICA IDENTITY NOTHING;
        INSERT INTO "User" VALUES (1);
        ${models.map((name) => `INSERT INTO "${name}" VALUES (1);`).join('\n')}
        CREATE PUBLICATION pub FOR TABLE "Nothing", "Keyless", "Lost", "Parted";
        CREATE PUBLICATION silent FOR TABLE "Silent" WITH (publish = 'insert')`,
    })
    const { judged } = await judge(project)
    const ofIdentity = judged.refusals.filter(({ object }) => object === 'replica identity')
    assert.deepEqual(ofIdentity.map(({ model }) => model).sort(), ['"the part"', 'Keyless', 'Lost', 'Nothing'])
    const update = (table: string) => project.database.query(`UPDATE "${table.replaceAll('"', '')}" SET id = id`)
    for (const { model, reason } of ofIdentity) {
      await assert.rejects(update(model), { code: '55000' })
      assert.equal(said(reason).includes('Add a primary key'), model === 'Keyless')
      const [, advice = ''] = /run (ALTER TABLE .* REPLICA IDENTITY (?:DEFAULT|FULL))\.$/i.exec(said(reason)) ?? []
      await project.database.query(advice)
      await update(model)
    }
    await update('Silent')
    const again = await judge(project)
    assert.deepEqual(again.judged.refusals, [])
    assert.equal((await runPlan({ url: project.url, plan: again.plan })).status, 'completed')
  })

  it('refuses a key whose values PostgreSQL cannot compare because of an implicit cast; other casts do not matter', async () => {
    const models = ['ToText', 'ToVarchar', 'Beside', 'Free', 'Short', 'Folded']
    const project = await createProject(server, {
      schema: [
        'datasource db {\n  provider = "postgresql"\n}\nmodel User {\n  id Int @id\n}\nenum K {\n  a\n}',
        ...models.map((name) => `model ${name} {\n  id Int\n  k ${TYPES_OF_KEYS[name] ?? 'K'}\n  @@id([id, k])\n}`),
      ].join('\n'),
      ddl: `CREATE TABLE "User" (id int PRIMARY KEY); CREATE TYPE "K" AS ENUM ('a', 'b'); CREATE TYPE v AS ENUM ('a', 'b'); CREATE TYPE f AS ENUM ('a', 'b');
        CREATE TABLE "ToText" (id int, k "K", PRIMARY KEY (id, k)); CREATE TABLE "ToVarchar" (id int, k v, PRIMARY KEY (id, k));
        CREATE TABLE "Beside" (id int PRIMARY KEY, k "K"); CREATE TABLE "Free" (id int, k f, PRIMARY KEY (id, k));
        CREATE EXTENSION IF NOT EXISTS citext; CREATE TABLE "Short" (id int, k varchar(50), PRIMARY KEY (id, k));
        CREATE TABLE "Folded" (id int, k citext, PRIMARY KEY (id, k))`,
      policy: { rules: [{ models, require: ['ownerId'] }] },
      sql: `CREATE CAST ("K" AS text) WITH INOUT AS IMPLICIT; CREATE CAST (v AS varchar) WITH INOUT AS IMPLICIT;
        CREATE CAST (varchar AS f) WITH INOUT AS IMPLICIT; CREATE CAST (f AS text) WITH INOUT AS ASSIGNMENT;
        INSERT INTO "User" VALUES (1);
        ${models.map((name) => `INSERT INTO "${name}" VALUES (1, 'a'), (2, 'b');`).join('\n')}`,
    })
    const { judged } = await judge(project)
    assert.deepEqual(
      judged.refusals.map(({ model, object, reason }) => [model, object, said(reason).split(' has ')[0]]),
      [['ToText', 'key', 'The key column ToText.k']],
    )
    // As PostgreSQL says itself.
    const compare = (table: string) =>
      project.database.query(`SELECT FROM "${table}" WHERE (id, k) >= (SELECT id, k FROM "${table}" LIMIT 1)`)
    await assert.rejects(compare('ToText'), { code: '42725' })
    for (const table of ['ToVarchar', 'Free', 'Short', 'Folded']) await compare(table)
    await project.database.query('DROP CAST ("K" AS text); CREATE CAST ("K" AS text) WITH INOUT AS ASSIGNMENT')
    const again = await judge(project)
    assert.deepEqual(again.judged.refusals, [])
    assert.equal((await runPlan({ url: project.url, plan: again.plan })).status, 'completed')
  })

  it('refuses what would exceed 1,600 columns: those that were dropped count, and those of partitions', async () => {
    const project = await createProject(server, {
      schema: `datasource db {\n  provider = "postgresql"\n}
model User {\n  id Int @id\n}
${['Full', 'Almost', 'Parted'].map((name) => `model ${name} {\n  id Int @id\n}`).join('\n')}\n`,
      ddl: `CREATE TABLE "User" (id int PRIMARY KEY); CREATE TABLE "Full" (id int PRIMARY KEY); CREATE TABLE "Almost" (id int PRIMARY KEY);
        CREATE TABLE "Parted" (id int PRIMARY KEY) PARTITION BY HASH (id); CREATE TABLE part (id int NOT NULL)`,
      policy: { rules: [{ models: ['Full', 'Almost', 'Parted'], require: ['updatedAt', 'ownerId'] }] },
      sql: `DO $$ DECLARE t text; n int; BEGIN
          FOR t, n IN VALUES ('"Full"', 1598), ('"Almost"', 1597), ('part', 1598) LOOP
            EXECUTE 'ALTER TABLE ' || t || ' ' || (SELECT string_agg('ADD COLUMN c' || i || ' int', ',') FROM generate_series(1, n) AS i);
            EXECUTE 'ALTER TABLE ' || t || ' ' || (SELECT string_agg('DROP COLUMN c' || i, ',') FROM generate_series(1, 20) AS i);
          END LOOP;
          EXECUTE 'ALTER TABLE "Parted" ' || (SELECT string_agg('ADD COLUMN c' || i || ' int', ',') FROM generate_series(21, 1598) AS i);
        END $$;
        ALTER TABLE "Parted" ATTACH PARTITION part FOR VALUES WITH (MODULUS 1, REMAINDER 0)`,
    })
    const { judged } = await judge(project)
    assert.deepEqual(
      judged.refusals.map(({ code, model, reason }) => [code, model, said(reason).split(',')[0]]).sort(),
      [
        ['table-unfit', 'Full', 'Full has 1'],
        ['table-unfit', 'Parted', 'Parted has 1'],
      ],
    )
    // As PostgreSQL says itself.
    const both = (table: string) =>
      project.database.query(`BEGIN; ALTER TABLE "${table}" ADD COLUMN a int, ADD COLUMN b int; ROLLBACK`)
    for (const table of ['Full', 'Parted']) await assert.rejects(both(table), { code: '54011' })
    await both('Almost')
  })

  it('rows that violate a CHECK constraint that is NOT VALID cannot be filled: counted before the first step', async () => {
    const project = await createProject(server, {
      schema: `datasource db {\n  provider = "postgresql"\n}
model User {\n  id Int @id\n}\nmodel Lead {\n  id Int @id\n  name String\n}\n`,
      policy: { rules: [{ models: ['Lead'], require: ['updatedAt', 'ownerId'] }] },
      sql: `INSERT INTO "User" VALUES (1);
        INSERT INTO "Lead" SELECT i, CASE WHEN i IN (70, 80) THEN '' ELSE 'x' END FROM generate_series(1, 100) AS i;
        ALTER TABLE "Lead" ADD CONSTRAINT "not empty" CHECK (name <> '') NOT VALID`,
    })
    await assert.rejects(runPlan({ url: project.url, plan: await project.plan() }), {
      code: 'precondition-failed',
      message: /^Lead has rows that violate the CHECK constraint "not empty" \(NOT VALID\), so .* Rows: 2\.$/,
    })
    assert.deepEqual(await project.database.query('SELECT * FROM "Lead" WHERE id = 1'), [{ id: 1, name: 'x' }])
    await project.database.query(`UPDATE "Lead" SET name = 'y' WHERE name = ''`)
    assert.equal((await runPlan({ url: project.url, plan: await project.plan() })).status, 'completed')
  })

  it('what no step could change or refer to is refused beforehand: typed tables, generated columns, users in children', async () => {
    const project = await createProject(server, {
      schema: `datasource db {\n  provider = "postgresql"\n}
model User {\n  id Int @id\n}
model Person {\n  id Int @id\n}
model Typed {\n  id Int @id\n}
model Made {\n  id Int @id\n  ownerId Int?\n}\n`,
      ddl: `CREATE TABLE "User" (id int PRIMARY KEY); CREATE TABLE "Person" (id int PRIMARY KEY); CREATE TABLE admin () INHERITS ("Person");
        CREATE TYPE typed AS (id int); CREATE TABLE "Typed" OF typed (PRIMARY KEY (id));
        CREATE TABLE "Made" (id int PRIMARY KEY, "ownerId" int GENERATED ALWAYS AS (id) STORED)`,
      policy: { rules: [{ models: ['Typed', 'Made'], require: ['ownerId'] }] },
    })
    const { refusals } = await project.plan()
    assert.deepEqual(
      refusals.map(({ code, model, blocking }) => [code, model, blocking]),
      [
        ['table-unfit', 'Typed', true],
        ['type-differs', 'Made', true],
      ],
    )
    const { policy } = parsePolicy(
      JSON.stringify({ userModel: 'Person', rules: [{ models: ['User'], require: ['ownerId'] }] }),
    )
    const ofPersons = planMigration({ ...project, policy: policy ?? assert.fail(), database: await project.catalog() })
    assert.deepEqual(
      ofPersons.refusals.map(({ code, reason }) => [code, said(reason).includes(': admin.')]),
      [['user-key-unfit', true]],
    )
  })
})

const TYPES_OF_KEYS: Readonly<Record<string, string>> = { Short: 'String @db.VarChar(50)', Folded: 'String @db.Citext' }
