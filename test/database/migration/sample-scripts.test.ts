import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { renderDownScript } from '../../../server/src/migration/render/down-script'
import { renderUpScript } from '../../../server/src/migration/render/up-script'
import { renderVerifyScript } from '../../../server/src/migration/render/verify-script'
import { usePostgres } from '../../support/postgres'
import { createProject } from './support/project'

const sample = path.join(__REPOSITORY__, 'sample')
const read = (name: string) => fs.readFileSync(path.join(sample, name), 'utf8')

/** Set to write the scripts anew instead of comparing them. */
const WRITE = process.env.PRISMA_AUDIT_UPDATE === '1'

describe("the guide's migration as SQL", () => {
  const server = usePostgres()

  it('is exactly what the planner emits for the sample', async () => {
    const project = await createProject(server, {
      schema: read('backend/prisma/schema.prisma'),
      policy: JSON.parse(read('prisma-audit.json')) as unknown,
      ddl: read('database/structure.sql'),
    })
    const plan = await project.plan()
    assert.deepEqual(plan.refusals, [])
    checkGolden('add_user_fields.sql', renderUpScript(plan))
    checkGolden('add_user_fields.down.sql', renderDownScript(plan))
    checkGolden('add_user_fields.verify.sql', renderVerifyScript(plan))
  })
})

function checkGolden(name: string, actual: string): void {
  const file = path.join(__REPOSITORY__, 'migrations', name)
  const expected = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : ''
  if (actual === expected) return
  if (WRITE) {
    fs.writeFileSync(file, actual)
    return
  }
  fs.writeFileSync(`${file}.actual`, actual)
  assert.fail(`migrations/${name} is not what the planner emits; see ${name}.actual, or set PRISMA_AUDIT_UPDATE=1.`)
}
