import assert from 'node:assert/strict'
import { projectsToLeaveOut } from '../../../client/src/tests/without-policy'

describe('a run of the checks of all projects', () => {
  const status = (schemaUri: string, policy: 'valid' | 'none' | 'invalid', isPostgresql = true) => ({
    schemaUri,
    policy,
    isPostgresql,
  })

  it('leaves out only those without a policy: one that cannot be connected to, or whose policy is invalid, has failed', () => {
    const statuses = [status('crm', 'valid'), status('shop', 'none'), status('blog', 'invalid')]
    assert.deepEqual(projectsToLeaveOut(statuses), ['shop'])
  })

  it('leaves out none if no project has a policy', () => {
    assert.deepEqual(projectsToLeaveOut([status('shop', 'none'), status('mysql', 'valid', false)]), [])
  })
})
