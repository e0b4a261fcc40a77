import type { ExternalNames } from '../../audit/database-index'
import type { Policy } from '../../audit-fields/policy'
import { expectedDatabase } from '../../expected/expected-database'
import type { DatabaseModel } from '../../database/model'
import type { SchemaModel } from '../../schema/model'
import type { Plan } from '../model'
import { findMissingObjects } from './drift/missing-objects'
import { withNewTables } from './drift/new-tables'
import { planDrift } from './drift/plan-drift'
import { planTargets } from './plan-migration'
import { eachOnce } from './warnings'
import { resolveTargets } from './resolve-targets'

/**
 * What the policy requires and everything else that the schema defines and the database lacks; without a policy only
 * the latter. The missing objects come first, because audit fields may depend on them: a table that the plan creates
 * gets its audit fields by the steps that follow.
 */
export function planEverything(project: {
  readonly schema: SchemaModel
  readonly policy: Policy | null
  readonly database: DatabaseModel
  readonly external?: ExternalNames
}): Plan {
  const { schema, policy, database, external } = project
  const expected = expectedDatabase(schema)
  const missing = findMissingObjects(expected, database, external)
  if (policy === null) return planDrift({ schema, database, external, expected, missing, covered: [] })
  const audited = { schema, policy, database: withNewTables(database, missing.tables) }
  const resolved = resolveTargets(audited, expected)
  const { targets, ignored } = resolved
  const drift = planDrift({ schema, database, external, expected, missing, covered: [...targets, ...ignored] })
  const audit = planTargets(audited, resolved)
  return {
    steps: [...drift.steps, ...audit.steps],
    checks: [...drift.checks, ...audit.checks],
    warnings: eachOnce([...drift.warnings, ...audit.warnings]),
    refusals: [...drift.refusals, ...audit.refusals],
    additions: audit.additions,
    existingRows: audit.existingRows ?? [],
    remarks: audit.remarks ?? [],
    fillings: [...(drift.fillings ?? []), ...(audit.fillings ?? [])],
  }
}
