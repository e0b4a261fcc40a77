import assert from 'node:assert/strict'
import { resolveTargets } from '../../../server/src/migration/plan/resolve-targets'
import { checksOf } from '../../../server/src/migration/plan/verification-checks'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import { database, LEAD, policy, table, USER } from './project'

describe('the check that existing rows have an owner', () => {
  /** Does it leave out rows that are newer than the column? */
  function allowsNewerRows(ownerId: object): boolean {
    const { targets } = resolveTargets({
      schema: parseSchema([{ path: 'schema.prisma', text: USER + LEAD }]),
      policy: policy({ rules: [{ models: ['Lead'], require: ['ownerId'] }], fields: { ownerId } }),
      database: database([table('User'), table('Lead')]),
    })
    const check = checksOf(targets, 'public').find(({ expected }) => expected === '0 without one')
    assert.ok(check !== undefined)
    return check.sql.includes('age(xmin)')
  }

  it('leaves out what the application inserts meanwhile where the column is optional', () => {
    assert.equal(allowsNewerRows({ required: false, populate: 'first-user' }), true)
    assert.equal(allowsNewerRows({ required: true, onDelete: 'Restrict' }), false)
  })

  it('leaves nothing out for SQL of the policy, which may answer NULL and writes the row anew', () => {
    assert.equal(allowsNewerRows({ required: false, populate: { sql: '(SELECT NULL::int)' } }), false)
  })
})
