import assert from 'node:assert/strict'
import { withClient } from '../../../../server/src/database/connect'
import { verificationChecks } from '../../../../server/src/migration/plan/verification-checks'
import { runChecks } from '../../../../server/src/verification/run-checks'
import type { TestProject } from './project'

/** Every check of the policy passes, and nothing is left to plan. */
export async function checkVerified(project: TestProject, skipped: readonly string[] = []): Promise<void> {
  const checks = verificationChecks({ ...project, database: await project.catalog() })
  const report = await withClient(project.url, {}, (client) => runChecks(client, checks, 'test'))
  const bad = report.results.filter((result) => result.outcome !== 'pass')
  assert.deepEqual(
    bad.filter(({ outcome, check }) => !(outcome === 'skipped' && skipped.includes(check.title))),
    [],
  )
  const { steps } = await project.plan()
  assert.deepEqual(
    steps.map((step) => step.id),
    [],
  )
}
