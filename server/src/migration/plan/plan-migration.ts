import type { TimestampPolicy, UserPolicy } from '../../audit-fields/kind'
import type { Policy } from '../../audit-fields/policy'
import { isEnabled } from '../../audit/triggers'
import type { Column, DatabaseModel, Table } from '../../database/model'
import { quoteIdentifier } from '../../database/quote'
import type { AuditFieldInDatabase } from '../../audit-fields/present-fields'
import { missingSchemaParts } from '../../audit-fields/edits/audit-field-edits'
import { SchemaNames } from '../../audit-fields/edits/schema-names'
import type { SchemaModel } from '../../schema/model'
import { actorTriggerChecks, actorTriggers, actorTriggerSteps } from './actor-triggers'
import { checksOf } from './verification-checks'
import type { AuditAddition, Plan, Step } from '../model'
import type {
  AuditTarget,
  ColumnPlace,
  ForeignKeyTarget,
  Populating,
  TimestampTarget,
  UserReferenceTarget,
} from './audit-target'
import { withEstimate } from './estimate'
import { existingRowsOf } from './existing-rows'
import { mustBecomeNotNull, needsValues } from './needs-values'
import { chooseClockFunctions, type ClockFunction } from './clock-function'
import { resolveTargets, type ResolvedTargets } from './resolve-targets'
import { setDefault } from './drift/steps/columns'
import { addColumn } from './steps/add-column'
import { fillingDefault, fillingDefaultInCatalog } from './filling-default'
import { foreignKeyPlace } from './foreign-key-place'
import { runsTriggers, withLookupSchema } from './lookup-schema'
import { isPartitioned, rowHolders } from './partitions'
import { hotUpdateRemarks } from './hot-updates'
import { hiddenRowRefusals } from './rows-read'
import { addForeignKey, attachForeignKey } from './steps/add-foreign-key'
import { copiedRowsWarnings } from './copied-rows'
import { createFunction } from './steps/create-function'
import { createIndex } from './steps/create-index'
import { createTrigger, disableTrigger, enableTrigger } from './steps/create-trigger'
import { dropDefault } from './steps/drop-default'
import { createPartitionedIndex } from './steps/partitioned-index'
import { firedByFill, withOtherColumnsHeld } from './steps/hold-columns'
import { fillColumn, populate, populateLatecomers } from './steps/populate'
import { defaultNamesUser, noOrphans, tableIsEmpty, usersExist } from './steps/precondition'
import { addNotNullCheck, setNotNull, validateNotNullCheck } from './steps/set-not-null'
import { validateForeignKey } from './steps/validate-constraint'
import { tableName } from './sql'
import { planWarnings } from './warnings'
import { titleOfColumn } from './titles'

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
    made.map((step) =>
      ofPolicy.has(step.batch?.value ?? null) || setsDefault(step) || runsTriggers(step, made)
        ? withLookupSchema(withEstimate(step), project.database.defaultSchema, made)
        : withEstimate(step),
    )
  const actors = actorTriggers(planned, project)
  const steps = lookingUp([...planSteps(planned, clocks), ...actorTriggerSteps(actors)])
  const names = new SchemaNames(project.schema)
  const modelOf = (table: string) => targets.find((target) => tableName(target) === table)?.model
  return {
    steps,
    checks: [
      ...checksOf(targets, project.database.defaultSchema),
      ...actorTriggerChecks(actors, project.database.defaultSchema),
    ],
    warnings: [...warnings, ...planWarnings(planned, clocks), ...copiedRowsWarnings(steps, project.database)],
    refusals: [...refusals, ...hiddenRowRefusals(steps, project.database, modelOf)],
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

/** All steps of one kind before the next, so that slow steps do not delay what writers need. */
function planSteps(targets: readonly AuditTarget[], clocks: ReadonlyMap<TimestampTarget, ClockFunction>): Step[] {
  const timestamps = targets.filter((target) => target.shape === 'timestamp')
  const references = targets.filter((target) => target.shape !== 'timestamp')
  return [
    ...references.flatMap(preconditions),
    ...timestamps.flatMap(timesCanBeHad),
    ...targets.flatMap(columnSteps),
    ...references.flatMap(foreignKeySteps),
    ...references.flatMap(populateSteps),
    ...timestamps.flatMap(timeSteps),
    ...references.flatMap(validateSteps),
    ...references.flatMap(notNullSteps),
    ...timestamps.flatMap(timeNotNullSteps),
    ...targets.flatMap(indexSteps),
    ...functionSteps(clocks),
    ...timestamps.flatMap((target) => triggerSteps(target, clocks.get(target))),
    ...timestamps.flatMap(defaultSteps),
  ]
}

function preconditions(target: UserReferenceTarget): Step[] {
  return [...ownersCanBeHad(target), ...valuesNameUsers(target)]
}

/** An existing column may contain keys of deleted users, or values that are not users. */
function valuesNameUsers(target: UserReferenceTarget): Step[] {
  const { databaseColumn, foreignKey } = target
  if (databaseColumn === null || foreignKey === null || foreignKey.state === 'validated') return []
  const place = foreignKeyPlace(target, foreignKey)
  const constant = foreignKey.state === 'missing' ? constantDefault(databaseColumn) : null
  return [noOrphans(place, target.field), ...(constant === null ? [] : [defaultNamesUser(place, target, constant)])]
}

/** `0`, `'x'::text`, as text. Null for any other default, which may well be the user of the session. */
function constantDefault({ default: value }: Column): string | null {
  const [, number, text] = /^(?:(-?\d+)|'((?:[^'\\]|'')*)')(?:::[\w ".]+(?:\(\d+\))?)?$/.exec(value ?? '') ?? []
  return number ?? text?.replaceAll("''", "'") ?? null
}

