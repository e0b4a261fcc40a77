import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { usePostgres } from '../../support/postgres'
import { restored, SHOP_SQL, verified } from './damages'
import { backUpTo, NOTHING_INSTALLED, useFolder } from './support'

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
    // Without a manifest it is seen to restore, and not to be what the database held.
    fs.rmSync(`${backup.path}.json`)
    const alone = await verified(backup.path, server.url)
    assert.equal(alone.reached, 1)
    assert.match(alone.words, /2 tables with 440 rows and 5 constraints; the original contents were not recorded/)
    // Nor are records read that are links.
    fs.renameSync(`${backup.path}.sha256`, beside('elsewhere'))
    fs.symlinkSync(beside('elsewhere'), `${backup.path}.sha256`)
    assert.equal((await verified(backup.path, server.url)).reached, 'checksum-unreadable')
    fs.symlinkSync(beside('elsewhere'), `${backup.path}.json`)
    assert.equal((await verified(backup.path, server.url)).reached, 'manifest-invalid')
  })
})
