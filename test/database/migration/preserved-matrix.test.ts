import assert from 'node:assert/strict'
import { withClient } from '../../../server/src/database/connect'
import { readPreservedValues } from '../../../server/src/migration/run/preserved/preserved-columns'
import { rollBack } from '../../../server/src/migration/run/roll-back'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { setAt, TEXT_SETTINGS } from '../../support/odd-settings'
import { usePostgres, type TestServer } from '../../support/postgres'
import { createProject, type TestProject } from './support/project'

/** The type of the users' key, so of the owner too, and three users: the first, another, one who comes first later. */
const TYPES: Readonly<Record<string, { prisma: string; users: readonly [string, string, string]; before?: string }>> = {
  'timestamp(3)': {
    prisma: 'DateTime @db.Timestamp(3)',
    users: ['2026-02-01 00:00:00.123', '2026-03-04 23:59:59.999', '2025-12-11 01:02:03'],
  },
  'timestamptz(6)': {
    prisma: 'DateTime @db.Timestamptz(6)',
    users: ['2026-02-01 00:00:00.123456+00', '2026-07-05 03:04:05+00', '2025-12-11 01:02:03+05:30'],
  },
  date: { prisma: 'DateTime @db.Date', users: ['2026-02-01', '2026-04-03', '2025-12-11'] },
  'time(6)': { prisma: 'DateTime @db.Time(6)', users: ['10:00:00.000001', '23:59:59.999999', '00:00:01'] },
  'double precision': { prisma: 'Float', users: ['0.1', '1.0000000000000002e-300', '-0.30000000000000004'] },
  real: { prisma: 'Float @db.Real', users: ['0.1', '1.17549435e-38', '-3.4028235e38'] },
  'numeric(40,20)': {
    prisma: 'Decimal @db.Decimal(40, 20)',
    users: ['1.00000000000000000001', '2.5', '-9999999999.1'],
  },
  bytea: { prisma: 'Bytes', users: ['\\x01ff', '\\xdeadbeef5c00', '\\x00'] },
  money: { prisma: 'Decimal @db.Money', users: ['1.25', '123456.78', '-9.99'] },
  uuid: {
    prisma: 'String @db.Uuid',
    users: [
      '10000000-0000-4000-8000-000000000000',
      'ffffffff-0000-4000-8000-000000000000',
      '00000000-0000-4000-8000-000000000000',
    ],
  },
  text: { prisma: 'String', users: [`b, "{}\\ ''x''`, 'c\n\tü NULL', 'a'] },
  'character(8)': { prisma: 'String @db.Char(8)', users: ['b', 'c  d', 'a'] },
  inet: { prisma: 'String @db.Inet', users: ['10.0.0.1', 'fe80::1', '1.2.3.4/8'] },
  'bit varying': { prisma: 'String @db.VarBit', users: ['101', '11100000', '0'] },
  bigint: { prisma: 'BigInt', users: ['5', '9007199254740993', '-7'] },
  boolean: { prisma: 'Boolean', users: ['true', 'true', 'false'] },
  'crm."Mood"': {
    prisma: 'Mood',
    users: ['calm', 'wild', 'asleep'],
    before: `CREATE SCHEMA crm; CREATE TYPE crm."Mood" AS ENUM ('asleep', 'calm', 'wild')`,
  },
}

/** A session has the same settings wherever they stand, so one type for each of them shows that both places count. */
const OF_A_SETTING: ReadonlySet<string> = new Set([
  'timestamp(3)',
  'timestamptz(6)',
  'double precision',
  'bytea',
  'crm."Mood"',
])

const literal = (value: string) => `'${value}'`

describe('kept values, type by type, under settings that change their text', () => {
  const server = usePostgres()

  for (const place of ['role', 'database'] as const) {
    it(`at the ${place}: up, writes, down, up loses none, whoever wrote`, async function () {
      this.timeout(600_000)
      for (const [type, { prisma, users, before = '' }] of Object.entries(TYPES)) {
        if (place === 'database' && !OF_A_SETTING.has(type)) continue
        await roundTrip(server, place, {
          type,
          prisma,
          users: type === 'boolean' ? [users[0], users[0], users[2]] : users,
          before,
        })
      }
    })
  }
})