function ownersCanBeHad(target: UserReferenceTarget): Step[] {
  if (!needsValues(target)) return []
  const { populate: how } = target
  if (how?.kind === 'first-user') return [usersExist(target, how.user)]
  return how === null && mustBecomeNotNull(target) ? [tableIsEmpty(target)] : []
}

function columnSteps(target: AuditTarget): Step[] {
  return target.databaseColumn === null && target.type !== null ? [addColumn(target, target.type.sql)] : []
}

function foreignKeySteps(target: UserReferenceTarget): Step[] {
  const { foreignKey } = target
  if (foreignKey?.state !== 'missing') return []
  return rowHolders(foreignKeyPlace(target, foreignKey)).map(addForeignKey)
}

function populateSteps(target: UserReferenceTarget): Step[] {
  const { populate: how } = target
  if (how === null || !needsValues(target)) return []
  return fillWith(target, how)
}

function fillWith(target: UserReferenceTarget, how: Populating): Step[] {
  return rowHolders(target).flatMap((holder) =>
    holder.databaseTable === null
      ? []
      : held(holder, holder.databaseTable, populate(holder, holder.databaseTable, how)),
  )
}

/** See `Plan.fillings`. */
function fillingsOfBrokenRun(target: AuditTarget): Step[] {
  if (target.shape === 'timestamp') return timeSteps({ ...target, populate: target.populateOfBrokenRun })
  return target.populate === null || needsValues(target) ? [] : fillWith(target, target.populate)
}

/**
 * The creation time of existing rows is unknown, so a column for it can only be required if the policy defines their
 * value.
 */
function timesCanBeHad(target: TimestampTarget): Step[] {
  const { isFilledByDefault, populate: how } = target
  return !isFilledByDefault && how === null && mustBecomeNotNull(target) ? [tableIsEmpty(target)] : []
}

/** The time of `updatedAt` for rows that have never changed, if the policy chooses another than the migration's. */
function timeSteps(target: TimestampTarget): Step[] {
  const { populate: how } = target
  if (how === null) return []
  return rowHolders(target).flatMap((holder) =>
    holder.databaseTable === null
      ? []
      : held(holder, holder.databaseTable, fillColumn(holder, holder.databaseTable, how.value, 'populate')),
  )
}

/** Rows that the policy's expression leaves empty get the time of the migration, if the kind has such a time. */
function timeNotNullSteps(target: TimestampTarget): Step[] {
  const { isFilledByDefault, populate: how } = target
  if (isFilledByDefault ? how === null || target.nullable : !mustBecomeNotNull(target)) return []
  const value = isFilledByDefault ? fillingDefault(target) : how?.value
  const rest = (holder: TimestampTarget) =>
    holder.databaseTable === null || value === undefined
      ? []
      : held(holder, holder.databaseTable, fillColumn(holder, holder.databaseTable, value, 'populate-latecomers'))
  return becomeNotNull(target, rest)
}

