import { said } from '../../support/said'
import assert from 'node:assert/strict'
import { describeExistingRows } from '../../../server/src/commands/existing-rows'
import { withClient } from '../../../server/src/database/connect'
import { rollBack } from '../../../server/src/migration/run/roll-back'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { usePostgres } from '../../support/postgres'
import { dump } from './support/dump'
import { createProject } from './support/project'
import { checkVerified } from './support/verified'

const USERS = `
CREATE TABLE "User" (id uuid PRIMARY KEY, email text UNIQUE NOT NULL, full_name text, "createdAt" timestamp(3) NOT NULL);
INSERT INTO "User" VALUES ('${id('f')}', 'ada@example.org', E'Ada \\x1b[2J', '2020-01-01'), ('${id('0')}', 'new@example.org', NULL, '2026-01-01');`

/** A table for each way in which a row may name its user, and what its rows get: by email. */
const OWNED: Readonly<
  Record<string, { readonly columns: string; readonly relation: string; readonly rows: string; readonly get: string }>
> = {
  Resume: {
    columns: '"userId" uuid NOT NULL REFERENCES "User"',
    relation: 'userId String @db.Uuid\n  user User @relation(fields: [userId], references: [id])',
    rows: `('${id('0')}'), ('${id('f')}')`,
    get: 'new,ada',
  },
  Post: {
    columns: 'author_email text REFERENCES "User" (email), "updatedById" uuid REFERENCES "User"',
    relation:
      'authorEmail String? @map("author_email")\n  author User? @relation("a", fields: [authorEmail], references: [email])\n' +
      '  updatedById String? @db.Uuid\n  updatedBy User? @relation("u", fields: [updatedById], references: [id])',
    rows: `('new@example.org', NULL), (NULL, '${id('0')}')`,
    get: 'new,ada',
  },
  Note: {
    columns: '"createdBy" uuid',
    relation: 'createdBy String? @db.Uuid',
    rows: `('${id('0')}'), (NULL), ('${id('9')}')`,
    get: 'new,ada,ada',
  },
  Tag: { columns: 'reviewer uuid', relation: 'reviewer String? @db.Uuid', rows: `('${id('0')}')`, get: 'ada' },
}

function id(digit: string): string {
  return `${digit.repeat(8)}-0000-4000-8000-000000000000`
}

