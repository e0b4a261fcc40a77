import assert from 'node:assert/strict'
import { backupsTree, type ProjectBackups } from '../../../client/src/views/backups-tree'
import type { ListedBackupAnswer, ProjectStatus } from '../../../protocol/src/index'

describe('the tree of the backups', () => {
  const NOW = Date.parse('2026-11-28T12:00:00Z')
  const project = (name: string) =>
    ({ schemaUri: `file:///${name}/schema.prisma`, name, databaseLabel: `${name} on localhost:5432` }) as ProjectStatus
  const backup = (changes: Partial<ListedBackupAnswer> = {}): ListedBackupAnswer => ({
    ...{ uri: 'file:///backups/crm.dump', name: 'crm', createdAt: '2026-11-28T09:00:00Z' },
    ...{ level: 2, brief: 'level 2', state: 'level 2 of 4: complete', details: ['crm.dump', '12 kB'] },
    ...changes,
  })
  const tree = (projects: readonly ProjectBackups[], language = 'en') => backupsTree(projects, { now: NOW, language })

  it('says of each backup of which database it is, how old, and which level it has reached', () => {
    const [row] = tree([{ project: project('crm'), backups: [backup()] }])
    assert.ok(row?.kind === 'backup' && !row.isProven)
    assert.equal(row.description, '3 hr. ago, level 2')
    assert.equal(row.spoken, 'crm, 3 hr. ago, level 2 of 4: complete')
    assert.equal(row.tooltip, 'crm, 3 hr. ago, level 2 of 4: complete\ncrm.dump\n12 kB')
  })

  it('tells what is restored and equal, and what cannot be used, from the rest', () => {
    const backups = [backup({ level: 3 }), backup({ level: 0 }), backup({ level: null })]
    assert.deepEqual(
      tree([{ project: project('crm'), backups }]).map((row) => [row.kind, 'isProven' in row && row.isProven]),
      [
        ['backup', true],
        ['unusable', false],
        ['backup', false],
      ],
    )
  })

  it('leaves a single project out, and of several those without a backup', () => {
    const crm = { project: project('crm'), backups: [backup()] }
    const billing = { project: project('billing'), backups: [] }
    assert.deepEqual(
      tree([crm, billing]).map(({ kind, label }) => [kind, label]),
      [['project', 'crm']],
    )
    assert.deepEqual(tree([{ ...crm, backups: [] }, billing]), [])
  })

  it("words the age in the editor's language, in the largest unit that says enough", () => {
    const ageOf = (createdAt: string, language?: string) =>
      tree([{ project: project('crm'), backups: [backup({ createdAt, brief: '' })] }], language)[0]?.description
    assert.equal(ageOf('2026-11-28T11:59:30Z'), 'now, ')
    assert.equal(ageOf('2026-11-28T12:03:00Z'), 'now, ')
    assert.equal(ageOf('2026-11-28T11:15:00Z'), '45 min. ago, ')
    assert.equal(ageOf('2026-11-27T09:00:00Z'), '27 hr. ago, ')
    assert.equal(ageOf('2026-11-01T09:00:00Z'), '27 days ago, ')
    assert.equal(ageOf('2026-11-28T09:00:00Z', 'de'), 'vor 3 Std., ')
  })
})
