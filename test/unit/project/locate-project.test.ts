import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { locateProject } from '../../../server/src/project/locate-project'
import { PolicyFile } from '../../../server/src/project/policy-file'
import { SourceFiles } from '../../../server/src/project/source-files'

describe('the place of a project', () => {
  it('is where its policy is, also if that is too large to be read: it is refused, not absent', () => {
    const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-place-')))
    try {
      fs.mkdirSync(path.join(folder, 'prisma'))
      fs.writeFileSync(path.join(folder, 'prisma/schema.prisma'), 'datasource db {\n  provider = "postgresql"\n}\n')
      const policy = path.join(folder, 'prisma-audit.json')
      const files = new SourceFiles()
      const find = () => locateProject({ folder, file: null, schemaPath: null, policyFile: null, files })
      assert.equal(find()?.root, path.join(folder, 'prisma'))
      for (const size of [2, 3_000_000]) {
        fs.writeFileSync(policy, '{}')
        fs.truncateSync(policy, size)
        assert.deepEqual([find()?.root, find()?.policyPath], [folder, policy])
      }
      assert.throws(() => new PolicyFile({ path: policy, files, shownPath: 'prisma-audit.json' }).require(), {
        code: 'policy-invalid',
      })
    } finally {
      fs.rmSync(folder, { recursive: true, force: true })
    }
  })
})
