import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { usePostgres } from '../../support/postgres'
import type { BackupManifest } from '../../../server/src/backup/manifest/manifest'
import { checkDamages, CHANGED, cut, flip, SHOP_SQL, text, UNKNOWN, UNREADABLE, type Damage } from './damages'
import { backUpTo, useFolder } from './support'

describe('damaged and tampered archives of pg_dump', () => {
  const server = usePostgres()
  const folder = useFolder()

  /** As long as the original: the places of the rows follow. */
  const copyInstead = (all: string, start: string, end: string) =>
    all.replace(/COPY public\."Lead" [^;]*;/, (copy) => start.padEnd(copy.length - end.length) + end)
  const contents =
    (change: (held: NonNullable<BackupManifest['contents']>) => object) => (manifest: BackupManifest) => {
      assert.ok(manifest.contents)
      return { contents: { ...manifest.contents, ...change(manifest.contents) } }
    }

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
        says: /its formatVersion is not one that .* reads \(1 to 3\)/,
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
      what: 'a COPY that runs a program',
      bytes: text((all) => copyInstead(all, `COPY public."Lead" FROM PROGRAM 'id'--`, ' FROM stdin;')),
      ...UNREADABLE,
      says: /a COPY of something other than its rows/,
    },
    {
      what: 'a statement behind a COPY, which pg_restore runs, too',
      bytes: text((all) => copyInstead(all, `COPY public."Lead" FROM stdin;\nDO 'BEGIN END'`, ';')),
      ...UNREADABLE,
      says: /a COPY of something other than its rows/,
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

  it('as archives of pg_dump', async function () {
    if (!fs.existsSync(path.join(server.binFolder, 'pg_dump'))) this.skip()
    const database = await server.createDatabase(SHOP_SQL)
    await checkDamages(server, await backUpTo(folder(), database.url, { level: 1 }), [...ANY, ...ARCHIVES])
  })
})
