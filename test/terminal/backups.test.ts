import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { generateIdentity, identityToRecipient } from 'age-encryption'
import type { BackupManifest } from '../../server/src/backup/manifest/manifest'
import { readManifest } from '../../server/src/backup/manifest/manifest-file'
import { freePort } from '../support/network'
import { commandLine } from '../support/command-line'
import { hasPseudoTerminal, onPseudoTerminal } from '../support/pseudo-terminal'
import { usePostgres } from '../support/postgres'
import { backUpTo, useFolder } from '../database/backup/support'

describe('prisma-audit backup, backups and restore', () => {
  const server = usePostgres()
  const folder = useFolder()
  const backups = () => path.join(folder(), 'backups')

  async function run(words: readonly string[], url?: string, variables: Readonly<Record<string, string>> = {}) {
    const config = path.join(folder(), 'config')
    const environment = { ...variables, PRISMA_AUDIT_DATABASE_URL: url, XDG_CONFIG_HOME: config }
    const { exitCode, stdout, stderr } = await commandLine(words, { folder: folder(), environment })
    return { exitCode, stdout, said: stdout + stderr }
  }

  beforeEach(() => {
    const schema = 'datasource db {\n  provider = "postgresql"\n}\nmodel User {\n  id Int @id\n}\n'
    fs.writeFileSync(path.join(folder(), 'schema.prisma'), schema)
  })
  const writePolicy = (policy: object) =>
    fs.writeFileSync(path.join(folder(), 'prisma-audit.json'), JSON.stringify(policy))

  it('prune asks, then deletes what the rules do not keep and what is proven to be ours', async () => {
    const database = await server.createDatabase('CREATE TABLE "User" (id int PRIMARY KEY)')
    const original = await backUpTo(backups(), database.url, { level: 1, now: new Date('2026-01-01T00:00:00Z') })
    /** A level is what the proofs show. */
    const proofsOf = (level: number | undefined): Partial<BackupManifest> => {
      const proof = { at: '2026-03-01T00:00:00Z', milliseconds: 1, detail: 'edited' }
      if (level === undefined) return {}
      return {
        proofs: [level === 0 ? { level: 1, outcome: 'failed', ...proof } : { level, outcome: 'passed', ...proof }],
      }
    }
    /** The same file as one of another day. */
    const copyOf = (day: number, change: Partial<BackupManifest> = {}): string => {
      const at = `2026-02-${String(day).padStart(2, '0')}T00:00:00.000Z`
      const file = path.join(backups(), `day-${String(day)}.dump`)
      fs.copyFileSync(original.path, file)
      const manifest = {
        ...readManifest(original.path),
        file: path.basename(file),
        createdAt: at,
        ...change,
        ...proofsOf(change.level),
      }
      fs.writeFileSync(`${file}.json`, JSON.stringify(manifest))
      return path.basename(file)
    }
    const plan = { digest: 'd1', title: 'add 2 columns' }
    const kept = [
      copyOf(9),
      copyOf(8),
      copyOf(7, { plan }),
      copyOf(5, { level: 3 }),
      copyOf(3, { restores: [{ at: '2026-03-01T00:00:00Z', database: 'app' }] }),
      copyOf(2, { level: 0 }),
      copyOf(1, { database: { ...original.manifest.database, name: 'other' } }),
    ]
    const changed = copyOf(14)
    fs.appendFileSync(path.join(backups(), changed), 'x')
    const foreign = copyOf(13)
    fs.rmSync(path.join(backups(), `${foreign}.json`))
    const elsewhere = path.join(folder(), 'elsewhere.dump')
    fs.copyFileSync(original.path, elsewhere)
    fs.symlinkSync(elsewhere, path.join(backups(), 'day-12.dump'))
    fs.copyFileSync(path.join(backups(), `${kept[0]!}.json`), path.join(backups(), 'day-12.dump.json'))
    // Of the right size, and not the file that the manifest is of.
    const swapped = copyOf(4)
    const bytes = fs.readFileSync(path.join(backups(), swapped))
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 0xff
    fs.writeFileSync(path.join(backups(), swapped), bytes)
    const listed = await run(['backups', '--format', 'json'])
    const { backups: rows } = JSON.parse(listed.stdout) as { backups: { path: string; problem: string | null }[] }
    const problemOf = (name: string) => rows.find((row) => path.basename(row.path) === name)?.problem
    assert.deepEqual([problemOf(kept[0]!), typeof problemOf(changed)], [null, 'string'], listed.stdout)
    const removable = [copyOf(6, { plan }), path.basename(original.path)]
    const names = () => fs.readdirSync(backups()).sort()
    const before = names()

    const shown = await run(['backups', 'prune', '--keep', '2', '--dry-run', '--format', 'json'])
    assert.equal(shown.exitCode, 0, shown.said)
    const document = JSON.parse(shown.stdout) as {
      removable: { path: string }[]
      kept: { path: string; why: string }[]
      isRemoved: boolean
    }
    assert.deepEqual(document.removable.map((each) => path.basename(each.path)).sort(), [...removable].sort())
    assert.equal(document.isRemoved, false)
    const whyOf = (name: string) => document.kept.find((each) => path.basename(each.path) === name)?.why ?? ''
    assert.match(whyOf(swapped), /has changed since it was created/)
    assert.match(whyOf(kept[2]!), /the last one before the migration: add 2 columns/)
    assert.match(whyOf(kept[3]!), /the last one that was restored for a test/)
    // Without a terminal, nobody has agreed.
    assert.equal((await run(['backups', 'prune', '--keep', '2'])).exitCode, 2)
    assert.deepEqual(names(), before)

    const pruned = await run(['backups', 'prune', '--keep', '2', '--yes'])
    assert.equal(pruned.exitCode, 0, pruned.said)
    assert.match(pruned.said, /Deleted 2 backups/)
    assert.deepEqual(
      before.filter((name) => !names().includes(name)).sort(),
      removable.flatMap((name) => [name, `${name}.json`, ...(name.startsWith('day') ? [] : [`${name}.sha256`])]).sort(),
    )
    assert.ok(fs.existsSync(elsewhere))

    // After a backup, by the policy; of this database the new one alone is the newest.
    writePolicy({ backups: { keep: 1, jobs: 2 } })
    const backup = await run(['backup', '--level', '1'], database.url)
    assert.equal(backup.exitCode, 0, backup.said)
    assert.match(backup.said, /folder +\/.*\.dir\n[^]*tool +pg_dump \d+\.\d+ with 2 jobs[^]*deleted day-9\.dump/)
    const again = await run(['backup', '--level', '1', '--jobs', '1'], database.url)
    assert.match(again.said, /file +\/.*\.dump\n[^]*deleted .*\.dir\n/)
    assert.deepEqual(
      names().filter((name) => name.includes('.dir')),
      [],
    )
    assert.ok(!names().includes('day-9.dump') && names().includes('day-7.dump'))
    writePolicy({ backups: { keep: 0 } })
    assert.equal((await run(['backups', 'prune', '--yes'])).exitCode, 2)
  })

  it('a part of a database is backed up, shown and restored as that, and as no more', async () => {
    const database = await server.createDatabase(`
      CREATE TABLE "User" (id int PRIMARY KEY); INSERT INTO "User" VALUES (1), (2);
      CREATE TABLE kept (id int PRIMARY KEY); INSERT INTO kept SELECT generate_series(1, 50);
      CREATE TABLE "Log" (id int, at date) PARTITION BY RANGE (at);
      CREATE TABLE log_old PARTITION OF "Log" FOR VALUES FROM (MINVALUE) TO (MAXVALUE);
      INSERT INTO "Log" VALUES (1, '2026-01-01')`)
    fs.appendFileSync(
      path.join(folder(), 'schema.prisma'),
      'model Log {\n  id Int @id\n  at DateTime @db.Date\n}\nmodel kept {\n  id Int @id\n}\n',
    )
    writePolicy({ rules: [{ models: ['User', 'Log'], require: ['createdAt'] }], backups: { scope: 'tables' } })
    const make = async (scope: string) => {
      const { exitCode, stdout, said } = await run(['backup', '--scope', scope, '--format', 'json'], database.url)
      assert.equal(exitCode, 0, said)
      assert.match(said, /less than 1 MB, less than a minute, [\d.]+ [MGT]B free/)
      const {
        path: file,
        level,
        manifest,
      } = JSON.parse(stdout) as { path: string; level: number; manifest: BackupManifest }
      const tables = manifest.contents?.tables.map(({ name, rows }) => `${name} ${String(rows)}`)
      return { file, level, tables, scope: manifest.scope }
    }
    const tables = await make('tables')
    assert.deepEqual(
      [tables.level, tables.scope.kind, tables.scope.tables, tables.tables],
      [2, 'tables', ['public."Log"', 'public."User"', 'public.log_old'], ['public."User" 2', 'public.log_old 1']],
    )
    const structure = await make('structure')
    assert.deepEqual([structure.level, structure.scope.kind, structure.tables], [3, 'structure', []])

    const listed = await run(['backups'])
    assert.match(listed.said, /, 4 tables; level 3 of 4: restored and equal; only the structure, without rows/)
    assert.match(listed.said, /level 2 of 4: complete; only the tables public\."Log", public\."User", public\.log_old/)
    const raised = await run(['backup', 'verify', tables.file, '--level', '3'], database.url)
    assert.equal(raised.exitCode, 1)
    assert.match(raised.said, /not proven: single tables cannot be restored as a database/)

    const asTables =
      'Restore a backup of the whole database, or load these tables next to the originals (--table NAME).'
    const asStructure = 'Restore it into a new database (without --over), or restore a backup of the whole database.'
    for (const [words, nextStep] of [
      [[tables.file], asTables],
      [[tables.file, '--over'], asTables],
      [[structure.file, '--over'], asStructure],
    ] as const) {
      const refused = await run(['restore', ...words, '--yes', '--confirm-database', database.name], database.url)
      assert.equal(refused.exitCode, 2)
      // `backup-is-partial`: the terminal shows no codes.
      const [what, ...others] = refused.said.trimEnd().split('\n').slice(-3)
      assert.match(what ?? '', /cannot be restored as a database: it contains only the (?:tables|structure)/)
      assert.deepEqual(others, ['The rest of the database would be missing. Nothing was restored.', nextStep])
    }
    const into = `${database.name}_structure`
    const restored = await run(['restore', structure.file, '--into', into, '--yes'], database.url)
    assert.equal(restored.exitCode, 0, restored.said)
    assert.match(restored.said, /It contains only the structure, without rows/)
    assert.doesNotMatch(restored.said, /RENAME/)
    await database.query(`DROP DATABASE "${into}"`)
    // The policy chooses it for the backup before a migration, which says so before it asks.
    const migrated = await run(['run', '--yes', '--no-application', '--no-files'], database.url)
    assert.match(migrated.said, /Backed up to \S+ \(level 2 of 4: complete; only the tables public\."Log"/)
    assert.deepEqual(await database.query('SELECT count(*)::int AS n FROM kept'), [{ n: 50 }])
  }).timeout(600_000)

  it('restore --table shows which rows differ, and copies them back once the name is given', async () => {
    const database = await server.createDatabase(
      `CREATE TABLE "User" (id int PRIMARY KEY, name text); INSERT INTO "User" SELECT i, 'u' || i FROM generate_series(1, 30) i`,
    )
    const { path: file } = await backUpTo(backups(), database.url, {
      level: 1,
      scope: { kind: 'tables', tables: [{ schema: 'public', table: 'User' }] },
    })
    await database.query(
      `DELETE FROM "User" WHERE id > 15; UPDATE "User" SET name = 'x' WHERE id = 3; INSERT INTO "User" VALUES (99)`,
    )
    const words = ['restore', file, '--table', 'User', '--yes']
    assert.equal((await run([...words, '--over'], database.url)).exitCode, 2)
    const shown = await run(words, database.url)
    assert.equal(shown.exitCode, 0, shown.said)
    assert.match(shown.said, /15 rows missing.*\n {4}16\n/)
    assert.match(shown.said, /… and 5 more/)
    assert.match(shown.said, /1 row changed\n {4}3: name: 'x', in the backup 'u3'/)
    assert.match(shown.said, /1 row added/)
    const [, schema = ''] = /in the schema (prisma_audit_restored_\d+)/.exec(shown.said) ?? []
    assert.deepEqual(await database.query(`SELECT count(*)::int AS n FROM "${schema}"."User"`), [{ n: 30 }])
    const unconfirmed = await run([...words, '--copy-back', 'changed'], database.url)
    assert.equal(unconfirmed.exitCode, 2)
    assert.match(unconfirmed.said, /Rows in the database are replaced\. Type its name to confirm/)
    const copied = await run([...words, '--copy-back', 'changed', '--confirm-database', database.name], database.url)
    assert.equal(copied.exitCode, 0, copied.said)
    assert.deepEqual(
      await database.query(`SELECT count(*)::int AS n, min(name) FILTER (WHERE id = 3) AS name FROM "User"`),
      [{ n: 31, name: 'u3' }],
    )
    assert.equal(fs.readdirSync(backups()).filter((name) => name.endsWith('.json')).length, 2)
  }).timeout(600_000)

  it('verify reads an earlier manifest, and with --embedded uses no server; restore asks with the roles that are missing', async () => {
    const reader = await server.createRole()
    const database = await server.createDatabase(
      `CREATE TABLE "User" AS SELECT 1 AS id; GRANT SELECT ON "User" TO "${reader.name}"`,
    )
    const { path: file, manifest } = await backUpTo(backups(), database.url, { level: 1 })
    const verify = async (...words: string[]) =>
      (await run(['backup', 'verify', file, '--level', '3', ...words], database.url)).said
    const objects = manifest.contents?.objects.map((object) => ({ ...object, fingerprint: 'as version 2 wrote it' }))
    const earlier = { ...manifest, formatVersion: 2, contents: { ...manifest.contents, objects } }
    fs.writeFileSync(`${file}.json`, JSON.stringify(earlier))
    assert.match(
      await verify(),
      /restored.*: 1 table with 1 row.*definitions, which an earlier version of Prisma Audit recorded differently/,
    )
    assert.match(await verify('--embedded'), /restored into an embedded PostgreSQL: 1 table with 1 row/)
    await database.query(`DROP TABLE "User"; DROP ROLE "${reader.name}"`)
    const asked = await run(['restore', file, '--into', `${database.name}_new`], database.url)
    assert.equal(asked.exitCode, 2)
    assert.match(asked.said, new RegExp(`The server has no roles? ${reader.name}, which the backup needs`))
  }).timeout(600_000)

  it('a restored database that differs from its manifest is not offered in place of the old one', async () => {
    const database = await server.createDatabase('CREATE TABLE "User" AS SELECT 1 AS id')
    const { path: file, manifest } = await backUpTo(backups(), database.url, { level: 1 })
    const tables = manifest.contents?.tables.map((table) => ({ ...table, hash: '0'.repeat(24) }))
    fs.writeFileSync(`${file}.json`, JSON.stringify({ ...manifest, contents: { ...manifest.contents, tables } }))
    const into = `${database.name}_differs`
    const restored = await run(['restore', file, '--into', into, '--yes'], database.url)
    assert.equal(restored.exitCode, 1)
    assert.match(restored.said, /It does not match its manifest:[^]*Restored into the new database/)
    assert.doesNotMatch(restored.said, /RENAME/)
    await database.query(`DROP DATABASE "${into}"`)
  })

  it('level 4 is reached where the application works with the restored database, and seen in it', async () => {
    const database = await server.createDatabase(
      `CREATE TABLE "User" (id int PRIMARY KEY, name text); INSERT INTO "User" VALUES (1, 'Ada')`,
    )
    const port = await freePort()
    fs.writeFileSync(
      path.join(folder(), 'application.mjs'),
      `import http from 'node:http'
       import { createRequire } from 'node:module'
       const pg = createRequire(${JSON.stringify(path.join(__REPOSITORY__, 'package.json'))})('pg')
       const pool = new pg.Pool({ connectionString: process.env[process.argv[2]] })
       http.createServer(async (request, response) => {
         const { rows } = request.url === '/' ? { rows: [] } : await pool.query('SELECT name, current_database() AS place FROM "User"')
         if (request.method === 'POST') await pool.query('DELETE FROM "User"')
         response.end(JSON.stringify(rows))
       }).listen(${String(port)}, '127.0.0.1')`,
    )
    const ready = `http://127.0.0.1:${String(port)}/`
    const checks = [{ request: 'GET /users', expect: [{ path: '0.name', equals: 'Ada' }] }, { request: 'POST /users' }]
    const backUp = async (application: object, words: readonly string[] = []) => {
      writePolicy({ application: { ready, checks, ...application } })
      const { exitCode, said } = await run(['backup', '--level', '4', ...words], database.url)
      return { exitCode, said }
    }
    const start = [process.execPath, 'application.mjs', 'DATABASE_URL']
    const passed = await backUp({ start })
    assert.equal(passed.exitCode, 0, passed.said)
    assert.match(passed.said, /level {4}4 of 4: restored, and the smoke test passed/)
    // What it deleted, it deleted there.
    assert.deepEqual(await database.query('SELECT count(*)::int AS n FROM "User"'), [{ n: 1 }])
    const elsewhere = await backUp({
      start: [...start.slice(0, 2), 'PRISMA_AUDIT_DATABASE_URL'],
      checks: checks.slice(0, 1),
    })
    assert.equal(elsewhere.exitCode, 1)
    assert.match(elsewhere.said, /NOT proven: the application has no session in the restored database/)
    assert.match(elsewhere.said, /level {4}3 of 4/)
    const failed = await backUp({ start, checks: [{ request: 'GET /users', expect: ['nothing'] }] })
    assert.equal(failed.exitCode, 1)
    assert.match(failed.said, /The application failed 1 of 1 checks/)
    const structure = await backUp({ start }, ['--scope', 'structure'])
    assert.match(structure.said, /NOT proven: an application cannot work with a backup that has no rows/)
  }).timeout(600_000)

  it('says where Git would commit a backup, and writes a .gitignore only once somebody agrees', async function () {
    if (!hasPseudoTerminal()) this.skip()
    const database = await server.createDatabase('CREATE TABLE "User" (id int PRIMARY KEY)')
    const git = (...words: string[]) => execFileSync('git', ['-C', folder(), ...words], { encoding: 'utf8' })
    git('init', '--quiet')
    fs.mkdirSync(backups())
    fs.writeFileSync(path.join(backups(), 'old.dump'), '')
    git('add', 'backups')
    const ignore = path.join(backups(), '.gitignore')
    const words = ['backup', '--level', '1']
    const told = await run([...words, '--yes'], database.url)
    assert.equal(told.exitCode, 0, told.said)
    assert.match(told.said, /Git tracks 1 file in backups/)
    assert.match(told.said, /backups is not ignored by Git/)
    assert.ok(!fs.existsSync(ignore))
    let isAnswered = false
    const type = (screen: string): string | null => {
      if (isAnswered || !screen.includes('Number, or Enter to cancel')) return null
      isAnswered = true
      return '1\n'
    }
    await onPseudoTerminal(words, { folder: folder(), environment: { PRISMA_AUDIT_DATABASE_URL: database.url }, type })
    assert.equal(fs.readFileSync(ignore, 'utf8'), '*\n')
    assert.doesNotMatch((await run([...words, '--yes'], database.url)).said, /not ignored/)
  }).timeout(600_000)

  it('--encrypt-to leaves nothing but the encrypted file, which only its key verifies and restores', async () => {
    const database = await server.createDatabase(
      `CREATE TABLE "User" AS SELECT i AS id, md5(i::text) AS name FROM generate_series(1, 5000) i`,
    )
    const identity = await generateIdentity()
    const recipient = await identityToRecipient(identity)
    const keys = path.join(folder(), 'key.txt')
    fs.writeFileSync(keys, `# created: 2026-01-31\n# public key: ${recipient}\n${identity}\n`)
    const withKey = { PRISMA_AUDIT_AGE_IDENTITY_FILE: keys }
    const wrongKey = { PRISMA_AUDIT_AGE_IDENTITY: await generateIdentity() }
    const refused = await run(['backup', '--encrypt-to', 'age1nobody'], database.url)
    assert.equal(refused.exitCode, 2)
    assert.match(refused.said, /age1nobody is not an age recipient/)

    const made = await run(['backup', '--level', '2', '--encrypt-to', recipient, '--format', 'json'], database.url)
    assert.equal(made.exitCode, 0, made.said)
    const { path: file, manifest } = JSON.parse(made.stdout) as { path: string; manifest: BackupManifest }
    assert.match(file, /\.(?:dump|sql)\.age$/)
    assert.deepEqual([manifest.level, manifest.encryptedTo], [2, [recipient]])
    const bytes = fs.readFileSync(file)
    assert.ok(bytes.toString('latin1').startsWith('age-encryption.org/v1\n'))
    assert.equal(createHash('sha256').update(bytes).digest('hex'), manifest.sha256)
    const names = fs.readdirSync(backups()).filter((name) => name !== '.gitignore')
    assert.deepEqual(
      names.sort(),
      ['', '.json', '.sha256'].map((end) => path.basename(file) + end),
    )
    assert.match((await run(['backups'])).said, /\n {4}encrypted\n/)

    for (const [environment, words] of [
      [{}, /is encrypted with age, but no key was found/],
      [wrongKey, /is encrypted with age, but not for the given key\.[^]*its manifest lists the recipients/],
    ] as const) {
      const locked = await run(['backup', 'verify', file], database.url, environment)
      assert.equal(locked.exitCode, 2)
      assert.match(locked.said, words)
    }
    assert.equal(readManifest(file)?.level, 2)
    const verified = await run(['backup', 'verify', file, '--embedded'], database.url, withKey)
    assert.equal(verified.exitCode, 0, verified.said)
    assert.match(verified.said, /level 3 {2}passed: restored into an embedded PostgreSQL/)
    assert.equal(readManifest(file)?.level, 3)
    const into = `${database.name}_decrypted`
    const restored = await run(['restore', file, '--into', into, '--yes'], database.url, withKey)
    assert.equal(restored.exitCode, 0, restored.said)
    assert.match(restored.said, /To replace the old database[^]*\n {2}ALTER DATABASE .* RENAME TO /)
    await database.query(`DROP DATABASE "${into}"`)
    await database.query('ALTER TABLE "User" ADD PRIMARY KEY (id); DELETE FROM "User" WHERE id < 4')
    const compared = await run(['restore', file, '--table', 'User', '--yes'], database.url, withKey)
    assert.match(compared.said, /3 rows missing/)

    // A byte of the last piece, with checksums that fit.
    bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 1
    fs.writeFileSync(file, bytes)
    fs.rmSync(`${file}.sha256`)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    fs.writeFileSync(`${file}.json`, JSON.stringify({ ...readManifest(file), sha256 }))
    const damaged = await run(['backup', 'verify', file], database.url, withKey)
    assert.equal(damaged.exitCode, 1)
    assert.match(damaged.said, /It cannot be decrypted/)
    assert.equal(readManifest(file)?.level, 0)
  }).timeout(600_000)
})
