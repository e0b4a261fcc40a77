import type { TimestampPolicy, UserPolicy } from '../../audit-fields/kind'
import type { Policy } from '../../audit-fields/policy'
import type { DatabaseModel } from '../../database/model'
import type { AuditFieldInDatabase } from '../../audit-fields/present-fields'
import { missingSchemaParts } from '../../audit-fields/edits/audit-field-edits'
import { SchemaNames } from '../../audit-fields/edits/schema-names'
import type { SchemaModel } from '../../schema/model'
import { actorTriggerChecks, actorTriggers, actorTriggerSteps } from './actor-triggers'
import { checksOf } from './verification-checks'
import type { AuditAddition, Plan, Step } from '../model'
import type { AuditTarget, ForeignKeyTarget } from './audit-target'
import { withEstimate } from './estimate'
import { existingRowsOf } from './existing-rows'
import { chooseClockFunctions } from './clock-function'
import { resolveTargets, type ResolvedTargets } from './resolve-targets'
import { withLookupSchema } from './lookup-schema'
import { hotUpdateRemarks } from './hot-updates'
import { hiddenRowRefusals } from './rows-read'
import { copiedRowsWarnings } from './copied-rows'
import { tableName } from './sql'
import { rowsCanBeFilled } from './unproven-checks'
import { planWarnings } from './warnings'
import { auditFieldSteps, fillingsOfBrokenRun, wantsNewTrigger } from './audit-field-steps'

/**
 * The ordered steps that give the database everything that the policy requires, without blocking readers or writers for
 * longer than a moment. Empty if nothing is missing. Total: what cannot be planned is in `refusals` with its reason.
 */
export function planMigration(project: AuditProject): Plan {
  return planTargets(project, resolveTargets(project))
}

/** The same for resolved targets. */
export function planTargets(project: AuditProject, resolved: ResolvedTargets): Plan {
  const { targets, refused, refusals, warnings } = resolved
  const planned = targets.filter((target) => target.databaseTable !== null && !refused.has(target))
  const clocks = chooseClockFunctions(planned.filter(wantsNewTrigger), project.database)
  const ofPolicy = policySql(project.policy)
  const lookingUp = (made: readonly Step[]) =>
    withLookupSchema(
      made.map(withEstimate),
      project.database.defaultSchema,
      (step) => ofPolicy.has(step.batch?.value ?? null) || setsDefault(step),
    )
  const actors = actorTriggers(planned, project)
  const changes = [...auditFieldSteps(planned, clocks), ...actorTriggerSteps(actors)]
  const steps = lookingUp([...rowsCanBeFilled(changes, project.database), ...changes])
  const names = new SchemaNames(project.schema)
  const models = new Map(targets.map((target) => [tableName(target), target.model]))
  return {
    steps,
    checks: [
      ...checksOf(targets, project.database.defaultSchema),
      ...actorTriggerChecks(actors, project.database.defaultSchema),
    ],
    warnings: [...warnings, ...planWarnings(planned, clocks), ...copiedRowsWarnings(steps, project.database)],
    refusals: [...refusals, ...hiddenRowRefusals(steps, project.database, (table) => models.get(table))],
    additions: targets.flatMap((target) => additionOf(project, target, names)),
    existingRows: existingRowsOf(planned),
    remarks: hotUpdateRemarks(planned),
    ...(targets.length + refusals.length === 0 ? { requiresNothing: true as const } : {}),
    fillings: lookingUp(planned.flatMap(fillingsOfBrokenRun)),
  }
}

export interface AuditProject {
  readonly schema: SchemaModel
  readonly policy: Policy
  readonly database: DatabaseModel
}

/**
 * A field that both sides have is completed if the schema lacks its relation or index: without them Prisma would report
 * what the plan creates as drift. A model without a table is written into the schema anyway.
 */
function additionOf(
  { schema: source, policy }: AuditProject,
  target: AuditTarget,
  names: SchemaNames,
): AuditAddition[] {
  const { model, field, schema, table, column, isInSchema, databaseTable, databaseColumn } = target
  if (databaseTable === null && isInSchema) return []
  const isWhole =
    target.index?.exists !== false && (target.shape === 'timestamp' || target.foreignKey?.state !== 'missing')
  if (isInSchema && databaseColumn !== null && isWhole) return []
  const missingIn = isInSchema ? 'database' : databaseColumn === null ? 'both' : 'schema'
  const schemaLacks = missingSchemaParts(source, policy, { model, field }, names)
  const inDatabase: AuditFieldInDatabase = {
    column,
    nullable: target.shape === 'timestamp' && target.isFilledByDefault ? false : target.nullable,
    indexName: target.index?.name ?? null,
    foreignKey: target.shape === 'timestamp' ? null : inSchema(target.foreignKey),
  }
  return [{ model, field, schema, table, column, missingIn, schemaLacks, inDatabase }]
}

function inSchema(foreignKey: ForeignKeyTarget | null): AuditFieldInDatabase['foreignKey'] {
  if (foreignKey === null) return null
  const { name, onDelete, onUpdate } = foreignKey
  return { name, onDelete, onUpdate }
}

/** SQL values of the policy, as used in the steps. */
function policySql({ fields }: Policy): ReadonlySet<string | null> {
  const settings: readonly (TimestampPolicy | UserPolicy)[] = Object.values(fields)
  return new Set(settings.flatMap(({ populate }) => (typeof populate === 'object' ? [`(${populate.sql}\n)`] : [])))
}

/** The default of the column in the schema, in the schema's words. */
function setsDefault({ kind, up }: Step): boolean {
  return kind === 'drop-default' && up.some((statement) => statement.includes(' SET DEFAULT '))
}
