import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { withClient } from '../../../server/src/database/connect'
import type { Backup } from '../../../server/src/backup/back-up'
import { listBackups } from '../../../server/src/backup/manifest/list-backups'
import { readManifest } from '../../../server/src/backup/manifest/manifest-file'
import { verifyBackup } from '../../../server/src/backup/verify-backup'
import type { BackupLevel } from '../../../server/src/backup/manifest/manifest'
import { PLAIN_READER } from '../../../server/src/backup/built-in/built-in-way'
import { rehearseRestore } from '../../../server/src/backup/proof/rehearse-restore'
import { EXPORT_WAY } from '../../../server/src/backup/export/export-way'
import { inPlainEnglish, phrase, type Phrase } from '../../../server/src/text/phrase'
import { usePostgres } from '../../support/postgres'
import { backUpTo, EVERYTHING_SQL, NOTHING_INSTALLED, useFolder } from './support'

describe('the levels of a backup', () => {
  const server = usePostgres()
  const folder = useFolder()
  const verify = (file: string, level: BackupLevel = 3, url: string | null = server.url) =>
    verifyBackup({ path: file, level, url, environment: process.env })

  for (const [kind, options] of [
    ['pg_dump', {}],
    ['the built-in one', NOTHING_INSTALLED],
  ] as const) {
    it(`are all reached by ${kind}, and the manifest says so and has no password`, async function () {
      if (kind === 'pg_dump' && !fs.existsSync(path.join(server.binFolder, 'pg_dump'))) this.skip()
      const database = await server.createDatabase(EVERYTHING_SQL)
      const smoke = async (url: string) => {
        assert.match(url, /prisma_audit_scratch_/)
        return await Promise.resolve({ outcome: 'passed' as const, detail: phrase`two queries answered` })
      }
      const plan = { digest: 'd1', title: 'add 2 columns' }
      const backup = await backUpTo(folder(), database.url, { ...options, level: 4, smoke, plan })
      assert.equal(backup.level, 4, backup.proof)
      const text = fs.readFileSync(`${backup.path}.json`, 'utf8')
      const { password } = new URL(database.url)
      for (const secret of [password, decodeURIComponent(password)]) assert.ok(!text.includes(secret))
      assert.equal(fs.statSync(`${backup.path}.json`).mode & 0o777, 0o600)
      const [listed] = listBackups(folder())
      assert.equal(listed?.problem, null)
      assert.equal(listed.manifest?.level, 4)
      assert.deepEqual(listed.manifest.plan, plan)
      assert.equal(listed.manifest.contents?.largeObjects?.count, 3)
      assert.equal(
        listed.manifest.contents.tables.reduce((sum, { rows }) => sum + rows, 0),
        3051 + 20 + 9,
      )
      assert.deepEqual(await scratchDatabases(), [])
    })
  }

  async function scratchDatabases(): Promise<unknown[]> {
    const database = await server.createDatabase()
    return await database.query(`SELECT datname FROM pg_database WHERE datname LIKE 'prisma_audit_scratch%'`)
  }

  it('keep a backup that is complete and does not restore, and say why', async () => {
    const database = await server.createDatabase(`
      CREATE TABLE allowed (id int); INSERT INTO allowed VALUES (1);
      CREATE FUNCTION is_allowed(x int) RETURNS boolean LANGUAGE sql AS $$ SELECT EXISTS (SELECT FROM allowed WHERE id = x) $$;
      CREATE TABLE t (id int CHECK (is_allowed(id))); INSERT INTO t VALUES (1)`)
    // Of a process that was killed before it could comment on it.
    await database.query('CREATE DATABASE prisma_audit_scratch_1795983864_0123456789')
    await assert.rejects(backUpTo(folder(), database.url), {
      code: 'backup-does-not-restore',
      why: /relation "allowed" does not exist/,
    })
    const [listed] = listBackups(folder())
    assert.equal(listed?.manifest?.level, 2)
    assert.equal(listed.manifest.proofs.at(-1)?.outcome, 'failed')
    const second = await backUpTo(path.join(folder(), 'second'), database.url, { level: 2 })
    assert.equal(second.level, 2)
    assert.deepEqual(await scratchDatabases(), [])
  })

  it('are reached with warnings, which are said', async function () {
    const hasPgDump = fs.existsSync(path.join(server.binFolder, 'pg_dump'))
    const database = await server.createDatabase(`
      CREATE FUNCTION f(int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE WARNING 'seen'; RETURN true; END $$;
      CREATE TABLE t AS SELECT 1 AS id; ALTER TABLE t ADD CHECK (f(id))`)
    for (const options of [...(hasPgDump ? [{}] : []), NOTHING_INSTALLED]) {
      const { level, proof } = await backUpTo(folder(), database.url, { ...options, level: 3 })
      assert.equal(level, 3, proof)
      assert.match(proof, /; 1 warning: .*seen/)
    }
  })

  it('are reached without a tablespace that the server lacks, which is said', async () => {
    const database = await server.createDatabase()
    const tablespace = `fast_${database.name}`
    await withClient(database.url, {}, async (client) => {
      await client.query('SET allow_in_place_tablespaces = on')
      await client.query(`CREATE TABLESPACE "${tablespace}" LOCATION ''`)
      await client.query(`SET search_path = public; CREATE TABLE t (id int) TABLESPACE "${tablespace}"; CREATE TABLE u ();
        CREATE INDEX ON t (id) TABLESPACE "${tablespace}"; INSERT INTO t VALUES (1)`)
    })
    const hasPgDump = fs.existsSync(path.join(server.binFolder, 'pg_dump'))
    const backups: Backup[] = []
    for (const options of [...(hasPgDump ? [{}] : []), NOTHING_INSTALLED])
      backups.push(await backUpTo(folder(), database.url, { ...options, level: 2 }))
    await database.drop()
    await (await server.createDatabase()).query(`DROP TABLESPACE "${tablespace}"`)
    for (const { path: file } of backups) {
      const { level, proofs } = await verify(file)
      assert.equal(level, 3, JSON.stringify(proofs))
      assert.match(
        proofs.at(-1)?.detail ?? '',
        /equal to the database when it was backed up; 1 warning: the server has no tablespace "?fast_/,
      )
    }
  })

  it('are proven without running the code of roles with fewer privileges on the server, also unasked', async () => {
    const { database, owner } = await databaseWithCodeOfOthers('RETURN true;')
    for (const options of [{}, { level: 3 } as const]) {
      const { level, proof } = await backUpTo(path.join(folder(), JSON.stringify(options)), database.url, options)
      assert.equal(level, 3, proof)
      assert.match(
        proof,
        new RegExp(`an embedded PostgreSQL, because roles with fewer privileges \\(${owner}\\) own code .*: 1 table`),
      )
    }
    assert.match(server.log(), /ran as/)
    assert.doesNotMatch(server.log(), /ran as postgres/)
  })

  it('are not proven where the code of such a role does not end, or the database is too large', async () => {
    const { database } = await databaseWithCodeOfOthers(
      `IF version() ~ 'PGlite' THEN LOOP END LOOP; END IF; RETURN true;`,
    )
    const { path: file, manifest } = await backUpTo(folder(), database.url, { ...NOTHING_INSTALLED, level: 2 })
    const rehearse = async (databaseBytes: number) =>
      await rehearseRestore({
        ...{ path: file, reader: PLAIN_READER, expected: manifest.contents, databaseBytes },
        scope: 'database',
        server: { url: database.url, major: server.majorVersion, isSuperuser: true },
        ...{ needs: manifest.needs, owners: [], environment: process.env, longestMilliseconds: 500 },
        inventory: await PLAIN_READER.read({ path: file, environment: process.env }),
      })
    const endless = await rehearse(1000)
    assert.equal(endless.outcome, 'not proven')
    assert.equal(inPlainEnglish(endless.detail), 'the restore into an embedded PostgreSQL took longer than 1 minute')
    const { outcome, detail } = await rehearse(1e9)
    assert.equal(outcome, 'not proven')
    assert.match(
      inPlainEnglish(detail),
      /own code that a restore would run with your privileges, and it is too large for the embedded/,
    )
  })

  /** A CHECK whose function belongs to a role that is no superuser; with what it does after it said who runs it. */
  async function databaseWithCodeOfOthers(body: string) {
    const low = await server.createRole({ attributes: 'NOSUPERUSER' })
    const database = await server.createDatabase('GRANT CREATE ON SCHEMA public TO PUBLIC')
    await withClient(low.urlFor(database), {}, (client) =>
      client.query(`SET search_path = public; CREATE TABLE t (id int);
        CREATE FUNCTION f(int) RETURNS boolean LANGUAGE plpgsql AS $$
          BEGIN RAISE LOG 'ran as %', current_user; ${body} END $$;
        ALTER TABLE t ADD CHECK (f(id)); INSERT INTO t VALUES (1)`),
    )
    return { database, owner: low.name }
  }

  it('are raised later, in an embedded server where no database may be created, and name what is missing', async () => {
    const role = await server.createRole({ attributes: 'IN ROLE pg_read_all_data' })
    const owner = await server.createRole()
    const database = await server.createDatabase(
      `CREATE TABLE t AS SELECT 1 AS id; ALTER TABLE t OWNER TO "${owner.name}"`,
    )
    // Code that a backup may contain, and that runs when the rows are loaded: there it reaches nothing else.
    const reached = `reached_${owner.name}`
    await database.query(`
      CREATE FUNCTION f(int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
        CREATE ROLE "${reached}"; RAISE WARNING 'made a role'; RETURN true; END $$;
      ALTER TABLE t ADD CHECK (f(id)); DROP ROLE "${reached}"`)
    const roles = () =>
      server.createDatabase().then((any) => any.query('SELECT FROM pg_roles WHERE rolname = $1', [reached]))
    const backup = await backUpTo(folder(), role.urlFor(database), { ...NOTHING_INSTALLED, level: 2 })
    assert.equal(backup.level, 2)
    assert.deepEqual(backup.manifest.needs.roles, [owner.name])
    const raised = await verify(backup.path, 3, null)
    assert.equal(raised.level, 3, JSON.stringify(raised.proofs))
    assert.match(
      raised.proofs.at(-1)?.detail ?? '',
      /embedded PostgreSQL: 1 table with 1 row\b.*1 warning: made a role/,
    )
    assert.equal(readManifest(backup.path)?.level, 3)
    assert.deepEqual(await roles(), [])
    await database.drop()
    await (await server.createDatabase()).query(`DROP ROLE "${owner.name}"`)
    const elsewhere = await verify(backup.path)
    assert.equal(elsewhere.proofs.at(-1)?.outcome, 'not proven')
    assert.match(elsewhere.proofs.at(-1)?.detail ?? '', new RegExp(`has no roles ${owner.name}`))
  })

  for (const [kind, options] of [
    ['pg_dump', {}],
    ['the built-in one', NOTHING_INSTALLED],
    ['the export', { way: EXPORT_WAY }],
  ] as const) {
    it(`are reached by ${kind} in an embedded server, which says what it lacks`, async function () {
      if (kind === 'pg_dump' && !fs.existsSync(path.join(server.binFolder, 'pg_dump'))) this.skip()
      const reader = await server.createRole({ attributes: 'IN ROLE pg_read_all_data' })
      const database = await server.createDatabase(EVERYTHING_SQL)
      await database.query(`DO $$ DECLARE o oid; BEGIN FOR o IN SELECT oid FROM pg_largeobject_metadata LOOP
        EXECUTE format('GRANT SELECT ON LARGE OBJECT %s TO %I', o, '${reader.name}'); END LOOP; END $$`)
      await database.query(`ALTER TABLE "User" DISABLE ROW LEVEL SECURITY`)
      // Nobody asked for level 3: it is small.
      const backup = await backUpTo(path.join(folder(), 'all'), reader.urlFor(database), options)
      assert.equal(backup.level, 3, backup.proof)
      assert.match(backup.proof, /restored into an embedded PostgreSQL: 7 tables with 3,080 rows/)

      const lacking = await server.createDatabase(
        `CREATE EXTENSION lo; CREATE TABLE t (file lo); INSERT INTO t VALUES (1); CREATE TABLE u AS SELECT 1 AS id`,
      )
      const progress: string[] = []
      const url = reader.urlFor(lacking)
      const onProgress = (message: Phrase) => progress.push(inPlainEnglish(message))
      const partial = await backUpTo(path.join(folder(), 'lacking'), url, { ...options, onProgress })
      assert.equal(partial.level, 2)
      assert.match(
        partial.proof,
        /NOT proven: .*1 of 2 tables with 1 row, equal.*it refused .*extension "lo" is not available/,
      )
      assert.match(partial.proof, /TABLE t \(/)
      assert.ok(progress.includes('The embedded PostgreSQL has no extensions lo'))
    })
  }

  it('do not believe a manifest that is damaged, of another file, or leads elsewhere', async () => {
    const database = await server.createDatabase('CREATE TABLE t AS SELECT 1 AS id')
    const backup = await backUpTo(folder(), database.url, { level: 1 })
    const manifest = readManifest(backup.path)
    for (const text of [
      '{',
      '{}',
      JSON.stringify({ ...manifest, file: '../x' }),
      JSON.stringify({ ...manifest, file: 'x' }),
    ]) {
      fs.writeFileSync(`${backup.path}.json`, text)
      await assert.rejects(verify(backup.path, 1), { code: 'manifest-invalid' })
      const problem = listBackups(folder())[0]?.problem ?? phrase``
      assert.match(inPlainEnglish(problem), /not a valid backup manifest/)
    }
  })
})
