import assert from 'node:assert/strict'
import os from 'node:os'
import path from 'node:path'
import { makeTemporaryFolder } from '../../../server/src/files/temporary-folders'

describe('a temporary folder', () => {
  it('that cannot be made is an error with the way out', function () {
    if (process.platform === 'win32') return this.skip()
    const { TMPDIR } = process.env
    process.env.TMPDIR = path.join(os.tmpdir(), 'prisma-audit-nowhere')
    try {
      assert.throws(() => makeTemporaryFolder('rows'), {
        code: 'temporary-folder-not-writable',
        message: `Cannot create a temporary folder in ${process.env.TMPDIR}.`,
      })
    } finally {
      if (TMPDIR === undefined) delete process.env.TMPDIR
      else process.env.TMPDIR = TMPDIR
    }
  })
})
