import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { Backup } from '../../../server/src/backup/back-up'
import type { BackupManifest } from '../../../server/src/backup/manifest/manifest'
import { readManifest } from '../../../server/src/backup/manifest/manifest-file'
import { restoreBackup } from '../../../server/src/backup/restore/restore-backup'
import { verifyBackup } from '../../../server/src/backup/verify-backup'
import { AuditError } from '../../../server/src/errors'
import { usePostgres, type TestDatabase } from '../../support/postgres'
import { EXPORT_WAY } from '../../../server/src/backup/export/export-way'
import { backUpTo, NOTHING_INSTALLED, useFolder } from './support'

const SQL = `
  CREATE TABLE "User" (id serial PRIMARY KEY, email text UNIQUE NOT NULL CHECK (email <> ''));
  CREATE TABLE "Lead" (id int PRIMARY KEY, "ownerId" int REFERENCES "User", note text);
  CREATE FUNCTION twice(a int) RETURNS int LANGUAGE sql AS 'SELECT a * 2';
  CREATE VIEW emails AS SELECT email FROM "User";
  COMMENT ON TABLE "Lead" IS 'who may become a customer';
  GRANT SELECT ON "User" TO pg_monitor;
  INSERT INTO "User" (email) SELECT 'u' || i || '@example.org' FROM generate_series(1, 40) i;
  INSERT INTO "Lead" SELECT i, 1 + i % 40, md5(i::text) FROM generate_series(1, 400) i;
  SELECT lo_from_bytea(7001, 'large')`

/** What was done to a backup. The checksums fit again where `refit` says so, as whoever tampers makes them. */
interface Damage {
  readonly what: string
  readonly bytes?: (whole: Buffer) => Buffer
  readonly manifest?: (manifest: BackupManifest) => object
  readonly refit?: boolean
  /** The levels that are reached when 3 is asked for; or the error's code. */
  readonly reaches: number | string
  /** Of what is said of it. */
  readonly says: RegExp
  /** What `restore` does: an error's code, or `restored` with differences that are named, or none. */
  readonly restore: string
}

