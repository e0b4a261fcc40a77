import { isTimestampField } from '../../audit-fields/kinds'
import type { Policy } from '../../audit-fields/policy'
import { isWithoutRelation } from '../../audit/unfit-user-columns'
import { actorTriggerChecks, actorTriggers } from './actor-triggers'
import type { DatabaseModel } from '../../database/model'
import type { AuditTarget, TimestampTarget, UserReferenceTarget } from './audit-target'
import { foreignKeyPlace } from './foreign-key-place'
import { resolveTargets, type UnfitPlace } from './resolve-targets'
import { PRISMA_TIMESTAMP } from './resolve-timestamp'
import type { SchemaModel } from '../../schema/model'
import { columnCheck } from './checks/column'
import { foreignKeyCheck, orphansCheck } from './checks/foreign-key'
import { indexCheck } from './checks/index-check'
import { columnsQuery, indexesQuery, triggerQuery } from './checks/manual-queries'
import { filledRowsCheck, ownersCheck } from './checks/owners'
import { hasDefaultCheck } from './checks/structure'
import { liveTriggerProof, triggerCheck } from './checks/trigger'
import type { Check } from '../../verification/model'

/**
 * Everything that the policy requires of the database, as queries with expected results. It needs no plan, so it
 * verifies a migration at any later time, whoever ran it. If something is missing, its check fails.
 */
export function verificationChecks(project: {
  readonly schema: SchemaModel
  readonly policy: Policy
  readonly database: DatabaseModel
}): Check[] {
  const { targets, unfit } = resolveTargets(project)
  const { defaultSchema } = project.database
  return [
    ...unfit.flatMap(unfitCheck),
    ...checksOf(targets, defaultSchema, 'what must always hold'),
    ...actorTriggerChecks(actorTriggers(targets, project), defaultSchema),
  ]
}

/**
 * It fails, so that nobody reads that all is there which a plan refuses. None where the existing checks would pass: for a
 * generated column, and for one without a relation.
 */
function unfitCheck({ auditField, context }: UnfitPlace): Check[] {
  const { actual: databaseTable, column, expected, schemaName: schema, userKey } = context
  const { model, name: table } = expected
  if (isTimestampField(auditField)) {
    if ((context.databaseColumn?.generated ?? null) !== null) return []
    const place = { schema, table, column, nullable: true, type: PRISMA_TIMESTAMP, databaseTable }
    return [about(model, auditField, 'type', columnCheck(place, 'type only'))]
  }
  if (userKey.key === null || isWithoutRelation(context, auditField)) return []
  const { schema: ofUsers, table: users, column: key } = userKey.key
  const referenced = { schema: ofUsers, table: users, columns: [key] }
  const place = { schema, table, columns: [column], referenced, databaseTable }
  return [about(model, auditField, 'foreign-key', foreignKeyCheck({ ...place, ...ANY_ACTIONS }, 'exists'))]
}

const ANY_ACTIONS = { onDelete: 'NO ACTION', onUpdate: 'NO ACTION' } as const

/**
 * First what a person would ask about each table, then the details, then the live test. That existing rows were filled
 * is an outcome of the run: a nullable column may get rows without an owner later.
 */
export function checksOf(
  targets: readonly AuditTarget[],
  defaultSchema: string,
  scope: 'the outcome of a run' | 'what must always hold' = 'the outcome of a run',
): Check[] {
  const tables = groupByTable(targets)
  return [
    ...tables.map((group) => about(group[0].model, null, 'columns', columnsQuery(group))),
    ...targets.flatMap(triggerQuestion),
    ...tables.flatMap(indexQuestion),
    ...targets.map((target) => ofField(target, 'type', columnCheck(target, 'type and nullability'))),
    ...targets.flatMap((target) => referenceChecks(target, scope === 'the outcome of a run')),
    ...targets.flatMap((target) =>
      target.index === null ? [] : [ofField(target, 'index', indexCheck(target, target.index.name))],
    ),
    ...targets.flatMap((target) => triggerChecks(target, defaultSchema)),
  ]
}

function ofField({ model, field }: AuditTarget, aspect: string, check: Check): Check {
  return about(model, field, aspect, check)
}

function about(model: string, field: AuditTarget['field'] | null, aspect: string, check: Check): Check {
  const id = `${field === null ? model : `${model}.${field}`}/${aspect}`
  return { ...check, subject: { id, model, field } }
}

function indexQuestion(targets: readonly [AuditTarget, ...AuditTarget[]]): Check[] {
  const [{ model, schema, table }] = targets
  const names = targets.flatMap((target) => (target.index === null ? [] : [target.index.name]))
  return names.length === 0 ? [] : [about(model, null, 'indexes', indexesQuery(schema, table, names))]
}

function triggerQuestion(target: AuditTarget): Check[] {
  if (target.shape !== 'timestamp' || target.trigger === null) return []
  const events = target.trigger.existing?.events ?? ['INSERT', 'UPDATE']
  return [ofField(target, 'trigger-events', triggerQuery(target, target.trigger.name, events))]
}

function triggerChecks(target: AuditTarget, defaultSchema: string): Check[] {
  if (target.shape !== 'timestamp' || target.trigger === null) return []
  const enabled = ofField(target, 'trigger', triggerCheck(target, target.trigger.name))
  if (target.trigger.isMaintainedByChoice) return [enabled]
  return [enabled, ofField(target, 'update', liveTriggerProof(target, defaultSchema))]
}

function referenceChecks(target: AuditTarget, isOutcome: boolean): Check[] {
  if (target.shape === 'timestamp') return defaultChecks(target)
  const { foreignKey, nullable } = target
  return [
    ...(foreignKey === null
      ? []
      : [
          ofField(target, 'foreign-key', foreignKeyCheck(foreignKeyPlace(target, foreignKey), 'validated')),
          ofField(target, 'references', orphansCheck(target, foreignKey.user)),
        ]),
    ...(isOwned(target) && (isOutcome ? isFilled(target) : !nullable)
      ? [ofField(target, 'values', mayStayEmpty(target) ? filledRowsCheck(target) : ownersCheck(target))]
      : []),
  ]
}

/** The policy's SQL can answer NULL, which rewrites the row: its time does not tell it from the application's rows. */
function mayStayEmpty({ nullable, populate }: UserReferenceTarget): boolean {
  return nullable && populate?.kind !== 'sql'
}

/** New rows get their time from it. */
function defaultChecks(target: TimestampTarget): Check[] {
  if (target.isFilledByDefault || target.lastingDefault === null) return []
  return [ofField(target, 'default', hasDefaultCheck(target))]
}

function isOwned({ populate }: UserReferenceTarget): boolean {
  return populate !== null
}

/** An existing nullable column is not filled. */
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
