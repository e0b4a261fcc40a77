import assert from 'node:assert/strict'
import type { ListedBackup } from '../../../server/src/backup/manifest/list-backups'
import type { BackupManifest } from '../../../server/src/backup/manifest/manifest'
import { planRetention } from '../../../server/src/backup/retention/plan-retention'
import { phrase } from '../../../server/src/text/phrase'

const DATABASE = { name: 'app', oid: '5', systemIdentifier: '7', serverVersion: '15.18', serverMajor: 15, bytes: 1 }

describe('which backups are kept', () => {
  const backup = (path: string, more: Partial<BackupManifest> = {}): ListedBackup => {
    const manifest: BackupManifest = {
      ...{
        formatVersion: 3,
        file: path,
        format: 'custom',
        bytes: 1,
        sha256: '0'.repeat(64),
        createdAt: '2026-01-01T00:00:00Z',
      },
      ...{
        durationMilliseconds: 1,
        database: DATABASE,
        tool: 'pg_dump',
        toolReason: null,
        scope: { kind: 'database', tables: [] },
        plan: null,
        encryptedTo: [],
      },
      ...{ needs: { roles: [], owners: [], extensions: [] }, level: 2, proofs: [], restores: [], contents: null },
      ...more,
    }
    return { path, bytes: 1, createdAt: manifest.createdAt, manifest, sha256: manifest.sha256, problem: null }
  }
  const removable = (...backups: ListedBackup[]) =>
    planRetention(backups, 1, new Date('2026-06-01')).removable.map(({ path }) => path)

  it('the newest of each database, before each migration, tested, restored; all others may go', () => {
    const plan = (digest: string) => ({ digest, title: digest })
    const restored = { database: 'copy', at: '2026-01-02T00:00:00Z' }
    const all = [
      ...[backup('newest'), backup('before a', { plan: plan('a') }), backup('before a, older', { plan: plan('a') })],
      ...[backup('tested', { level: 3 }), backup('tested, older', { level: 4 }), backup('plain')],
      backup('restored', { restores: [restored] }),
    ]
    assert.deepEqual(
      removable(...all, backup('of another server', { database: { ...DATABASE, systemIdentifier: '8' } })),
      ['before a, older', 'tested, older', 'plain'],
    )
  })

  it('what is damaged, has no manifest, or another than it should, is never ours to delete', () => {
    const strange = [
      { ...backup('a'), manifest: null },
      { ...backup('b'), problem: phrase`it has 2 bytes, and had 1 when it was created` },
      backup('c', { level: 0 }),
    ]
    assert.deepEqual(removable(backup('newest'), ...strange), [])
  })
})