async function roundTrip(
  server: TestServer,
  place: 'role' | 'database',
  {
    type,
    prisma,
    users,
    before,
  }: { type: string; prisma: string; users: readonly [string, string, string]; before: string },
): Promise<void> {
  const [first, other, later] = users
  const isEnum = type.startsWith('crm.')
  const project = await createProject(server, {
    schema: `datasource db {\n  provider = "postgresql"\n${isEnum ? '  schemas = ["public", "crm"]\n' : ''}}
${isEnum ? 'enum Mood {\n  asleep\n  calm\n  wild\n  @@schema("crm")\n}\n' : ''}model User {\n  id ${prisma.replace(/^(\w+)/, '$1 @id')}\n${isEnum ? '  @@schema("public")\n' : ''}}
model Lead {\n  id Int @id\n  n Int\n${isEnum ? '  @@schema("public")\n' : ''}}\n`,
    ddl: `${before}; CREATE TABLE public."User" (id ${type} NOT NULL CONSTRAINT "User_pkey" PRIMARY KEY);
      CREATE TABLE public."Lead" (id integer NOT NULL CONSTRAINT "Lead_pkey" PRIMARY KEY, n integer NOT NULL DEFAULT 0)`,
    policy: { rules: [{ models: ['Lead'], require: ['ownerId', 'updatedAt'] }] },
    schemas: isEnum ? ['public', 'crm'] : ['public'],
    sql: `INSERT INTO public."User" SELECT DISTINCT u::${type} FROM unnest(ARRAY[${literal(first)}, ${literal(other)}]) AS u;
      INSERT INTO public."Lead" SELECT i FROM generate_series(1, 7) AS i`,
  })
  const role = await server.createRole({ attributes: 'SUPERUSER' })
  await setAt(project.database, place === 'role' ? { role: role.name } : place, TEXT_SETTINGS)
  const url = role.urlFor(project.database)
  const up = async () => runPlan({ url, plan: await project.plan(), preservedValues: 'put back' })
  await up()
  const write = (sql: string) =>
    withClient(project.url, { settings: { timezone: 'UTC' } }, (client) => client.query(sql))
  // The application, raw SQL that writes the very owner that the migration had filled in, and a replication role.
  await write(
    `UPDATE public."Lead" SET "ownerId" = ${literal(other)} WHERE id = 1; UPDATE public."Lead" SET "ownerId" = "ownerId" WHERE id = 2`,
  )
  await write(`INSERT INTO public."Lead" (id, "ownerId", "updatedAt") VALUES (8, ${literal(other)}, DEFAULT)`)
  await write(
    `SET session_replication_role = replica; UPDATE public."Lead" SET "ownerId" = ${literal(other)}, "updatedAt" = '2026-11-12 13:14:15.678' WHERE id = 3`,
  )
  const written = await valuesOf(project)
  await rollBack({ url })
  const kept = await withClient(url, {}, readPreservedValues)
  assert.deepEqual(
    kept.map(({ column, count }) => [column, count]).sort(),
    [
      ['ownerId', 4],
      ['updatedAt', 4],
    ],
    type,
  )
  // Another user is the first from now on.
  await project.database.query(`INSERT INTO public."User" VALUES (${literal(later)})`)
  const { putBack } = await up()
  assert.deepEqual(
    putBack.map((one) => [one.column, one.putBack, one.rowGone, one.userGone, one.overtaken]).sort(),
    [
      ['ownerId', 4, 0, 0, 0],
      ['updatedAt', 4, 0, 0, 0],
    ],
    type,
  )
  assert.deepEqual(await valuesOf(project), written, type)
  assert.deepEqual(await withClient(url, {}, readPreservedValues), [], type)
  await project.database.drop()
}

/** Of the rows that somebody wrote, whatever the settings are, as bytes. */
async function valuesOf(project: TestProject): Promise<unknown> {
  return await withClient(
    project.url,
    { settings: { datestyle: 'ISO', timezone: 'UTC', extra_float_digits: '3', bytea_output: 'hex' } },
    async (client) => {
      const { rows } = await client.query(
        `SELECT id, "ownerId"::text, "updatedAt"::text FROM public."Lead" WHERE id IN (1, 2, 3, 8) ORDER BY id`,
      )
      return rows as unknown
    },
  )
}
