import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { readManifest, writeManifest } from '../../../server/src/backup/manifest/manifest-file'
import type { BackupManifest } from '../../../server/src/backup/manifest/manifest'
import { noteRestore } from '../../../server/src/backup/restore/restore-elsewhere'
import type { Interaction } from '../../../server/src/commands/interaction'
import { pruneBackups, pruneByPolicy, pruneOutcome } from '../../../server/src/commands/prune-backups'
import { Secrets } from '../../../server/src/database/secrets'
import { openProject } from '../../../server/src/project/open-project'
import type { Project } from '../../../server/src/project/project'
import { inEnglish } from '../../../server/src/text/translate'

describe('pruning backups', () => {
  let folder: string
  let project: Project
  let said: string

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-prune-'))
    said = ''
    fs.writeFileSync(path.join(folder, 'schema.prisma'), 'datasource db {\n  provider = "postgresql"\n}\n')
    fs.writeFileSync(path.join(folder, 'prisma-audit.json'), JSON.stringify({ backups: { keep: 1 } }))
    const paths = { folder, schemaPath: null, policyPath: null, url: null, environment: {} }
    project = openProject({ ...paths, secrets: new Secrets() })
    fs.mkdirSync(project.backupFolder)
  })
  afterEach(() => {
    fs.rmSync(folder, { recursive: true })
  })

  /** A file that starts like an archive, of that time, with a manifest that fits. */
  function write(name: string, createdAt: string, change: Partial<BackupManifest> = {}): string {
    const file = path.join(project.backupFolder, name)
    const bytes = Buffer.from(`PGDMP ${name}`)
    fs.writeFileSync(file, bytes)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const database = { name: 'app', oid: '5', systemIdentifier: '7', serverVersion: '15.18', serverMajor: 15, bytes: 1 }
    writeManifest(file, {
      ...{ formatVersion: 3, file: name, format: 'custom', bytes: bytes.length, sha256, createdAt, database },
      ...{
        durationMilliseconds: 1,
        tool: 'pg_dump',
        toolReason: null,
        scope: { kind: 'database', tables: [] },
        plan: null,
      },
      ...{ encryptedTo: [], needs: { roles: [], owners: [], extensions: [] }, level: 0, proofs: [], restores: [] },
      contents: null,
      ...withLevel(1),
      ...change,
    })
    return file
  }

  function withLevel(level: number): Pick<BackupManifest, 'level' | 'proofs'> {
    const at = '2026-01-01T00:00:00Z'
    return { level, proofs: [{ level, outcome: 'passed', at, milliseconds: 1, detail: 'x' }] }
  }

  function flip(file: string): void {
    const bytes = fs.readFileSync(file)
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 0xff
    fs.writeFileSync(file, bytes)
  }

  const names = () =>
    fs
      .readdirSync(project.backupFolder)
      .filter((name) => !name.endsWith('.json'))
      .sort()

  const prune = async (keep: number, beforeAnswer: () => void = () => undefined) =>
    await pruneBackups(project, interaction(beforeAnswer), { folder: project.backupFolder, keep, dryRun: false })

  function interaction(beforeAnswer: () => void): Interaction {
    return {
      ...{ t: inEnglish, signal: new AbortController().signal, isAttended: true },
      progress: () => undefined,
      output: (shown) => void (said += shown),
      confirm: ({ message }) => {
        said += message
        beforeAnswer()
        return Promise.resolve('delete')
      },
      preview: () => undefined,
      review: () => Promise.resolve(true),
      applyEdits: () => Promise.resolve(),
      unsavedTexts: () => Promise.resolve(new Map()),
      offerEdits: () => Promise.resolve(false),
    }
  }

  it('leaves one that is good where those that would be kept instead are damaged', async () => {
    const plan = { digest: 'd', title: 'add 2 columns' }
    flip(write('a.dump', '2026-01-09T00:00:00Z'))
    flip(write('b.dump', '2026-01-08T00:00:00Z', { plan, ...withLevel(3) }))
    write('c.dump', '2026-01-07T00:00:00Z')
    write('d.dump', '2026-01-06T00:00:00Z', { plan })
    write('e.dump', '2026-01-05T00:00:00Z', { plan, ...withLevel(3) })
    write('f.dump', '2026-01-04T00:00:00Z', { plan, ...withLevel(3) })
    const pruned = await prune(1)
    assert.deepEqual(names(), ['a.dump', 'b.dump', 'c.dump', 'd.dump', 'e.dump'])
    assert.match(said, /Delete 1 backup in /)
    assert.equal(pruneOutcome(pruned, false).message, 'Deleted 1 backup.')
    assert.match(said, /keep +a\.dump: .*has changed since it was created/)
  })

  it('is not led by a clock that was wrong', async () => {
    const future = write('future.dump', '2099-01-01T00:00:00Z')
    const made = write('made.dump', '1970-01-01T00:00:00Z')
    write('old.dump', '2026-01-01T00:00:00Z')
    const older = write('older.dump', '2025-01-01T00:00:00Z')
    await pruneByPolicy(
      project,
      interaction(() => undefined),
      made,
    )
    assert.deepEqual(names(), ['future.dump', 'made.dump'])
    assert.ok(!fs.existsSync(older) && fs.existsSync(future))
    assert.match(said, /keep +future\.dump: its time is in the future/)
  })

  it('deletes none that was restored while the question was open, and minds none that is gone', async () => {
    write('a.dump', '2026-01-09T00:00:00Z')
    const restored = write('b.dump', '2026-01-08T00:00:00Z')
    const gone = write('c.dump', '2026-01-07T00:00:00Z')
    write('d.dump', '2026-01-06T00:00:00Z')
    const pruned = await prune(1, () => {
      noteRestore(restored, 'copy', new Date())
      for (const file of [gone, `${gone}.json`]) fs.rmSync(file)
    })
    assert.deepEqual(names(), ['a.dump', 'b.dump'])
    assert.equal(pruneOutcome(pruned, false).message, 'Deleted 1 backup.')
    const { removable, kept } = pruned
    assert.deepEqual(
      removable.map((each) => path.basename(each.path)),
      ['d.dump'],
    )
    assert.equal(kept.find((each) => each.path === restored)?.why, 'It was changed in the meantime.')
    assert.equal(readManifest(restored)?.restores.length, 1)
  })
})
