import type { Policy } from '../../audit-fields/policy'
import type { DatabaseModel } from '../../database/model'
import type { AuditTarget, TimestampTarget, UserReferenceTarget } from './audit-target'
import { foreignKeyPlace } from './foreign-key-place'
import { resolveTargets } from './resolve-targets'
import type { SchemaModel } from '../../schema/model'
import { columnCheck } from './checks/column'
import { foreignKeyCheck, orphansCheck } from './checks/foreign-key'
import { indexCheck } from './checks/index-check'
import { columnsQuery, indexesQuery, triggerQuery } from './checks/manual-queries'
import { ownersCheck } from './checks/owners'
import { hasDefaultCheck } from './checks/structure'
import { liveTriggerProof, triggerCheck } from './checks/trigger'
import type { Check } from '../../verification/model'

/**
 * Everything the policy requires of the database, as queries with expected results. It needs no plan, so it proves a
 * migration long after it ran, whoever ran it. Where something is missing its check fails.
 */
export function verificationChecks(project: {
  readonly schema: SchemaModel
  readonly policy: Policy
  readonly database: DatabaseModel
}): Check[] {
  return checksOf(resolveTargets(project).targets, project.database.defaultSchema, 'what must always hold')
}

/**
 * First what a person would ask of each table, then the finer points, then the live proof. That the rows that stood were
 * filled is the outcome of a run: where the column may be empty, rows may come without an owner ever after.
 */
export function checksOf(
  targets: readonly AuditTarget[],
  defaultSchema: string,
  scope: 'the outcome of a run' | 'what must always hold' = 'the outcome of a run',
): Check[] {
  const tables = groupByTable(targets)
  return [
    ...tables.map(columnsQuery),
    ...targets.flatMap(triggerQuestion),
    ...tables.flatMap(indexQuestion),
    ...targets.map((target) => columnCheck(target, 'type and nullability')),
    ...targets.flatMap((target) => referenceChecks(target, scope === 'the outcome of a run')),
    ...targets.flatMap((target) => (target.index === null ? [] : [indexCheck(target, target.index.name)])),
    ...targets.flatMap((target) => triggerChecks(target, defaultSchema)),
  ]
}

function indexQuestion(targets: readonly [AuditTarget, ...AuditTarget[]]): Check[] {
  const names = targets.flatMap((target) => (target.index === null ? [] : [target.index.name]))
  return names.length === 0 ? [] : [indexesQuery(targets[0].schema, targets[0].table, names)]
}

function triggerQuestion(target: AuditTarget): Check[] {
  if (target.shape !== 'timestamp' || target.trigger === null) return []
  return [triggerQuery(target, target.trigger.name, target.trigger.existing?.events ?? ['INSERT', 'UPDATE'])]
}

function triggerChecks(target: AuditTarget, defaultSchema: string): Check[] {
  if (target.shape !== 'timestamp' || target.trigger === null) return []
  const proof = target.trigger.isMaintainedByChoice ? [] : [liveTriggerProof(target, defaultSchema)]
  return [triggerCheck(target, target.trigger.name), ...proof]
}

function referenceChecks(target: AuditTarget, isOutcome: boolean): Check[] {
  if (target.shape === 'timestamp') return defaultChecks(target)
  return [
    ...(target.foreignKey === null
      ? []
      : [
          foreignKeyCheck(foreignKeyPlace(target, target.foreignKey), 'validated'),
          orphansCheck(target, target.foreignKey.user),
        ]),
    ...(isOwned(target) && (isOutcome ? isFilled(target) : !target.nullable) ? [ownersCheck(target)] : []),
  ]
}

/** New rows get their time by it. */
function defaultChecks(target: TimestampTarget): Check[] {
  return target.isFilledByDefault || target.lastingDefault === null ? [] : [hasDefaultCheck(target)]
}

function isOwned({ populate }: UserReferenceTarget): boolean {
  return populate !== null
}

/** A column that was there before, and may be empty, is not filled. */
function isFilled({ databaseColumn, nullable }: UserReferenceTarget): boolean {
  return databaseColumn === null || !nullable
}

/** In the order in which the tables first appear. */
function groupByTable(targets: readonly AuditTarget[]): [AuditTarget, ...AuditTarget[]][] {
  const groups = new Map<string, [AuditTarget, ...AuditTarget[]]>()
  for (const target of targets) {
    const key = JSON.stringify([target.schema, target.table])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [target])
    else group.push(target)
  }
  return [...groups.values()]
}
