import { isEnabled } from '../../audit/triggers'
import type { Column, Table } from '../../database/model'
import { quoteIdentifier } from '../../database/quote'
import type { Step } from '../model'
import type { AuditTarget, ColumnPlace, Populating, TimestampTarget, UserReferenceTarget } from './audit-target'
import { mustBecomeNotNull, needsValues } from './needs-values'
import type { ClockFunction } from './clock-function'
import { setDefault } from './drift/steps/columns'
import { addColumn } from './steps/add-column'
import { fillingDefault, fillingDefaultInCatalog } from './filling-default'
import { foreignKeyPlace } from './foreign-key-place'
import { isPartitioned, rowHolders } from './partitions'
import { addForeignKey, attachForeignKey } from './steps/add-foreign-key'
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
import { titleOfColumn } from './titles'

/** All steps of one kind before the next, so that slow steps do not delay what writers need. */
export function auditFieldSteps(
  targets: readonly AuditTarget[],
  clocks: ReadonlyMap<TimestampTarget, ClockFunction>,
): Step[] {
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

/** None for a table that the plan creates: it has no rows, and cannot be queried before. */
function preconditions(target: UserReferenceTarget): Step[] {
  if (target.databaseTable?.isNew === true) return []
  return [...ownersCanBeHad(target), ...valuesNameUsers(target)]
}

/** An existing column may contain keys of deleted users, or values that are not users. */
function valuesNameUsers(target: UserReferenceTarget): Step[] {
  const { databaseColumn, foreignKey } = target
  if (databaseColumn === null || foreignKey === null || foreignKey.state === 'validated') return []
  const place = foreignKeyPlace(target, foreignKey)
  const constant = foreignKey.state === 'missing' ? constantDefault(databaseColumn) : null
  return [noOrphans(place, target), ...(constant === null ? [] : [defaultNamesUser(place, target, constant)])]
}

/** `0`, `'x'::text`, as text. Null for any other default, which may well be the user of the session. */
function constantDefault({ default: value }: Column): string | null {
  const [, number, text] = /^(?:(-?\d+)|'([^'\\]*(?:''[^'\\]*)*)')(?:::[\w ".]+(?:\(\d+\))?)?$/.exec(value ?? '') ?? []
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
export function fillingsOfBrokenRun(target: AuditTarget): Step[] {
  if (target.shape === 'timestamp') return timeSteps({ ...target, populate: target.populateOfBrokenRun })
  return target.populate === null || needsValues(target) ? [] : fillWith(target, target.populate)
}

/**
 * The creation time of existing rows is unknown, so a column for it can only be required if the policy defines their
 * value.
 */
function timesCanBeHad(target: TimestampTarget): Step[] {
  const { databaseTable, isFilledByDefault, populate: how } = target
  if (databaseTable?.isNew === true) return []
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

export function wantsNewTrigger(target: AuditTarget): target is TimestampTarget {
  return target.shape === 'timestamp' && target.trigger !== null && target.trigger.existing === null
}
