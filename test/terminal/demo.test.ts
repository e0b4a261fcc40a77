import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { commandLine } from '../support/command-line'

describe('the demo', () => {
  it('does the whole job on an embedded database, and the way back leaves an equal dump', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-demo-'))
    try {
      const { exitCode, stdout, stderr } = await commandLine(['demo', '--directory', path.join(folder, 'demo')], {
        folder,
      })
      assert.equal(exitCode, 0, stdout + stderr)
      assert.match(stdout, /Dumps of the database before and after, ignoring the order of rows: equal/)
      assert.match(stdout, /missing-owner-id/)
    } finally {
      fs.rmSync(folder, { recursive: true, force: true })
    }
  }).timeout(600_000)
})
