import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { Backup } from '../../../server/src/backup/back-up'
import { hashBackup, sizeOfBackup } from '../../../server/src/backup/backup-file'
import { listBackups } from '../../../server/src/backup/manifest/list-backups'
import { readManifest } from '../../../server/src/backup/manifest/manifest-file'
import { restoreBackup } from '../../../server/src/backup/restore/restore-backup'
import { restoreIntoNewDatabase } from '../../../server/src/backup/restore/restore-elsewhere'
import { proveOurs, removeBackup } from '../../../server/src/backup/retention/remove-backup'
import { verifyBackup } from '../../../server/src/backup/verify-backup'
import { withClient } from '../../../server/src/database/connect'
import { AuditError } from '../../../server/src/errors'
import { usePostgres, type TestDatabase } from '../../support/postgres'
import { ALL_ROWS, backUpTo, EVERYTHING_SQL, NOTHING_INSTALLED, useFolder, writeScript } from './support'

describe('a backup by several connections, which is a folder', () => {
  const server = usePostgres()
  const folder = useFolder()
  let database: TestDatabase

  before(async function () {
    if (!fs.existsSync(path.join(server.binFolder, 'pg_dump'))) this.skip()
    database = await server.createDatabase(EVERYTHING_SQL)
  })

  const modeOf = (file: string) => fs.statSync(file).mode & 0o777
  const reasonOf = async (work: Promise<unknown>) => {
    try {
      await work
      return 'nothing'
    } catch (error) {
      assert.ok(error instanceof AuditError, String(error))
      return `${error.code}: ${error.message} ${error.why}`
    }
  }

  it('restores to equal data, into a new database and over a full one, and is listed and deleted as one', async () => {
    const mask = process.umask(0)
    const backup = await backUpTo(folder(), database.url, { jobs: 3, level: 3 }).finally(() => process.umask(mask))
    assert.equal(path.basename(backup.path), `${database.name}-20260131T120000Z.dir`)
    assert.deepEqual([backup.format, backup.level, backup.manifest.format], ['directory', 3, 'directory'])
    assert.match(backup.tool, /^pg_dump \d+\.\d+ with 3 jobs \(/)
    const names = fs.readdirSync(backup.path)
    assert.ok(names.includes('toc.dat') && names.includes('blobs.toc') && names.length > 10, names.join())
    for (const name of names) assert.equal(modeOf(path.join(backup.path, name)), 0o600, name)
    assert.equal(modeOf(backup.path), 0o700)
    // As sha256sum checks it.
    const sums = fs.readFileSync(`${backup.path}.sha256`, 'utf8').trimEnd().split('\n')
    assert.deepEqual(
      sums.map((line) => line.slice(66)),
      names.sort().map((name) => `${path.basename(backup.path)}/${name}`),
    )
    const [first, ...others] = listBackups(folder())
    assert.deepEqual([first?.path, first?.bytes, first?.problem, others], [backup.path, backup.bytes, null, []])
    const options = { path: backup.path, url: database.url, environment: process.env }
    const { level, checksum } = await verifyBackup({ ...options, level: 3 })
    assert.deepEqual([level, checksum], [3, 'verified'])

    const restored = await restoreIntoNewDatabase({ ...options, database: `${database.name}_new` })
    assert.deepEqual(restored.comparison?.differences, [])
    const full = await server.createDatabase('CREATE TABLE other (id int)')
    const over = await restoreBackup({ ...options, url: full.url, force: true })
    assert.deepEqual(over.comparison?.differences, [])
    assert.deepEqual(await full.query(ALL_ROWS), await database.query(ALL_ROWS))

    const listed = { path: backup.path, manifest: readManifest(backup.path) }
    const ours = await proveOurs(listed)
    fs.writeFileSync(path.join(backup.path, '9999.dat.gz'), 'mine')
    assert.throws(() => removeBackup(ours), { code: 'backup-not-ours' })
    assert.match(await reasonOf(proveOurs(listed)), /9999\.dat\.gz is new/)
    fs.renameSync(path.join(backup.path, '9999.dat.gz'), path.join(backup.path, 'notes.txt'))
    assert.match(await reasonOf(proveOurs(listed)), /contains notes\.txt, which pg_dump does not write/)
    fs.rmSync(path.join(backup.path, 'notes.txt'))
    removeBackup(await proveOurs(listed))
    assert.deepEqual(fs.readdirSync(folder()), [])
  })

  it('restores the triggers of partitioned tables after the rows, in whatever order pg_restore works', async () => {
    // It would fail on each row.
    const partitioned = await server.createDatabase(`
      CREATE TABLE parts (id int PRIMARY KEY) PARTITION BY HASH (id);
      CREATE TABLE parts_0 PARTITION OF parts FOR VALUES WITH (MODULUS 1, REMAINDER 0);
      INSERT INTO parts SELECT generate_series(1, 9);
      CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW."updatedAt" := now(); RETURN NEW; END $$;
      CREATE TRIGGER each_row BEFORE INSERT ON parts FOR EACH ROW EXECUTE FUNCTION touch()`)
    const backup = await backUpTo(folder(), partitioned.url, { jobs: 2, level: 1 })
    const programs = path.join(folder(), 'bin')
    const real = server.binFolder
    writeScript(path.join(programs, 'pg_dump'), `exec "${real}/pg_dump" "$@"`)
    // With several jobs it does what depends on nothing whenever a job is free: here, triggers first.
    const reordered = path.join(folder(), 'order')
    writeScript(
      path.join(programs, 'pg_restore'),
      `case "$*" in *--jobs=*) ;; *) exec "${real}/pg_restore" "$@" ;; esac
      "${real}/pg_restore" --list "${backup.path}" > "${reordered}.all" || exit
      { grep -v -e ' TABLE DATA ' -e ' CONSTRAINT ' -e ' INDEX ' "${reordered}.all"; grep -e ' TABLE DATA ' -e ' CONSTRAINT ' -e ' INDEX ' "${reordered}.all"; } > "${reordered}"
      for word; do shift; case "$word" in --jobs=*) ;; *) set -- "$@" "$word" ;; esac; done
      exec "${real}/pg_restore" --use-list="${reordered}" "$@"`,
    )
    const restored = await restoreIntoNewDatabase({
      ...{ path: backup.path, url: partitioned.url, database: `${partitioned.name}_new`, pgDumpPath: programs },
      environment: process.env,
    })
    assert.deepEqual(restored.comparison?.differences, [])
  })

  it('is not called damaged where the server has no connection left for the restore', async () => {
    const limited = await server.createRole({ attributes: 'CREATEDB CONNECTION LIMIT 2' })
    const small = await server.createDatabase(`CREATE TABLE t (id int); ALTER TABLE t OWNER TO "${limited.name}"`)
    const { path: file } = await backUpTo(folder(), small.url, { jobs: 2, level: 2 })
    const url = limited.urlFor(small)
    // Of the two, one is taken. How many pg_restore's jobs need at a time is not always the same.
    const { proofs } = await withClient(url, {}, () =>
      verifyBackup({ path: file, level: 3, url, environment: process.env }),
    )
    assert.deepEqual(
      proofs.map(({ outcome }) => outcome),
      ['passed', 'passed', 'not proven'],
      proofs.at(-1)?.detail,
    )
    assert.match(proofs.at(-1)?.detail ?? '', /too many connections/i)
    assert.equal(readManifest(file)?.level, 2)
    const left = `SELECT FROM pg_database WHERE datname ~ '^prisma_audit_scratch'`
    assert.deepEqual(await small.query(left), [])
  })

  it('one file is written where pg_dump is missing; several are not encrypted', async () => {
    const small = await server.createDatabase('CREATE TABLE t (id int)')
    const built = await backUpTo(folder(), small.url, { ...NOTHING_INSTALLED, jobs: 4, level: 1 })
    assert.equal(built.format, 'plain')
    const recipients = ['age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p']
    const failure = backUpTo(folder(), small.url, { jobs: 4, recipients })
    assert.match(await reasonOf(failure), /^backup-usage: Cannot encrypt a backup that several connections write/)
  })

  it('damaged in every way: what each level says', async () => {
    const backup = await backUpTo(folder(), database.url, { jobs: 2, level: 1 })
    // Of the same second, two of an unchanged database are equal.
    await database.query(`COMMENT ON TABLE "User" IS 'changed'`)
    const other = await backUpTo(folder(), database.url, { jobs: 2, level: 1, now: new Date('2026-02-01T00:00:00Z') })
    const isRows = (name: string) => /^\d+\.dat\.gz$/.test(name)
    /** The rows of the largest table. */
    const largest = (place: string) =>
      fs
        .readdirSync(place)
        .filter(isRows)
        .map((name) => path.join(place, name))
        .sort((a, b) => fs.statSync(b).size - fs.statSync(a).size)[0] ?? ''
    const bytesOf = (change: (whole: Buffer) => Buffer) => (place: string) =>
      fs.writeFileSync(largest(place), change(fs.readFileSync(largest(place))))
    const flipped = (whole: Buffer) => {
      whole.writeUInt8(whole.readUInt8(whole.length >> 1) ^ 0xff, whole.length >> 1)
      return whole
    }
    const intoContents = (from: string, to: string) => (place: string) => {
      const toc = path.join(place, 'toc.dat')
      const text = fs.readFileSync(toc, 'latin1')
      assert.ok(text.includes(from) && from.length === to.length)
      fs.writeFileSync(toc, text.replace(from, to), 'latin1')
    }
    const nameOfRows = path.basename(largest(backup.path), '.gz')
    const secret = path.join(folder(), 'secret')
    fs.writeFileSync(secret, 'mine')

    /** What verify says first, the checksums being as they were, and then fitting again. */
    const damages: readonly [what: string, change: (place: string) => void, unfit: RegExp, refit: RegExp][] = [
      ['nothing', () => undefined, /^1 .*read the whole file/, /^1 .*read the whole file/],
      ['a file missing', (place) => fs.rmSync(largest(place)), /\d+\.dat\.gz is missing/, /contains no file \d+\.dat/],
      [
        'truncated',
        bytesOf((whole) => whole.subarray(0, whole.length - 40)),
        /has changed/,
        /^0 .*truncated or damaged/,
      ],
      ['a bit flipped', bytesOf(flipped), /has changed/, /^0 .*truncated or damaged/],
      [
        'SQL behind the rows, which pg_restore writes into a script',
        bytesOf((whole) => gzipSync(`${gunzipSync(whole).toString('latin1').trimEnd()}\nDROP TABLE public."User";\n`)),
        /has changed/,
        /^0 .*contains DROP TABLE among its rows/,
      ],
      [
        'a file added',
        (place) => fs.copyFileSync(largest(place), path.join(place, '99999.dat.gz')),
        /^0 .*99999\.dat\.gz is new/,
        /^0 .*contains 99999\.dat\.gz, which its table of contents does not name/,
      ],
      [
        'a foreign file added',
        (place) => fs.writeFileSync(path.join(place, 'notes.txt'), ''),
        /^0 .*contains notes\.txt, which pg_dump does not write/,
        /^0 .*contains notes\.txt/,
      ],
      [
        'a file that is a link',
        (place) => {
          fs.rmSync(largest(place))
          fs.symlinkSync(secret, path.join(place, `${nameOfRows}.gz`))
        },
        /^0 .*contains a symbolic link, \d+\.dat\.gz/,
        /^0 .*contains a symbolic link/,
      ],
      [
        'no table of contents',
        (place) => fs.rmSync(path.join(place, 'toc.dat')),
        /^0 .*no toc\.dat/,
        /^0 .*no toc\.dat/,
      ],
      [
        'rubbish after the table of contents',
        (place) => fs.appendFileSync(path.join(place, 'toc.dat'), 'rubbish'),
        /^0 .*toc\.dat has changed/,
        /^0 .*bytes after the table of contents/,
      ],
      [
        'a table of contents that leads elsewhere',
        intoContents(nameOfRows, '../secret'.slice(0, nameOfRows.length).padStart(nameOfRows.length, '/')),
        /^0 .*toc\.dat has changed/,
        /^0 .*contains no file .*which its table of contents names/,
      ],
      [
        'files swapped between two tables',
        (place) => {
          const [first = '', second = ''] = fs
            .readdirSync(place)
            .filter(isRows)
            .map((name) => path.join(place, name))
          fs.renameSync(first, secret)
          fs.renameSync(second, first)
          fs.renameSync(secret, second)
        },
        /^0 .*has changed/,
        /^1 .*rows? in the backup, but had/,
      ],
    ]
    for (const [number, [what, change, unfit, refit]] of damages.entries()) {
      const file = copyOf(backup, `${number}`)
      change(file)
      assert.match(await verified(file), unfit, what)
      const manifest = { ...backup.manifest, ...(await sumsOf(file)) }
      fs.writeFileSync(`${file}.json`, JSON.stringify(manifest))
      fs.rmSync(`${file}.sha256`)
      assert.match(await verified(file, what === 'nothing' ? 1 : 2), refit, what)
      if (number > 0)
        assert.notEqual(await reasonOf(proveOurs({ path: file, manifest }).then(() => restored(file))), 'nothing', what)
    }
    // One of pg_dump's alone, whatever its name.
    const foreign = path.join(folder(), 'foreign')
    fs.cpSync(other.path, foreign, { recursive: true })
    assert.match(await verified(foreign, 2), /^1 .*read the whole file; the original contents were not recorded/)
    // Swapped between two backups.
    const swapped = copyOf(backup, 'swapped')
    fs.rmSync(swapped, { recursive: true })
    fs.cpSync(other.path, swapped, { recursive: true })
    assert.match(await verified(swapped), /^0 .*toc\.dat has changed/)
    assert.equal(readManifest(swapped)?.level, 0)

    function copyOf(original: Backup, name: string): string {
      const place = path.join(folder(), name)
      const file = path.join(place, path.basename(original.path))
      fs.cpSync(original.path, file, { recursive: true })
      for (const end of ['.json', '.sha256']) fs.copyFileSync(original.path + end, file + end)
      return file
    }
    async function sumsOf(file: string): Promise<object> {
      try {
        return { sha256: (await hashBackup(file)).sha256, bytes: sizeOfBackup(file) }
      } catch {
        return {}
      }
    }
    async function verified(file: string, level: 1 | 2 = 1): Promise<string> {
      const result = await verifyBackup({ path: file, level, url: null, environment: process.env })
      return `${result.level} ${result.proofs.map(({ detail }) => detail).join('; ')}`
    }
    async function restored(file: string): Promise<void> {
      const target = await server.createDatabase()
      try {
        await restoreBackup({ path: file, url: target.url, environment: process.env })
      } finally {
        await target.drop()
      }
    }
  })
})
