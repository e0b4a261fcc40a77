import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { commandLine } from '../support/command-line'

const SCHEMA = `datasource db {
  provider = "postgresql"
}

model User {
  id    Int    @id @default(autoincrement())
  email String
}

model Post {
  id   Int    @id @default(autoincrement())
  slug String @unique
}
`

const MIGRATION = `CREATE TABLE "User" ("id" SERIAL PRIMARY KEY, "email" TEXT);
CREATE TABLE "Post" ("id" SERIAL PRIMARY KEY, "slug" TEXT NOT NULL);
CREATE TYPE "Mood" AS ENUM ('good', 'bad');
`

describe('check of a project with migrations and no database', function () {
  this.timeout(600_000)
  let folder: string

  before(() => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-baseline-')))
    write('package.json', '{}')
    write('prisma/schema.prisma', SCHEMA)
    write('prisma/migrations/20260101000000_init/migration.sql', MIGRATION)
  })
  after(() => {
    fs.rmSync(folder, { recursive: true, force: true })
  })

  function write(file: string, text: string): void {
    fs.mkdirSync(path.join(folder, path.dirname(file)), { recursive: true })
    fs.writeFileSync(path.join(folder, file), text)
  }

  const run = (...words: string[]) => commandLine(words, { folder, environment: {} })
  const codesOf = (stdout: string) =>
    (JSON.parse(stdout) as { findings: { code: string; severity: string }[] }).findings
      .filter(({ severity }) => severity !== 'hint')
      .map(({ code }) => code)
      .sort()

  it('replays them in an embedded PostgreSQL', async () => {
    const { exitCode, stdout, stderr } = await run('check', '--replay', '--format', 'json')
    assert.equal(exitCode, 1, stderr)
    assert.deepEqual(codesOf(stdout), ['column-nullability', 'enum-unmapped', 'unique-missing'])
  })

  it('and passes over what its baseline knows, but over nothing new', async () => {
    const written = await run('baseline', '--replay')
    assert.equal(written.exitCode, 0, written.stderr)
    const text = fs.readFileSync(path.join(folder, 'prisma-audit.baseline.json'), 'utf8')
    assert.equal(text.split('\n').filter((line) => line.includes('"code"')).length, 3)
    const known = await run('check', '--replay')
    assert.equal(known.exitCode, 0, known.stdout + known.stderr)
    assert.match(known.stdout, /Not listed: 3 findings in prisma-audit\.baseline\.json\./)

    write('prisma/schema.prisma', SCHEMA.replace('slug String', 'title String\n  slug String'))
    write(
      'prisma/migrations/20260102000000_email/migration.sql',
      `UPDATE "User" SET "email" = ''; ALTER TABLE "User" ALTER "email" SET NOT NULL;`,
    )
    const fresh = await run('check', '--replay', '--format', 'json')
    assert.equal(fresh.exitCode, 1)
    assert.deepEqual(codesOf(fresh.stdout), ['column-missing'])
    const { baseline } = JSON.parse(fresh.stdout) as { baseline: { known: number; gone: { code: string }[] } }
    assert.deepEqual([baseline.known, baseline.gone.map(({ code }) => code)], [2, ['column-nullability']])
  })

  it("lists what Prisma's own parser rejects, and shows paths from where it is told", async () => {
    write('prisma/invalid.prisma', SCHEMA.replace('email String', 'email Strin'))
    const { exitCode, stdout, stderr } = await run(
      ...['check', '--replay', '--schema', 'prisma/invalid.prisma', '--format', 'json'],
      ...['--paths-from', path.dirname(folder), '--report', `sarif=reports/findings.sarif`],
    )
    fs.rmSync(path.join(folder, 'prisma/invalid.prisma'))
    assert.equal(exitCode, 1, stderr)
    const { findings } = JSON.parse(stdout) as { findings: { code: string; file: string; range: unknown }[] }
    const invalid = findings.find(({ code }) => code === 'schema-invalid')
    assert.deepEqual(invalid?.range, { start: { line: 6, character: 2 }, end: { line: 6, character: 13 } })
    assert.equal(invalid.file, `${path.basename(folder)}/prisma/invalid.prisma`)
    const sarif = fs.readFileSync(path.join(folder, 'reports/findings.sarif'), 'utf8')
    assert.ok(sarif.includes(`"uri": "${path.basename(folder)}/prisma/invalid.prisma"`))
  })

  it('says where a report and a baseline cannot be written', async () => {
    // Of a user who may write everywhere, too.
    const target = path.join('package.json', 'findings.sarif')
    for (const words of [
      ['check', '--replay', '--report', `sarif=${target}`],
      ['baseline', '--replay', '--output', target],
    ]) {
      const { exitCode, stdout, stderr } = await run(...words)
      assert.equal(exitCode, 2, stderr)
      assert.equal(stdout, '')
      assert.match(stderr, /findings\.sarif cannot be written\.\nE[A-Z]+: .*\nSpecify a file in a writable folder/)
    }
  })

  it('checks the schema alone where there have never been migrations, says so, and fails for what it lacks alone', async () => {
    write('pushed/prisma/schema.prisma', SCHEMA)
    const pushed = (...words: string[]) => run(...words, '--replay', '--cwd', 'pushed', '--format', 'json')
    const without = await pushed('check', '--report', 'markdown=report.md')
    assert.equal(without.exitCode, 0, without.stderr)
    const { database, findings } = JSON.parse(without.stdout) as { database: null; findings: { message: string }[] }
    assert.equal(database, null)
    assert.equal(
      findings[0]?.message,
      'The schema is not compared with a database: prisma/migrations has no migrations to replay.',
    )
    write('pushed/prisma-audit.json', '{ "rules": [{ "models": ["*"], "require": ["updatedAt"] }] }')
    const lacking = await pushed('check', '--report', 'markdown=report.md')
    assert.equal(lacking.exitCode, 1, lacking.stderr)
    assert.deepEqual(codesOf(lacking.stdout), ['database-not-compared', 'missing-updated-at', 'missing-updated-at'])
    assert.match(
      fs.readFileSync(path.join(folder, 'pushed/report.md'), 'utf8'),
      /no database was compared[^]*`User` \| ✗ missing/,
    )
    const written = await run('baseline', '--replay', '--cwd', 'pushed')
    assert.match(written.stdout, /Wrote 2 findings/)
    const known = await pushed('check')
    assert.deepEqual([known.exitCode, codesOf(known.stdout)], [0, ['database-not-compared']])
    // One that uses Prisma Migrate has lost its migrations.
    write('pushed/prisma/migrations/migration_lock.toml', 'provider = "postgresql"')
    assert.match((await run('check', '--replay', '--cwd', 'pushed')).stderr, /There are no migrations to replay/)
    fs.rmSync(path.join(folder, 'pushed'), { recursive: true })
  })

  it('says that the folder of the migrations is a guess where only running the configuration would show it', async () => {
    const config = 'export default { schema: "prisma/schema.prisma", migrations: { path: process.env.MIGRATIONS } }'
    write('guess/prisma.config.ts', config)
    write('guess/prisma/schema.prisma', SCHEMA)
    write('guess/prisma/migrations/20260101000000_init/migration.sql', MIGRATION)
    const guess = (...words: string[]) => run(...words, '--cwd', 'guess')
    const others = ['column-nullability', 'enum-unmapped']
    const replayed = await guess('check', '--replay', '--format', 'json')
    assert.deepEqual(codesOf(replayed.stdout), [...others, 'migrations-path-unknown', 'unique-missing'])
    const linted = await guess('lint')
    assert.match(
      linted.stdout,
      /^prisma\.config\.ts:1:1 {2}information {2}migrations-path-unknown {2}The migrations are read/,
    )
    assert.equal(linted.exitCode, 0)
    // Who has looked accepts it.
    assert.match((await guess('baseline', '--replay')).stdout, /Wrote 4 findings/)
    assert.equal((await guess('check', '--replay')).exitCode, 0)
    // Where the default folder is empty, nothing else would be said.
    fs.rmSync(path.join(folder, 'guess/prisma/migrations'), { recursive: true })
    fs.rmSync(path.join(folder, 'guess/prisma-audit.baseline.json'))
    const alone = await guess('check', '--replay', '--format', 'json')
    assert.deepEqual([alone.exitCode, codesOf(alone.stdout)], [1, ['database-not-compared', 'migrations-path-unknown']])
    fs.rmSync(path.join(folder, 'guess'), { recursive: true })
  })

  it('refuses a schema for another database', async () => {
    write('prisma/other.prisma', SCHEMA.replace('postgresql', 'mysql'))
    const other = await run('check', '--replay', '--schema', 'prisma/other.prisma')
    fs.rmSync(path.join(folder, 'prisma/other.prisma'))
    assert.equal(other.exitCode, 2)
    assert.match(other.stderr, /The schema is for mysql/)
  })

  it('replays them in the order of Prisma, which compares whole names and looks in no folder below', async () => {
    const added = ['20260101000000_init-more', '20260101000000_init/old']
    write(`prisma/migrations/${added[0]}/migration.sql`, `COMMENT ON TABLE "User" IS 'after init';`)
    write(`prisma/migrations/${added[1]}/migration.sql`, 'DROP TABLE "User";')
    const { stdout, stderr } = await run('check', '--replay', '--format', 'json')
    for (const name of added) fs.rmSync(path.join(folder, 'prisma/migrations', name), { recursive: true })
    assert.deepEqual(codesOf(stdout), ['column-missing', 'migrations-not-run'], stderr)
    assert.match(stderr, /prisma\/migrations replayed: 3\)/)
  })

  it('says which files of the folder Prisma does not run', async () => {
    const files = ['prisma/migrations/20260102000000_flat.sql', 'prisma/migrations/20260103000000_flat.sql']
    for (const file of files) write(file, 'DROP TABLE "User";')
    const replayed = await run('check', '--replay', '--format', 'json')
    const linted = await run('lint')
    for (const file of files) fs.rmSync(path.join(folder, file))
    const { findings } = JSON.parse(replayed.stdout) as { findings: { code: string; message: string; file: string }[] }
    const said = findings.filter(({ code }) => code === 'migrations-not-run')
    assert.deepEqual(
      said.map(({ file }) => file),
      [files[0]],
    )
    assert.match(said[0]?.message ?? '', /does not run this file and 1 other: in prisma\/migrations it runs only/)
    assert.match(
      linted.stdout,
      /^prisma\/migrations\/20260102000000_flat\.sql:1:1 {2}information {2}migrations-not-run {2}/m,
    )
  })

  it('refuses migrations for another database, as Prisma does', async () => {
    const lock = 'prisma/migrations/migration_lock.toml'
    write(lock, '# Please do not edit this file manually\nprovider = "postgresql"\n')
    assert.equal((await run('check', '--replay')).exitCode, 1)
    write(lock, '# Please do not edit this file manually\nprovider = "mysql"\n')
    const other = await run('check', '--replay', '--format', 'json')
    fs.rmSync(path.join(folder, lock))
    assert.equal(other.exitCode, 2)
    const { error } = JSON.parse(other.stdout) as { error: { code: string; file: string; range: { start: unknown } } }
    assert.deepEqual(
      [error.code, error.file, error.range.start],
      ['migration-lock-differs', lock, { line: 1, character: 0 }],
    )
    assert.match(other.stderr, /are for "mysql", but the schema is for PostgreSQL\.\n.*\(P3019\)/)
  })

  it('says which migration cannot be replayed and where it fails, and which baseline is not there', async () => {
    const missing = await run('check', '--replay', '--baseline', 'elsewhere.json', '--format', 'json')
    assert.equal(missing.exitCode, 2)
    assert.deepEqual((JSON.parse(missing.stdout) as { error: unknown }).error, {
      code: 'baseline-missing',
      what: `Baseline not found: ${path.join(folder, 'elsewhere.json')}.`,
      why: 'It was specified with --baseline.',
      nextStep: 'Create one with prisma-audit baseline, or correct the path.',
      ...{ file: null, range: null },
    })
    write(
      'prisma/migrations/20260103000000_bad/migration.sql',
      'SELECT 1;\n\n-- Who?\n  GRANT SELECT ON "User" TO nobody_here;\n',
    )
    const bad = await run('check', '--replay', '--format', 'json')
    assert.equal(bad.exitCode, 2)
    const { error } = JSON.parse(bad.stdout) as { error: { code: string; file: string; range: { start: unknown } } }
    assert.equal(error.code, 'replay-failed')
    assert.equal(error.file, 'prisma/migrations/20260103000000_bad/migration.sql')
    assert.deepEqual(error.range.start, { line: 3, character: 2 })
    assert.match(
      bad.stderr,
      /The migration 20260103000000_bad cannot be replayed in an empty database\.\n.*nobody_here/,
    )
    assert.match(bad.stderr, /needs a role or an extension/)
    // No database runs what is wrong in itself.
    write('prisma/migrations/20260103000000_bad/migration.sql', 'SELEC 1;\n')
    assert.match((await run('check', '--replay')).stderr, /syntax error at or near "SELEC"\.?\nFix the migration\.\n/)
    // Prisma stops at a folder without a migration.sql, and we follow no link.
    const file = path.join(folder, 'prisma/migrations/20260103000000_bad/migration.sql')
    const refused = async () => (await run('check', '--replay')).stderr
    fs.rmSync(file)
    assert.match(await refused(), /The migration 20260103000000_bad has no migration\.sql\.\n.*\(P3015\)/)
    fs.symlinkSync('../20260101000000_init/migration.sql', file)
    assert.match(await refused(), /has no migration\.sql that can be replayed\.\n.*links are not followed/)
  })

  it('init --agents writes its section into AGENTS.md, again and again, and nothing else there', async () => {
    write('AGENTS.md', '# Ours\n')
    assert.equal((await run('init', '--agents')).exitCode, 0)
    const once = fs.readFileSync(path.join(folder, 'AGENTS.md'), 'utf8')
    assert.match(once, /^# Ours\n\n<!-- prisma-audit: begin -->\n## Prisma Audit\n/)
    write('AGENTS.md', `${once.replace(/^- After .*$/m, '- old')}\nMore of ours.\n`)
    assert.equal((await run('init', '--agents')).exitCode, 0)
    assert.equal(fs.readFileSync(path.join(folder, 'AGENTS.md'), 'utf8'), `${once}\nMore of ours.\n`)
    // A file with the line ends of Windows keeps them.
    write('AGENTS.md', '# Ours\r\n')
    for (const message of [/^Added /, /is up to date/]) assert.match((await run('init', '--agents')).stdout, message)
    assert.doesNotMatch(fs.readFileSync(path.join(folder, 'AGENTS.md'), 'utf8'), /(?<!\r)\n/)
    // Like every file of a repository, it is read only if it is one, and only up to a limit.
    write('AGENTS.md', 'x'.repeat(1_000_001))
    assert.match((await run('init', '--agents')).stderr, /^Cannot read .*AGENTS\.md\.\n/m)
    assert.equal((await run('init')).exitCode, 2)
  })
})
