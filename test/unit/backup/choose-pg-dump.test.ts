import assert from 'node:assert/strict'
import { BUILT_IN_LIMIT, chooseBackupTool } from '../../../server/src/backup/choose-backup-tool'
import { describeError } from '../../../server/src/errors'
import { inPlainEnglish } from '../../../server/src/text/phrase'
import { choosePgDump } from '../../../server/src/backup/native/choose-pg-dump'

describe('choosePgDump', () => {
  const check = (versions: readonly string[], serverMajor: number, expected: string | null) => {
    const programs = versions.map((version, index) => ({
      path: `/${String(index)}/pg_dump`,
      restorePath: `/${String(index)}/pg_restore`,
      version,
      major: Number.parseInt(version, 10),
    }))
    const { chosen, rejected } = choosePgDump({ programs, rejected: [], lookedIn: [] }, serverMajor)
    assert.equal(chosen?.version ?? null, expected)
    return rejected
  }

  it('takes the same major version before a newer one', () => check(['18.1', '15.3', '16.2'], 15, '15.3'))
  it('takes the lowest newer one', () => check(['18.1', '14.9', '16.2'], 15, '16.2'))
  it('takes the highest minor version among equals, as numbers', () => check(['15.9', '15.18', '15.2'], 15, '15.18'))
  it('takes a preliminary version where there is no other', () => check(['19beta1'], 18, '19beta1'))
  it('takes none that is older, and says so', () => {
    assert.deepEqual(check(['15.1', '14.9', '16.2'], 15, '15.1').length, 1)
    const reasons = check(['14.9'], 15, null).map(({ path, reason }) => `${path} ${inPlainEnglish(reason)}`)
    assert.deepEqual(reasons, ['/0/pg_dump is version 14.9, older than 15'])
  })
})

describe('chooseBackupTool', () => {
  const choose = (serverMajor: number, options: { installed?: string; bytes?: number; pgDumpPath?: string } = {}) => {
    const { installed, bytes = 1, pgDumpPath = null } = options
    const programs =
      installed === undefined
        ? []
        : [{ path: '/pg_dump', restorePath: '/pg_restore', version: installed, major: Number.parseInt(installed, 10) }]
    const server = { serverVersion: `${String(serverMajor)}.0`, serverMajor, bytes }
    return chooseBackupTool({ found: { programs, rejected: [], lookedIn: ['PATH'] }, server, pgDumpPath })
  }
  const refusal = (tool: ReturnType<typeof choose>) => (tool.kind === 'none' ? tool.error : null)

  it('takes an installed one that is new enough, else the built-in one', () => {
    assert.equal(choose(19, { installed: '19.0' }).kind, 'native')
    assert.equal(choose(18).kind, 'built-in')
    assert.equal(choose(15, { installed: '14.2' }).kind, 'built-in')
  })

  it('says of a server that is newer than all of them what works and what does not', () => {
    const error = refusal(choose(19, { installed: '18.1' }))
    assert.equal(error?.code, 'backup-needs-pg-dump')
    assert.match(error.message, /PostgreSQL 19\.0 needs pg_dump 19/)
    assert.match(error.why, /18\.1, older than 19.*check, plan, migrate, verify and rollback work/)
    // In a language without words, only names and numbers are left.
    assert.match(
      describeError(error, (_, ...values) => values.join(' ')),
      /\/pg_dump 18\.1 19 PATH\s*$/m,
    )
  })

  it('exports a large database, and lets nothing stand in for the setting', () => {
    assert.equal(BUILT_IN_LIMIT, 16_777_216)
    assert.equal(choose(15, { bytes: BUILT_IN_LIMIT }).kind, 'built-in')
    assert.equal(choose(15, { bytes: BUILT_IN_LIMIT + 1 }).kind, 'export')
    assert.equal(refusal(choose(19, { pgDumpPath: '/other' }))?.code, 'pg-dump-missing')
    assert.equal(refusal(choose(15, { pgDumpPath: '/other' }))?.code, 'pg-dump-missing')
  })
})
