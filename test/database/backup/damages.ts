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
import type { TestDatabase, TestServer } from '../../support/postgres'

/** What the damaged backups are of. */
export const SHOP_SQL = `
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
export interface Damage {
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

export const cut = (part: number) => (whole: Buffer) => whole.subarray(0, Math.floor(whole.length * part))
export const flip = (part: number) => (whole: Buffer) => {
  const flipped = Buffer.from(whole)
  const place = Math.floor(whole.length * part)
  flipped[place] = (flipped[place] ?? 0) ^ 0xff
  return flipped
}
export const text = (change: (sql: string) => string) => (whole: Buffer) => {
  const sql = whole.toString('latin1')
  const changed = change(sql)
  assert.notEqual(changed, sql)
  return Buffer.from(changed, 'latin1')
}
export const gzipped = (change: (sql: string) => string) => (whole: Buffer) => gzipSync(text(change)(gunzipSync(whole)))

export const CHANGED = { reaches: 0, says: /has changed since it was created/, restore: 'backup-changed' }
export const UNREADABLE = { refit: true, reaches: 0, says: /truncated or damaged/, restore: 'backup-unreadable' }
export const UNKNOWN = { refit: true, reaches: 0, says: /does not start like/, restore: 'backup-unknown-format' }
export const DIFFERS = { refit: true, restore: 'backup-differs' }

/** Puts a damaged copy of a backup into a folder of its own. */
function damagedCopy(backup: Backup, { bytes, manifest, refit }: Damage, number: number): string {
  const place = path.join(path.dirname(backup.path), String(number))
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

/** Damages a backup in one way after the other: what each level says of it, and what a restore does. */
export async function checkDamages(server: TestServer, backup: Backup, damages: readonly Damage[]): Promise<void> {
  const target = await server.createDatabase()
  for (const [number, damage] of damages.entries()) {
    const file = damagedCopy(backup, damage, number)
    const said = await verified(file, server.url)
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
export async function verified(file: string, url: string): Promise<{ reached: number | string; words: string }> {
  try {
    const { level, proofs } = await verifyBackup({ path: file, level: 3, url, environment: process.env })
    return { reached: level, words: proofs.map(({ detail }) => detail).join('; ') }
  } catch (error) {
    if (!(error instanceof AuditError)) throw error
    assert.notEqual(error.nextStep, '')
    return { reached: error.code, words: `${error.message} ${error.why} ${error.nextStep}` }
  }
}

export async function restored(file: string, target: TestDatabase): Promise<{ code: string | null; words: string }> {
  try {
    const { comparison } = await restoreBackup({ path: file, url: target.url, environment: process.env })
    return { code: null, words: comparison?.differences.join('; ') ?? 'no manifest' }
  } catch (error) {
    if (!(error instanceof AuditError)) throw error
    assert.notEqual(error.nextStep, '')
    return { code: error.code, words: `${error.message} ${error.why}` }
  }
}
