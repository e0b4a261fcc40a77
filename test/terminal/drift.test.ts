import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { commandLine } from '../support/command-line'
import { usePostgres } from '../support/postgres'
import { createSampleWorkspace, type SampleWorkspace } from '../support/sample-workspace'

describe('missing objects in the terminal', () => {
  const postgres = usePostgres()
  let workspace: SampleWorkspace

  beforeEach(async () => {
    workspace = await createSampleWorkspace(postgres)
  })
  afterEach(() => workspace.remove())

  const run = (...words: string[]) =>
    commandLine(words, { folder: workspace.folder, environment: workspace.environment })

  it('are planned, made and taken back without a policy', async () => {
    fs.rmSync(path.join(workspace.folder, 'prisma-audit.json'))
    await workspace.database.query('DROP INDEX "User_email_key"')
    assert.equal((await run('plan')).exitCode, 2, 'without --drift a plan needs a policy')
    const plan = await run('plan', '--drift')
    assert.equal(plan.exitCode, 0, plan.stderr)
    assert.match(plan.stdout, /CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "User_email_key"/)
    const migrated = await run('migrate', '--drift', '--yes')
    assert.equal(migrated.exitCode, 0, migrated.stdout + migrated.stderr)
    assert.match((await run('plan', '--drift')).stdout, /Nothing to migrate/)
    const back = await run('rollback', '--yes')
    assert.equal(back.exitCode, 0, back.stderr)
    assert.match((await run('plan', '--drift')).stdout, /User_email_key/)
  })

  it('are none where PostgreSQL says that a default means the same', async () => {
    const schema = path.join(workspace.folder, 'backend', 'prisma', 'schema.prisma')
    const field = `seen DateTime @default(dbgenerated("now() + interval '1 week'")) @db.Timestamp(3)`
    fs.writeFileSync(schema, fs.readFileSync(schema, 'utf8').replace('model User {', `model User {\n  ${field}`))
    await workspace.database.query(
      `ALTER TABLE "User" ADD COLUMN seen timestamp(3) NOT NULL DEFAULT now() + interval '7 days'`,
    )
    const severityOf = async () => {
      const { findings } = JSON.parse((await run('check', '--format', 'json')).stdout) as {
        findings: { code: string; column: string; severity: string }[]
      }
      return findings.find(({ code, column }) => code === 'column-default' && column === 'seen')?.severity
    }
    assert.equal(await severityOf(), 'information')
    await workspace.database.query(`ALTER TABLE "User" ALTER COLUMN seen SET DEFAULT now() + interval '8 days'`)
    assert.equal(await severityOf(), 'warning')
  })

  it('come before the audit fields in a guided run, and are verified with them', async () => {
    await workspace.database.query('DROP INDEX "User_email_key"')
    const { exitCode, stdout, stderr } = await run('run', '--drift', '--yes', '--no-backup')
    assert.equal(exitCode, 0, stdout + stderr)
    assert.match(stdout, /The index User_email_key is valid/)
    assert.match(stdout, /Every row of Lead has a value in ownerId/)
  })

  it('that are tables get their audit fields in the same run, and one rollback takes back both', async () => {
    const schema = path.join(workspace.folder, 'backend', 'prisma', 'schema.prisma')
    const policy = path.join(workspace.folder, 'prisma-audit.json')
    const before = fs.readFileSync(schema, 'utf8') + '\nmodel Deal {\n  id Int @id\n}\n'
    fs.writeFileSync(schema, before)
    const { rules, ...others } = JSON.parse(fs.readFileSync(policy, 'utf8')) as { rules: object[] }
    const more = { models: ['Deal'], require: ['updatedAt', 'ownerId'] }
    fs.writeFileSync(policy, JSON.stringify({ ...others, rules: [...rules, more] }))
    const guided = await run('run', '--drift', '--yes', '--no-backup', '--no-application', '--no-actor')
    assert.equal(guided.exitCode, 0, guided.stdout + guided.stderr)
    assert.match(guided.stdout, /Every row of Deal has a value in ownerId/)
    assert.equal((await run('verify')).exitCode, 0)
    assert.match((await run('plan', '--drift')).stdout, /Nothing to migrate/)
    const back = await run('rollback', '--yes', '--no-application')
    assert.equal(back.exitCode, 0, back.stderr)
    assert.equal(fs.readFileSync(schema, 'utf8'), before)
    assert.deepEqual(await workspace.database.query(`SELECT to_regclass('"Deal"') AS deal`), [{ deal: null }])
  })

  it('that were likely renamed are named, and made only where the schema says that they are new', async () => {
    fs.rmSync(path.join(workspace.folder, 'prisma-audit.json'))
    await workspace.database.query(
      `CREATE TYPE "Role" AS ENUM ('admin', 'viewer'); CREATE TABLE "Deal" (id integer CONSTRAINT "Deal_pkey" PRIMARY KEY, name text, role "Role");`,
    )
    const schema = path.join(workspace.folder, 'backend', 'prisma', 'schema.prisma')
    const before = fs.readFileSync(schema, 'utf8')
    const written = (field: string, type: string) =>
      fs.writeFileSync(
        schema,
        `${before}\n${type}\nenum UserRole {\n  admin\n  viewer\n}\n\nmodel Deal {\n  id Int @id\n  role UserRole?\n  ${field}\n  fullName String?\n}\n`,
      )
    written('', '')
    assert.match((await run('check')).stdout, /no column "fullName"[^\n]* Likely renamed: [^\n]*@map\("name"\)/)
    const refused = await run('plan', '--drift')
    assert.equal(refused.exitCode, 2, refused.stdout)
    assert.match(refused.stdout, /Deal\.fullName was likely renamed from the column Deal\.name/)
    assert.match(refused.stdout, /UserRole was likely renamed from the enum type Role/)
    assert.doesNotMatch(refused.stdout, /ADD COLUMN|CREATE TYPE/)
    written('/// @audit-ignore renamed: new', '/// @audit-ignore renamed: new')
    const planned = await run('plan', '--drift')
    assert.match(planned.stdout, /ADD COLUMN IF NOT EXISTS "fullName"/)
    assert.match(planned.stdout, /CREATE TYPE "public"\."UserRole"/)
  })

  it('that are values of an enum and were likely renamed are named, and added only where the schema says that they are new', async () => {
    await workspace.database.query(
      `CREATE TYPE "Mood" AS ENUM ('GOOD', 'BADD', 'odd'); CREATE TYPE "Size" AS ENUM ('S', 'X')`,
    )
    const schema = path.join(workspace.folder, 'backend', 'prisma', 'schema.prisma')
    const before = fs.readFileSync(schema, 'utf8')
    const written = (comment: string) =>
      fs.writeFileSync(
        schema,
        `${before}\n${comment}\nenum Mood {\n  GOOD\n  BAD\n  ODD @map("odd")\n}\n${comment}\nenum Size {\n  S\n  L\n}\n`,
      )
    written('')
    const rename = `ALTER TYPE "public"."Mood" RENAME VALUE 'BADD' TO 'BAD'`
    const { stdout: found } = await run('check', '--format', 'json')
    assert.ok(found.includes(JSON.stringify(`add @map("BADD") to the value, or run ${rename}.`).slice(1, -1)), found)
    const { stdout: planned } = await run('plan', '--drift')
    assert.match(planned, /The value BAD of Mood was likely renamed from BADD/)
    assert.match(planned, /The value L of Size was likely renamed from X/)
    assert.doesNotMatch(planned, /ADD VALUE/)
    written('/// @audit-ignore renamed: new')
    assert.match((await run('plan', '--drift')).stdout, /ADD VALUE IF NOT EXISTS 'BAD'[^]*ADD VALUE IF NOT EXISTS 'L'/)
  })

  it('with values written since are dropped only where that is chosen', async () => {
    const schema = path.join(workspace.folder, 'backend', 'prisma', 'schema.prisma')
    fs.writeFileSync(
      schema,
      fs.readFileSync(schema, 'utf8').replace('model User {', 'model User {\n  nickname String?'),
    )
    assert.equal((await run('migrate', '--drift', '--yes')).exitCode, 0)
    await workspace.database.query(`UPDATE "User" SET nickname = 'x'`)
    const refused = await run('rollback', '--yes')
    assert.equal(refused.exitCode, 2)
    assert.match(refused.stderr, /values in "nickname" of "public"\."User"[^]*--drop-data/)
    assert.equal((await run('rollback', '--yes', '--drop-data')).exitCode, 0)
  })
})
