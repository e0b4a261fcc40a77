import assert from 'node:assert/strict'
import { BUILT_IN_WAY } from '../../../server/src/backup/built-in/built-in-way'
import { EXPORT_WAY } from '../../../server/src/backup/export/export-way'
import { restoreBackup } from '../../../server/src/backup/restore/restore-backup'
import { compare } from '../../../server/src/audit/compare'
import { createComparisonCache } from '../../../server/src/audit/comparison-cache'
import { openExpressions } from '../../../server/src/audit/open-expressions'
import { withClient, type DatabaseClient } from '../../../server/src/database/connect'
import { ExpressionSpeller } from '../../../server/src/database/expression-speller'
import { readCatalog } from '../../../server/src/database/read-catalog'
import { planEverything } from '../../../server/src/migration/plan/plan-everything'
import { verificationChecks } from '../../../server/src/migration/plan/verification-checks'
import { rollBack } from '../../../server/src/migration/run/roll-back'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import { runChecks } from '../../../server/src/verification/run-checks'
import { usePostgres } from '../../support/postgres'
import { ODD_SETTINGS, setAt, urlWith } from '../../support/odd-settings'
import { backUpTo, useFolder } from '../backup/support'
import { dump } from './support/dump'
import { createProject } from './support/project'

const SCHEMA = `datasource db {
  provider = "postgresql"
}
model User {
  id Int @id @default(autoincrement())
  createdAt DateTime @default(now())
}
model Odd {
  id Int @id @default(autoincrement())
  at DateTime @default(dbgenerated("'2026-01-02 03:04:05+00'::timestamptz")) @db.Timestamptz(6)
  day DateTime @default(dbgenerated("'2026-02-01'::date")) @db.Date
  took Unsupported("interval") @default(dbgenerated("'-1 day +02:03:04'::interval"))
  cost Decimal @default(dbgenerated("'12.50'::money")) @db.Money
  ratio Float @default(0.1)
  bytes Bytes @default(dbgenerated("'\\\\x01ff'::bytea"))
  path String @default("C:\\\\temp\\\\ 'x'")
  names String[] @default(["NULL", "a,b"])
  mask String @default(dbgenerated("B'101'")) @db.VarBit
  note Unsupported("xml")?
  later Unsupported("interval") @default(dbgenerated("'72 hours'::interval"))
  @@index([day, ratio])
}
`

/** What the schema says and the database lacks besides, and rows whose text depends on settings. */
const SQL = `
  ALTER TABLE "Odd" DROP COLUMN later; DROP INDEX "Odd_day_ratio_idx";
  ALTER TABLE "Odd" ADD CONSTRAINT "path; or" CHECK (path <> E'\\\\' AND took < interval '3 days' AND at > '1999-01-02 00:00+00' AND ratio <> 1.0000000000000002);
  CREATE INDEX "recent" ON "Odd" (at) WHERE at > '2026-01-02 03:04:05+00'::timestamptz AND path <> E'x\\\\y';
  INSERT INTO "User" DEFAULT VALUES; INSERT INTO "User" DEFAULT VALUES;
  INSERT INTO "Odd" DEFAULT VALUES;
  INSERT INTO "Odd" (took, ratio, bytes, path, names, cost, note)
    SELECT i * interval '-1 month 3 days 04:05:06.7', i / 3.0, decode(repeat('5c00', i), 'hex'), E'\\\\.\\t' || i, ARRAY['a', NULL, 'NULL'],
      i * 1.25, '<?xml version="1.0"?><a/><!-- two -->' FROM generate_series(1, 40) AS i`

const POLICY = { rules: [{ models: ['Odd'], require: ['updatedAt', 'updatedBy', 'ownerId'] }] }