describe('damaged, partial, foreign and tampered backups', () => {
  const server = usePostgres()
  const folder = useFolder()
  let database: TestDatabase

  before(async () => {
    database = await server.createDatabase(SQL)
  })

  const cut = (part: number) => (whole: Buffer) => whole.subarray(0, Math.floor(whole.length * part))
  const flip = (part: number) => (whole: Buffer) => {
    const flipped = Buffer.from(whole)
    const place = Math.floor(whole.length * part)
    flipped[place] = (flipped[place] ?? 0) ^ 0xff
    return flipped
  }
  const text = (change: (sql: string) => string) => (whole: Buffer) => {
    const sql = whole.toString('latin1')
    const changed = change(sql)
    assert.notEqual(changed, sql)
    return Buffer.from(changed, 'latin1')
  }
  const gzipped = (change: (sql: string) => string) => (whole: Buffer) => gzipSync(text(change)(gunzipSync(whole)))
  const contents =
    (change: (held: NonNullable<BackupManifest['contents']>) => object) => (manifest: BackupManifest) => {
      assert.ok(manifest.contents)
      return { contents: { ...manifest.contents, ...change(manifest.contents) } }
    }
  const CHANGED = { reaches: 0, says: /has changed since it was created/, restore: 'backup-changed' }
  const UNREADABLE = { refit: true, reaches: 0, says: /truncated or damaged/, restore: 'backup-unreadable' }
  const UNKNOWN = { refit: true, reaches: 0, says: /does not start like/, restore: 'backup-unknown-format' }
  const DIFFERS = { refit: true, restore: 'backup-differs' }

  const ANY: readonly Damage[] = [
    { what: 'truncated, as the checksum tells', bytes: cut(0.6), ...CHANGED },
    { what: 'a bit flipped, as the checksum tells', bytes: flip(0.5), ...CHANGED },
    { what: 'truncated to 3 bytes', bytes: (whole) => whole.subarray(0, 3), ...UNKNOWN, reaches: 0, says: /damaged/ },
    { what: 'empty', bytes: () => Buffer.alloc(0), ...UNREADABLE, says: /empty/ },
    { what: 'another kind of file', bytes: () => Buffer.from('{"not": "a backup"}'), ...UNKNOWN },
    {
      what: 'a manifest that raises the level',
      manifest: () => ({ level: 4 }),
      ...{ reaches: 'manifest-invalid', says: /its level is 4, but its proofs show 1/, restore: 'manifest-invalid' },
    },
    {
      what: 'a manifest with other rows',
      manifest: contents(({ tables }) => ({ tables: tables.map((table) => ({ ...table, rows: table.rows + 1 })) })),
      ...{ reaches: 1, says: /"Lead" has 400 rows in the backup, but had 401/, restore: 'backup-differs' },
    },
    {
      what: 'a manifest with another hash',
      manifest: contents(({ tables }) => ({ tables: tables.map((table) => ({ ...table, hash: '0'.repeat(24) })) })),
      ...{ reaches: 2, says: /the values of its 400 rows differ/, restore: 'the values of its 400 rows differ' },
    },
    {
      what: 'a manifest with another checksum',
      manifest: () => ({ sha256: 'a'.repeat(64) }),
      ...{ reaches: 0, says: /The checksums of .* do not match/, restore: 'backup-changed' },
    },
    {
      what: 'a manifest of another size',
      manifest: () => ({ bytes: 12 }),
      ...{ reaches: 'manifest-invalid', says: /it says 12 bytes/, restore: 'manifest-invalid' },
    },
    {
      what: 'a manifest of another format',
      manifest: ({ format }) => ({ format: format === 'plain' ? 'custom' : 'plain' }),
      ...{ reaches: 'manifest-invalid', says: /says that the format is/, restore: 'manifest-invalid' },
    },
    {
      what: 'a manifest of another Prisma Audit',
      manifest: () => ({ formatVersion: 4 }),
      ...{
        reaches: 'manifest-invalid',
        says: /formatVersion: is 4, and .* reads 1 to 3/,
        restore: 'manifest-invalid',
      },
    },
    {
      what: 'a manifest of version 1, whose hashes do not compare',
      manifest: ({ needs: { roles, extensions }, contents: held }) => ({
        ...{ formatVersion: 1, needs: { roles, extensions } },
        contents: { ...held, tables: held?.tables.map((table) => ({ ...table, hash: '0'.repeat(48) })) },
      }),
      ...{ reaches: 1, says: /the original contents were not recorded/, restore: 'no manifest' },
    },
    {
      what: 'a manifest of another file',
      manifest: () => ({ file: 'other.dump' }),
      ...{ reaches: 'manifest-invalid', says: /belongs to another file/, restore: 'manifest-invalid' },
    },
  ]

  const ARCHIVES: readonly Damage[] = [
    {
      what: 'rubbish behind its end',
      bytes: (whole) => Buffer.concat([whole, Buffer.from('rubbish')]),
      ...UNREADABLE,
      says: /bytes at \d+ that belong to nothing in its table of contents/,
    },
    {
      what: 'data twice',
      bytes: (whole) => Buffer.concat([whole, whole.subarray(-200)]),
      ...UNREADABLE,
      says: /bytes at \d+ that belong to nothing|ends too early/,
    },
    { what: 'truncated in its list of contents', bytes: (whole) => whole.subarray(0, 900), ...UNREADABLE },
    { what: 'truncated in its data', bytes: cut(0.97), ...UNREADABLE },
    {
      what: 'a bit flipped in its name',
      bytes: (whole) => text((all) => all.replace('PGDMP', 'PGDMQ'))(whole),
      ...UNKNOWN,
    },
    {
      what: 'the version of an archive that nobody knows',
      bytes: (whole) => Buffer.concat([whole.subarray(0, 6), Buffer.of(99), whole.subarray(7)]),
      ...UNREADABLE,
      says: /unsupported version \(1\.99\)/,
    },
    {
      what: 'the version of a newer pg_dump',
      bytes: (whole) => Buffer.concat([whole.subarray(0, 6), Buffer.of(16), whole.subarray(7)]),
      ...{ refit: true, reaches: 'pg-restore-missing', says: /PostgreSQL 17 or newer/, restore: 'pg-restore-missing' },
    },
    {
      what: 'a function that does something else',
      bytes: text((all) => all.replace('a * 2', 'a * 3')),
      refit: true,
      reaches: 2,
      says: /function public\.twice\(a integer\) has another definition/,
      restore: 'function public.twice',
    },
    {
      what: 'a block that creates a superuser',
      bytes: text((all) =>
        all.replace(/CREATE VIEW public\.emails AS[^;]*;/, (view) =>
          'DO $$BEGIN CREATE ROLE evil SUPERUSER; END$$;'.padEnd(view.length),
        ),
      ),
      ...UNREADABLE,
      says: /contains a DO statement, which pg_dump does not write/,
    },
    {
      what: 'a call instead of the value of a sequence',
      bytes: text((all) =>
        all.replace(/SELECT pg_catalog\.setval\('public\."User_id_seq"', 40, true\);/, (call) =>
          `SELECT pg_catalog.setval('a', pg_backend_pid());`.padEnd(call.length),
        ),
      ),
      ...UNREADABLE,
      says: /contains a SELECT of its own, which pg_dump does not write/,
    },
  ]

  const PLAIN: readonly Damage[] = [
    {
      what: 'a statement behind its end',
      bytes: (whole) => Buffer.concat([whole, Buffer.from('COMMENT ON TABLE public."Lead" IS NULL;\n')]),
      ...UNREADABLE,
      says: /continues after the end of the dump/,
    },
    { what: 'truncated', bytes: cut(0.8), ...UNREADABLE },
    { what: 'bytes that are no UTF-8', bytes: flip(0.6), ...UNREADABLE },
    {
      what: 'a table without its rows',
      bytes: text((sql) => sql.replace(/INSERT INTO public\."User" [^;]*;/, '')),
      ...DIFFERS,
      reaches: 1,
      says: /"User" has 0 rows in the backup, but had 40/,
    },
    {
      what: 'another table',
      bytes: text((sql) =>
        sql.replace(
          '--\n-- PostgreSQL database dump complete',
          '--\n-- Name: more; Type: TABLE; Schema: public; Owner: postgres\n--\nCREATE TABLE public.more ();\n--\n-- PostgreSQL database dump complete',
        ),
      ),
      ...DIFFERS,
      reaches: 1,
      says: /table "public"\."more" is in the backup, but was not/,
    },
    {
      what: 'a statement that deletes',
      bytes: text((sql) =>
        sql.replace(
          '--\n-- PostgreSQL database dump complete',
          'DELETE FROM public."Lead" WHERE id = 9;\n--\n-- PostgreSQL database dump complete',
        ),
      ),
      ...UNREADABLE,
      says: /contains a DELETE statement, which pg_dump does not write/,
    },
    {
      what: 'a hidden function',
      bytes: text((sql) =>
        sql.replace(
          '--\n-- PostgreSQL database dump complete',
          "CREATE FUNCTION public.evil() RETURNS int LANGUAGE sql AS 'SELECT 1';\n--\n-- PostgreSQL database dump complete",
        ),
      ),
      refit: true,
      reaches: 2,
      says: /function public\.evil\(\) is in the backup, but was not/,
      restore: 'public.evil()',
    },
    {
      what: 'another value',
      bytes: text((sql) => sql.replace("'u7@example.org'", "'x7@example.org'")),
      refit: true,
      reaches: 2,
      says: /"User": the values of its 40 rows differ/,
      restore: 'values of its 40 rows differ',
    },
    {
      what: 'another large object',
      bytes: text((sql) => sql.replace('6c61726765', '6c61726764')),
      refit: true,
      reaches: 2,
      says: /large objects differ/,
      restore: 'large objects differ',
    },
    {
      what: 'a sequence that starts again',
      bytes: text((sql) => sql.replace(/setval\('public\."User_id_seq"', 40/, 'setval(\'public."User_id_seq"\', 3')),
      refit: true,
      reaches: 2,
      says: /sequence public\."User_id_seq" is at 3 in the backup, but was at 40/,
      restore: 'is at 3',
    },
    {
      what: 'more privileges',
      bytes: text((sql) => sql.replace('TO pg_monitor', 'TO PUBLIC')),
      refit: true,
      reaches: 2,
      says: /privileges public\."User" differ/,
      restore: 'privileges public."User" differ',
    },
    {
      what: 'another constraint',
      bytes: text((sql) => sql.replace('UNIQUE (email)', 'UNIQUE (id, email)')),
      refit: true,
      reaches: 2,
      says: /constraint .* has another definition/,
      restore: 'has another definition',
    },
    {
      what: 'another comment',
      bytes: text((sql) => sql.replace('who may become', 'who became')),
      refit: true,
      reaches: 2,
      says: /comment .*Lead.* has another definition/,
      restore: 'comment',
    },
    {
      what: 'a COMMIT before an error',
      bytes: text((sql) => sql.replace('CREATE VIEW', 'ROLLBACK;\nCREATE VIEW')),
      ...UNREADABLE,
      says: /a ROLLBACK statement, which pg_dump does not write/,
    },
    {
      what: 'what psql would run',
      bytes: text((sql) => sql.replace('CREATE VIEW', '\\! touch /tmp/x\nCREATE VIEW')),
      ...UNREADABLE,
      says: /a psql command, which pg_dump does not write/,
    },
    {
      what: 'COPY by pg_dump itself',
      bytes: text((sql) =>
        sql.replace(
          /INSERT INTO public\."User"/,
          'COPY public."User" (id) FROM stdin;\n1\n\\.\nINSERT INTO public."User"',
        ),
      ),
      refit: true,
      reaches: 0,
      says: /plain SQL dump by pg_dump for psql, with COPY/,
      restore: 'backup-unknown-format',
    },
  ]

  const EXPORTS: readonly Damage[] = [
    { what: 'rubbish behind its end', bytes: (whole) => Buffer.concat([whole, Buffer.from('rubbish')]), ...UNREADABLE },
    { what: 'zeros behind its end', bytes: (whole) => Buffer.concat([whole, Buffer.alloc(600)]), ...UNREADABLE },
    {
      what: 'another gzip behind its end',
      bytes: (whole) => Buffer.concat([whole, gzipSync('DELETE FROM public."Lead";')]),
      ...UNREADABLE,
      says: /continues after the end of the export/,
    },
    { what: 'truncated', bytes: cut(0.7), ...UNREADABLE },
    { what: 'a bit flipped', bytes: flip(0.6), ...UNREADABLE },
    { what: 'what is compressed ends early', bytes: (whole) => gzipSync(cut(0.7)(gunzipSync(whole))), ...UNREADABLE },
    { what: 'nothing, compressed', bytes: () => gzipSync(''), ...UNREADABLE },
    {
      what: 'a dump that another program compressed',
      bytes: () => gzipSync('--\n-- PostgreSQL database dump\n--\n'),
      ...UNKNOWN,
      says: /that another program compressed/,
    },
    {
      what: 'a row less',
      bytes: gzipped((sql) => sql.replace(/^7\t8\t.*\n/m, '')),
      ...DIFFERS,
      reaches: 1,
      says: /"Lead" has 399 rows in the backup, but had 400/,
    },
    {
      what: 'another value',
      bytes: gzipped((sql) => sql.replace('u7@example.org', 'x7@example.org')),
      refit: true,
      reaches: 2,
      says: /"User": the values of its 40 rows differ/,
      restore: 'values of its 40 rows differ',
    },
    {
      what: 'a block that creates a superuser',
      bytes: gzipped((sql) =>
        sql.replace('CREATE VIEW', 'DO $$ BEGIN CREATE ROLE evil SUPERUSER; END $$;\nCREATE VIEW'),
      ),
      ...UNREADABLE,
      says: /a DO statement, which pg_dump does not write/,
    },
    {
      what: 'a table less',
      bytes: gzipped((sql) => sql.replace(/^-- Name: emails; Type: VIEW.*\n--\n\nCREATE VIEW[^;]*;/m, '-- ')),
      ...DIFFERS,
      reaches: 1,
      says: /view public\.emails is missing/,
    },
  ]

  /** Puts a damaged copy of a backup into a folder of its own. */
  function damagedCopy(backup: Backup, { bytes, manifest, refit }: Damage, number: number): string {
    const place = path.join(folder(), String(number))
    fs.mkdirSync(place)
    const file = path.join(place, path.basename(backup.path))
    for (const end of ['', '.json', '.sha256']) fs.copyFileSync(backup.path + end, file + end)
    if (bytes !== undefined) fs.writeFileSync(file, bytes(fs.readFileSync(file)))
    if (refit === true) {
      const whole = fs.readFileSync(file)
      const sha256 = createHash('sha256').update(whole).digest('hex')
      fs.writeFileSync(`${file}.json`, JSON.stringify({ ...backup.manifest, sha256, bytes: whole.length }))
      fs.writeFileSync(`${file}.sha256`, `${sha256}  ${path.basename(file)}\n`)
    }
    if (manifest !== undefined) {
      fs.writeFileSync(`${file}.json`, JSON.stringify({ ...backup.manifest, ...manifest(backup.manifest) }))
    }
    return file
  }

  async function check(backup: Backup, damages: readonly Damage[]): Promise<void> {
    const target = await server.createDatabase()
    for (const [number, damage] of damages.entries()) {
      const file = damagedCopy(backup, damage, number)
      const said = await verified(file)
      assert.equal(said.reached, damage.reaches, `${damage.what}: ${said.words}`)
      assert.match(said.words, damage.says, `${damage.what}: ${said.words}`)
      if (typeof damage.reaches === 'number') assert.equal(readManifest(file)?.level, damage.reaches, damage.what)
      const { code, words } = await restored(file, target)
      if (code === null) assert.ok(words.includes(damage.restore), `${damage.what}: ${words}`)
      else assert.equal(code, damage.restore, `${damage.what}: ${words}`)
      if (code !== null)
        assert.deepEqual(
          await target.query(`SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace`),
          [],
        )
      else
        await target.query(
          `DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC; SELECT lo_unlink(oid) FROM pg_largeobject_metadata`,
        )
    }
  }

  /** The error or the last proof, in words. */
  async function verified(file: string): Promise<{ reached: number | string; words: string }> {
    try {
      const { level, proofs } = await verifyBackup({ path: file, level: 3, url: server.url, environment: process.env })
      return { reached: level, words: proofs.map(({ detail }) => detail).join('; ') }
    } catch (error) {
      if (!(error instanceof AuditError)) throw error
      assert.notEqual(error.nextStep, '')
      return { reached: error.code, words: `${error.message} ${error.why} ${error.nextStep}` }
    }
  }

  async function restored(file: string, target: TestDatabase): Promise<{ code: string | null; words: string }> {
    try {
      const { comparison } = await restoreBackup({ path: file, url: target.url, environment: process.env })
      return { code: null, words: comparison?.differences.join('; ') ?? 'no manifest' }
    } catch (error) {
      if (!(error instanceof AuditError)) throw error
      assert.notEqual(error.nextStep, '')
      return { code: error.code, words: `${error.message} ${error.why}` }
    }
  }

  it('as archives of pg_dump', async function () {
    if (!fs.existsSync(path.join(server.binFolder, 'pg_dump'))) this.skip()
    await check(await backUpTo(folder(), database.url, { level: 1 }), [...ANY, ...ARCHIVES])
  })

  it('as dumps of the built-in one', async () => {
    await check(await backUpTo(folder(), database.url, { ...NOTHING_INSTALLED, level: 1 }), PLAIN)
  })

  it('as exports', async () => {
    await check(await backUpTo(folder(), database.url, { way: EXPORT_WAY, level: 1 }), EXPORTS)
  })

  it('as what is no file of a backup', async () => {
    const empty = await server.createDatabase()
    const backup = await backUpTo(folder(), database.url, { ...NOTHING_INSTALLED, level: 2 })
    const beside = (name: string) => path.join(folder(), name)
    fs.symlinkSync(backup.path, beside('link.sql'))
    fs.mkdirSync(beside('folder.dump'))
    fs.writeFileSync(beside('tar.dump'), `toc.dat${'\0'.repeat(505)}`)
    fs.writeFileSync(beside('cluster.sql'), '--\n-- PostgreSQL database cluster dump\n--\n')
    fs.writeFileSync(
      beside('psql.sql'),
      '--\n-- PostgreSQL database dump\n--\n\n\\restrict a\n\nSET row_security = off;\n',
    )
    fs.writeFileSync(beside('powershell.sql'), '\ufeff--\n-- PostgreSQL database dump\n--\n', 'utf16le')
    fs.writeFileSync(beside('archive.dump.zst'), Buffer.of(0x28, 0xb5, 0x2f, 0xfd, 0))
    fs.writeFileSync(beside('archive.dump.gz'), gzipSync('PGDMP\x01\n'))
    fs.writeFileSync(beside('encrypted.dump'), 'age-encryption.org/v1\n-> X25519 x\n')
    fs.writeFileSync(beside('armored.dump'), '-----BEGIN AGE ENCRYPTED FILE-----\n')
    for (const [name, reached, words] of [
      ['link.sql', 'file-refused', /is a symbolic link.*points to .*Specify the path of the file itself/],
      ['folder.dump', 'file-refused', /It is a folder/],
      ['none.dump', 'backup-missing', /there is no such file/],
      ['tar.dump', 'backup-unknown-format', /in tar format.*`pg_restore`/],
      ['cluster.sql', 'backup-unknown-format', /a pg_dumpall dump.*`psql`/],
      ['psql.sql', 'backup-unknown-format', /by pg_dump for psql.*`psql --file FILE`/],
      ['powershell.sql', 'backup-unknown-format', /UTF-16 text, as PowerShell/],
      ['archive.dump.zst', 'backup-unknown-format', /compressed \(zstd\).*`zstd --decompress`/],
      ['archive.dump.gz', 'backup-unknown-format', /pg_dump archive that another program compressed.*`gunzip`/],
      ['encrypted.dump', 'backup-encrypted', /but no key was found/],
      ['armored.dump', 'backup-unknown-format', /ASCII-armored age file.*`age --decrypt`/],
    ] as const) {
      const said = await verified(beside(name))
      assert.deepEqual([name, said.reached], [name, reached])
      assert.match(said.words, words)
      const { code } = await restored(beside(name), empty)
      assert.equal(code, reached)
    }
    // Without a manifest it is seen to restore, and not to be what the database held.
    fs.rmSync(`${backup.path}.json`)
    const alone = await verified(backup.path)
    assert.equal(alone.reached, 1)
    assert.match(alone.words, /2 tables with 440 rows and 5 constraints; the original contents were not recorded/)
    // Nor are records read that are links.
    fs.renameSync(`${backup.path}.sha256`, beside('elsewhere'))
    fs.symlinkSync(beside('elsewhere'), `${backup.path}.sha256`)
    assert.equal((await verified(backup.path)).reached, 'checksum-unreadable')
    fs.symlinkSync(beside('elsewhere'), `${backup.path}.json`)
    assert.equal((await verified(backup.path)).reached, 'manifest-invalid')
  })
})
