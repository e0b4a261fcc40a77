import type { ExternalNames } from '../../audit/database-index'
import type { Policy } from '../../audit-fields/policy'
import { expectedDatabase } from '../../expected/expected-database'
import type { DatabaseModel } from '../../database/model'
import { quoteQualified } from '../../database/quote'
import type { SchemaModel } from '../../schema/model'
import type { Plan, Refusal, TableName, Warning } from '../model'
import { planDrift } from './drift/plan-drift'
import { planTargets } from './plan-migration'
import { eachOnce } from './warnings'
import { resolveTargets } from './resolve-targets'

/**
 * What the policy requires and everything else that the schema defines and the database lacks; without a policy only
 * the latter. The missing objects come first, because audit fields may depend on them.
 */
export function planEverything(project: {
  readonly schema: SchemaModel
  readonly policy: Policy | null
  readonly database: DatabaseModel
  readonly external?: ExternalNames
}): Plan {
  const { schema, policy, database, external } = project
  const expected = expectedDatabase(schema)
  if (policy === null) return planDrift({ schema, database, external, expected, covered: [] })
  const audited = { schema, policy, database }
  const resolved = resolveTargets(audited, expected)
  const { targets, ignored } = resolved
  const covered = [...targets.filter((target) => target.databaseTable !== null), ...ignored]
  const drift = planDrift({ schema, database, external, expected, covered })
  const audit = planTargets(audited, resolved)
  const nameOf = ({ schema: own, table }: TableName) => quoteQualified(own, table)
  const made = new Set(drift.steps.filter(({ kind }) => kind === 'create-table').map(nameOf))
  // A table that this plan creates exists in the next plan, which then adds its audit fields.
  const later = new Set(
    audit.refusals.filter(({ missingTable }) => missingTable !== undefined && made.has(nameOf(missingTable))),
  )
  return {
    steps: [...drift.steps, ...audit.steps],
    checks: [...drift.checks, ...(later.size === 0 ? audit.checks : [])],
    warnings: eachOnce([...drift.warnings, ...audit.warnings, ...[...later].map(postponed)]),
    refusals: [...drift.refusals, ...audit.refusals.filter((refusal) => !later.has(refusal))],
    additions: audit.additions,
    existingRows: audit.existingRows ?? [],
    remarks: audit.remarks ?? [],
    fillings: [...(drift.fillings ?? []), ...(audit.fillings ?? [])],
  }
}

function postponed({ model }: Refusal): Warning {
  const text = `This plan creates the table of ${model}. Run the migration again afterwards to add its audit fields.`
  return { code: 'next-run', object: model, text }
}
