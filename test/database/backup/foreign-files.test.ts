import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { PLAIN_READER } from '../../../server/src/backup/built-in/built-in-way'
import { EXPORT_WAY } from '../../../server/src/backup/export/export-way'
import { rehearseRestore } from '../../../server/src/backup/proof/rehearse-restore'
import { usePostgres } from '../../support/postgres'
import { restored, SHOP_SQL, verified } from './damages'
import { backUpTo, NOTHING_INSTALLED, useFolder } from './support'
import { inPlainEnglish } from '../../../server/src/text/phrase'

describe('files that are no backups of ours', () => {
  const server = usePostgres()
  const folder = useFolder()

  it('as what is no file of a backup', async () => {
    const database = await server.createDatabase(SHOP_SQL)
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
      const said = await verified(beside(name), server.url)
      assert.deepEqual([name, said.reached], [name, reached])
      assert.match(said.words, words)
      const { code } = await restored(beside(name), empty)
      assert.equal(code, reached)
    }
    // Without a manifest it is seen to restore where it reaches nothing, and not to be what the database held.
    fs.rmSync(`${backup.path}.json`)
    const alone = await verified(backup.path, server.url)
    assert.equal(alone.reached, 1)
    assert.match(
      alone.words,
      /embedded PostgreSQL, because no manifest .*2 tables with 440 rows, 5 constraints and 1 large object; the original contents were not/,
    )
    // Nor are records read that are links.
    fs.renameSync(`${backup.path}.sha256`, beside('elsewhere'))
    fs.symlinkSync(beside('elsewhere'), `${backup.path}.sha256`)
    assert.equal((await verified(backup.path, server.url)).reached, 'checksum-unreadable')
    fs.symlinkSync(beside('elsewhere'), `${backup.path}.json`)
    assert.equal((await verified(backup.path, server.url)).reached, 'manifest-invalid')
  })

  for (const [kind, options] of [
    ['pg_dump', {}],
    ['the built-in one', NOTHING_INSTALLED],
    ['the export', { way: EXPORT_WAY }],
  ] as const) {
    it(`run their code where it reaches nothing, unless a manifest records their contents: ${kind}`, async function () {
      if (kind === 'pg_dump' && !fs.existsSync(path.join(server.binFolder, 'pg_dump'))) this.skip()
      const database = await server.createDatabase(`
        CREATE EXTENSION citext; CREATE TABLE t (id int, name citext); INSERT INTO t VALUES (1, 'a');
        CREATE FUNCTION f(int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
          RAISE LOG 'ran in %', current_database();
          IF version() !~ 'PGlite' THEN COPY (SELECT 1) TO PROGRAM 'cat'; END IF;
          RETURN true; END $$;
        ALTER TABLE t ADD CHECK (f(id))`)
      const { path: file, manifest } = await backUpTo(folder(), database.url, { ...options, level: 2 })
      const { tables, ...rest } = manifest.contents ?? assert.fail()
      const first = { ...manifest, formatVersion: 1, contents: { ...rest, tables } }
      const ranOn = server.log().match(/ran in prisma_audit_scratch/g)?.length ?? 0
      for (const written of [null, JSON.stringify(first)]) {
        if (written === null) fs.rmSync(`${file}.json`)
        else fs.writeFileSync(`${file}.json`, written)
        const { reached, words } = await verified(file, server.url)
        assert.equal(reached, 1)
        assert.match(
          words,
          /an embedded PostgreSQL, because no manifest records what it contains, and a restore runs its code: 1 table with 1 row/,
        )
      }
      assert.equal(server.log().match(/ran in prisma_audit_scratch/g)?.length ?? 0, ranOn)
      // With its manifest, and where a person asks for a restore, it does run.
      fs.writeFileSync(`${file}.json`, JSON.stringify(manifest))
      assert.equal((await verified(file, server.url)).reached, 3)
      assert.ok((server.log().match(/ran in prisma_audit_scratch/g)?.length ?? 0) > ranOn)
      fs.rmSync(`${file}.json`)
      const target = await server.createDatabase()
      await restored(file, target)
      assert.match(server.log(), new RegExp(`ran in ${target.name}`))
    })
  }

  it('are not proven where they are too large for that, or their code does not end', async () => {
    const database = await server.createDatabase(`
      CREATE TABLE t (id int); INSERT INTO t VALUES (1);
      CREATE FUNCTION f(int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
        IF version() ~ 'PGlite' THEN LOOP END LOOP; END IF; RETURN true; END $$;
      ALTER TABLE t ADD CHECK (f(id))`)
    const { path: file, manifest } = await backUpTo(folder(), database.url, { ...NOTHING_INSTALLED, level: 2 })
    const request = { path: file, environment: process.env }
    const rehearse = async (databaseBytes: number) =>
      await rehearseRestore({
        ...{ ...request, reader: PLAIN_READER, expected: null, scope: 'database' as const, databaseBytes },
        server: { url: server.url, major: server.majorVersion, isSuperuser: true },
        ...{ needs: manifest.needs, owners: [], longestMilliseconds: 500, inventory: await PLAIN_READER.read(request) },
      })
    const large = await rehearse(300 * 1024 ** 2)
    assert.equal(large.outcome, 'not proven')
    assert.equal(
      inPlainEnglish(large.detail),
      'no manifest records what it contains, and a restore runs its code; it is too large for the embedded PostgreSQL (256 MB)',
    )
    const { outcome, detail } = await rehearse(1000)
    assert.equal(outcome, 'not proven')
    assert.match(inPlainEnglish(detail), /an embedded PostgreSQL took longer than 1 minute/)
  })
})
