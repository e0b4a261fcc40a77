import assert from 'node:assert/strict'
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
    assert.deepEqual(check(['14.9'], 15, null), [
      { path: '/0/pg_dump', reason: "is version 14.9, older than the server's 15" },
    ])
  })
})