function validateSteps(target: UserReferenceTarget): Step[] {
  const { foreignKey } = target
  if (foreignKey === null || foreignKey.state === 'validated') return []
  const place = foreignKeyPlace(target, foreignKey)
  if (foreignKey.state === 'not validated') return [validateForeignKey(place)]
  return [...rowHolders(place).map(validateForeignKey), ...(isPartitioned(place) ? [attachForeignKey(place)] : [])]
}

function notNullSteps(target: UserReferenceTarget): Step[] {
  const { databaseTable: table, populate: how } = target
  if (table === null || !mustBecomeNotNull(target)) return []
  return becomeNotNull(target, (holder) =>
    how === null || holder.databaseTable === null
      ? []
      : held(holder, holder.databaseTable, populateLatecomers(holder, holder.databaseTable, how)),
  )
}

/** `latecomers` fills rows that were inserted without a value since the column was added. */
function becomeNotNull<Target extends ColumnPlace>(target: Target, latecomersOf: (holder: Target) => Step[]): Step[] {
  const holders = rowHolders(target)
  const latecomers = holders.flatMap(latecomersOf)
  const validations = [...holders, ...(isPartitioned(target) ? [target] : [])].map(validateNotNullCheck)
  return [addNotNullCheck(target), ...latecomers, ...validations, setNotNull(target)]
}

function held({ column }: ColumnPlace, table: Table, fill: Step): Step[] {
  return withOtherColumnsHeld(firedByFill(table), column, fill)
}

function indexSteps(target: AuditTarget): Step[] {
  const { index } = target
  if (index === null || index.exists) return []
  const place = {
    schema: target.schema,
    table: target.table,
    label: titleOfColumn(target),
    unique: false,
    definition: `(${quoteIdentifier(target.column)})`,
    column: target.column,
    databaseTable: target.databaseTable,
  }
  return isPartitioned(place) ? createPartitionedIndex(place, index) : [createIndex(place, index.name)]
}

/** One for each missing function, regardless of the number of triggers that call it. */
function functionSteps(clocks: ReadonlyMap<TimestampTarget, ClockFunction>): Step[] {
  const steps = new Map<string, Step>()
  for (const [target, clock] of clocks) {
    const step = createFunction(clock, target.table)
    if (!clock.exists) steps.set(step.id, step)
  }
  return [...steps.values()]
}

function triggerSteps(target: TimestampTarget, clock: ClockFunction | undefined): Step[] {
  const { trigger } = target
  if (trigger === null) return []
  if (trigger.existing !== null) return isEnabled(trigger.existing) ? [] : [enableTrigger(target, trigger.existing)]
  if (clock === undefined) return []
  return [createTrigger(target, trigger, clock), ...trigger.replaces.map((other) => disableTrigger(target, other))]
}

/**
 * If the column is new, or still has the default of an unfinished run. If another trigger maintains the column and does
 * not set it on INSERT, the default stays: without it, an INSERT that omits the column would fail.
 */
function defaultSteps(target: TimestampTarget): Step[] {
  if (lacksDefault(target)) return [setMissingDefault(target)]
  if (target.lastingDefault === null && !target.nullable && target.trigger?.setsOnInsert === false) return []
  const filling = fillingDefaultInCatalog(target)
  const hasFillingDefault = target.databaseColumn === null || filling.includes(target.databaseColumn.default ?? '')
  return hasFillingDefault && !filling.includes(target.lastingDefault ?? '') ? [dropDefault(target)] : []
}

/** An existing column without the default that new rows need. */
function lacksDefault({ databaseColumn, isFilledByDefault, lastingDefault }: TimestampTarget): boolean {
  return !isFilledByDefault && databaseColumn?.default === null && lastingDefault !== null
}

function setMissingDefault(target: TimestampTarget): Step {
  const { lastingDefault, type } = target
  return setDefault(target, { type, serial: null, default: lastingDefault, isConstant: false }, '')
}

function wantsNewTrigger(target: AuditTarget): target is TimestampTarget {
  return target.shape === 'timestamp' && target.trigger !== null && target.trigger.existing === null
}