describe('what rows that stand already get', () => {
  const server = usePostgres()
  const describePlan = (url: string, plan: Awaited<ReturnType<Awaited<ReturnType<typeof createProject>>['plan']>>) =>
    withClient(url, {}, async (client) =>
      (await describeExistingRows(client, plan.existingRows ?? [])).warnings.map(({ text }) => said(text)),
    )

  it('the user whom a row names already, else the oldest, who is named', async () => {
    const models = Object.entries(OWNED)
    const lists = 'resumes Resume[]\n  posts Post[] @relation("a")\n  changed Post[] @relation("u")'
    const project = await createProject(server, {
      schema: [
        'datasource db {\n  provider = "postgresql"\n}',
        `model User {\n  id String @id @db.Uuid\n  email String @unique\n  full_name String?\n  createdAt DateTime\n  ${lists}\n}`,
        ...models.map(
          ([name, { relation }]) => `model ${name} {\n  id Int @id @default(autoincrement())\n  ${relation}\n}`,
        ),
      ].join('\n'),
      policy: {
        rules: [{ models: models.map(([name]) => name), require: ['ownerId'] }],
        fields: { ownerId: { required: true, onDelete: 'Restrict' } },
      },
      ddl:
        USERS +
        models.map(([name, { columns }]) => `CREATE TABLE "${name}" (id serial PRIMARY KEY, ${columns});`).join('\n'),
      sql: models
        .map(([name, { columns, rows }]) => {
          const named = [...columns.matchAll(/(?:^|, )("?\w+"?) (?:uuid|text)/g)].map(([, column]) => column ?? '')
          return `INSERT INTO "${name}" (${named.join(', ')}) VALUES ${rows};`
        })
        .join('\n'),
    })
    const before = await dump(project.database, server)
    const plan = await project.plan()
    assert.deepEqual(plan.refusals, [])
    const advice = (others: string) =>
      `Set "populate" under fields.ownerId in the policy to an SQL expression to use another column${others} or user.`
    const first = `the user ${id('f')} (Ada \\u{1b}[2J, ada@example.org)`
    assert.deepEqual(await describePlan(project.url, plan), [
      `Existing rows get their "userId" as "ownerId": Resume (2 rows). ${advice('')}`,
      `Existing rows get their "author_email", or ${first} if that is not a user as "ownerId": Post (2 rows). ${advice('')}`,
      `Existing rows get their "createdBy", or ${first} if that is not a user as "ownerId": Note (3 rows). ${advice('')}`,
      `Existing rows get ${first} as "ownerId": Tag (1 row).`,
    ])
    assert.equal((await runPlan({ url: project.url, plan })).status, 'completed')
    await checkVerified(project)
    for (const [name, { get }] of models) {
      const rows = await project.database.query(
        `SELECT string_agg(split_part(u.email, '@', 1), ',' ORDER BY t.id) AS owners FROM "${name}" AS t JOIN "User" AS u ON u.id = t."ownerId"`,
      )
      assert.deepEqual(rows, [{ owners: get }], name)
    }
    await rollBack({ url: project.url })
    assert.equal(await dump(project.database, server), before)
  })

  it('their own time, by the policy, in UTC; what is written later is kept over down and up', async () => {
    const zoned = 'createdAt DateTime @default(now()) @db.Timestamptz(6)'
    const project = await createProject(server, {
      schema: [
        'datasource db {\n  provider = "postgresql"\n}',
        'model Plain {\n  id Int @id\n  created_on DateTime\n}',
        `model Zoned {\n  id Int @id\n  ${zoned}\n  updatedAt DateTime? @updatedAt\n}`,
        'model Day {\n  id Int @id\n  day Int\n  createdAt DateTime? @db.Date\n\n  @@id([id, day])\n}'.replace(
          ' @id\n',
          '\n',
        ),
        'model None {\n  id Int @id\n}',
      ].join('\n'),
      policy: {
        rules: [{ models: ['*'], require: ['updatedAt'] }],
        fields: { updatedAt: { populate: 'createdAt', index: false } },
      },
      ddl: `
        CREATE TABLE "Plain" (id integer PRIMARY KEY, created_on timestamp(3) NOT NULL);
        CREATE TABLE "Zoned" (id integer PRIMARY KEY, "createdAt" timestamptz(6) NOT NULL DEFAULT now());
        CREATE TABLE "Day" (id integer, day integer, "createdAt" date, PRIMARY KEY (id, day)) PARTITION BY LIST (day);
        CREATE TABLE "Day1" PARTITION OF "Day" FOR VALUES IN (1);
        CREATE TABLE "Day2" PARTITION OF "Day" FOR VALUES IN (2);
        CREATE TABLE "None" (id integer PRIMARY KEY);`,
      sql: `
        INSERT INTO "Plain" SELECT g, '2020-01-01'::timestamp + g * interval '1 minute' FROM generate_series(1, 5000) AS g;
        INSERT INTO "Zoned" VALUES (1, '2020-01-01 10:00+05');
        INSERT INTO "Day" VALUES (1, 1, '2020-01-02'), (2, 2, NULL);
        INSERT INTO "None" VALUES (1);`,
    })
    await project.database.query(`ALTER ROLE CURRENT_USER SET timezone = 'America/New_York'`)
    const before = await dump(project.database, server)
    const plan = await project.plan()
    assert.deepEqual((await describePlan(project.url, plan)).sort(), [
      'Existing rows get the time of the migration as "updatedAt": None (1 row). Set "populate" under fields.updatedAt in ' +
        'the policy to an SQL expression to use another time.',
      'Existing rows get their "createdAt" as "updatedAt": Zoned (1 row), Day (2 rows).',
      'Existing rows get their "created_on" as "updatedAt": Plain (5,000 rows).',
    ])
    assert.equal((await runPlan({ url: project.url, plan })).status, 'completed')
    await checkVerified(project)
    const times = `
      SELECT (SELECT count(*)::int FROM "Plain" WHERE "updatedAt" IS DISTINCT FROM created_on) AS plain,
        (SELECT "updatedAt"::text FROM "Zoned") AS zoned, (SELECT "updatedAt"::text FROM "Day" WHERE id = 1) AS day,
        (SELECT "updatedAt" > '2026-01-01' FROM "Day" WHERE id = 2) AS now`
    const filled = { plain: 0, zoned: '2020-01-01 05:00:00', day: '2020-01-02 00:00:00', now: true }
    assert.deepEqual(await project.database.query(times), [filled])
    await project.database.query(`UPDATE "Plain" SET "updatedAt" = '2001-01-01' WHERE id = 7`)
    const [written] = await project.database.query(`SELECT "updatedAt"::text AS at FROM "Plain" WHERE id = 7`)
    await rollBack({ url: project.url })
    await runPlan({ url: project.url, plan: await project.plan(), preservedValues: 'put back' })
    assert.deepEqual(await project.database.query(`SELECT "updatedAt"::text AS at FROM "Plain" WHERE id = 7`), [
      written,
    ])
    await rollBack({ url: project.url })
    await project.database.query('DROP SCHEMA IF EXISTS prisma_audit_kept CASCADE')
    assert.equal(await dump(project.database, server), before)
  })

  it('a time by the expression of the policy; what it leaves empty gets the time of the migration', async () => {
    const project = await createProject(server, {
      schema: 'datasource db {\n  provider = "postgresql"\n}\nmodel Spend {\n  id Int @id\n  ended DateTime?\n}',
      policy: {
        rules: [{ models: ['Spend'], require: ['updatedAt'] }],
        fields: { updatedAt: { populate: { sql: '"ended"' }, index: false } },
      },
      sql: `INSERT INTO "Spend" SELECT g, CASE WHEN g % 2 = 0 THEN timestamp '2020-01-01' END FROM generate_series(1, 4500) AS g`,
    })
    const plan = await project.plan()
    assert.deepEqual(await describePlan(project.url, plan), [
      'Existing rows get "ended" as "updatedAt": Spend (4,500 rows).',
    ])
    assert.equal((await runPlan({ url: project.url, plan })).status, 'completed')
    await checkVerified(project)
    const rows = await project.database.query(
      `SELECT count(*) FILTER (WHERE "updatedAt" = "ended")::int AS ended, count(*) FILTER (WHERE "updatedAt" > '2026-01-01')::int AS now FROM "Spend"`,
    )
    assert.deepEqual(rows, [{ ended: 2250, now: 2250 }])
  })
})