describe('odd settings of a role or a database', () => {
  const server = usePostgres()
  const folder = useFolder()
  const schema = parseSchema([{ path: 'schema.prisma', text: SCHEMA }])
  const role = () => server.createRole({ attributes: 'SUPERUSER' })

  /** One that we leave as it is, so that the place is proven to be one. */
  const seenBy = (url: string) =>
    withClient(url, {}, async (client) => {
      const { rows } = await client.query<{ value: string }>(
        "SELECT pg_catalog.current_setting('transform_null_equals') AS value",
      )
      return rows.map(({ value }) => value)
    })

  /** What each command says and does, under the settings of this place. */
  const migrate = async (place: 'nowhere' | 'role' | 'database' | 'role in database' | 'URL') => {
    const { database, policy } = await createProject(server, { schema: SCHEMA, policy: POLICY, sql: SQL })
    const user = await role()
    const plain = user.urlFor(database)
    const url = place === 'URL' ? urlWith(plain, ODD_SETTINGS) : plain
    const before = await dump(database, server)
    if (place === 'role') await setAt(database, { role: user.name }, ODD_SETTINGS)
    if (place === 'role in database') await setAt(database, { role: user.name, in: 'database' }, ODD_SETTINGS)
    if (place === 'database') await setAt(database, place, ODD_SETTINGS)
    if (place !== 'nowhere') assert.deepEqual(await seenBy(url), [ODD_SETTINGS.transform_null_equals], place)
    const catalog = (client: DatabaseClient) => readCatalog(client, { schemas: ['public'] })
    const plan = async () => planEverything({ schema, policy, database: await withClient(url, {}, catalog) })
    const check = () =>
      withClient(url, {}, async (client) => {
        const read = await catalog(client)
        const pairs = openExpressions(schema, read, createComparisonCache())
        const model = await new ExpressionSpeller().complete(client, read, pairs)
        return compare({ schema, policy, database: model }).map(({ code, severity, object }) => [
          code,
          severity,
          object,
        ])
      })
    const verify = () =>
      withClient(url, {}, async (client) => {
        const checks = verificationChecks({ schema, policy, database: await catalog(client) })
        return (await runChecks(client, checks, 'test')).results.map((result) => [result.check.title, result.outcome])
      })
    const rows = () => database.query(`SELECT id, "ownerId" FROM public."Odd" WHERE id < 4 ORDER BY id`)

    const found = await check()
    const { steps, refusals, warnings } = await plan()
    const { applied } = await runPlan({ url, plan: await plan() })
    await withClient(url, {}, (client) => client.query(`UPDATE public."Odd" SET "ownerId" = 2 WHERE id < 4`))
    const migrated = { verified: await verify(), found: await check(), rows: await rows() }
    const { undone, preservedValues } = await rollBack({ url })
    const { putBack } = await runPlan({ url, plan: await plan(), preservedValues: 'put back' })
    const again = await rows()
    await rollBack({ url, dropData: true })
    await database.query(`DROP SCHEMA IF EXISTS prisma_audit_kept CASCADE; ALTER DATABASE "${database.name}" RESET ALL`)
    assert.equal(await dump(database, server), before, place)
    await database.drop()
    const planned = { steps: steps.map(({ id, up }) => [id, up]), refusals, warnings }
    return { found, planned, applied, migrated, undone, preservedValues, putBack, again }
  }

  it('change nothing of what check, plan, migrate, verify and roll back say and do', async function () {
    this.timeout(600_000)
    const usual = await migrate('nowhere')
    assert.equal(usual.again.length, 3)
    assert.deepEqual(usual.again, usual.migrated.rows)
    for (const place of ['role', 'database', 'role in database', 'URL'] as const)
      assert.deepEqual(await migrate(place), usual, place)
  })

  it('change nothing of a backup, whatever makes it, or of what is restored of it', async function () {
    this.timeout(600_000)
    const { database } = await createProject(server, { schema: SCHEMA, policy: POLICY, sql: SQL })
    const user = await role()
    await setAt(database, { role: user.name }, ODD_SETTINGS)
    for (const way of [undefined, BUILT_IN_WAY, EXPORT_WAY]) {
      const given = way === undefined ? {} : { way }
      const { path, tool } = await backUpTo(folder(), user.urlFor(database), { ...given, level: 2, now: new Date() })
      const target = await server.createDatabase()
      const { comparison } = await restoreBackup({ path, url: user.urlFor(target), environment: process.env })
      assert.deepEqual(comparison?.differences, [], tool)
      assert.equal(comparison.rows, 43)
      await target.drop()
    }
  })
})
