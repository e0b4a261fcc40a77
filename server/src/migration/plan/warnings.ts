import type { Table } from '../../database/model'
import type { AuditTarget, TimestampTarget, UserKey, UserReferenceTarget } from './audit-target'
import type { ClockFunction } from './clock-function'
import type { Warning, WarningCode } from '../model'
import { firedByFill } from './steps/hold-columns'
import { titleOfColumn, titleOfName, titleOfRelation, titleOfTable } from './titles'
import { phrase, type Phrase } from '../../text/phrase'

/** What a person should know before the steps run, each in one or two sentences. */
export function planWarnings(
  targets: readonly AuditTarget[],
  clocks: ReadonlyMap<TimestampTarget, ClockFunction>,
): Warning[] {
  return eachOnce([
    ...targets.flatMap((target) => (target.databaseTable?.canAlter === false ? [notOwner(titleOfTable(target))] : [])),
    ...ownersCodeWarnings(targets.flatMap(({ databaseTable }) => databaseTable ?? [])),
    ...targets.flatMap((target) => (target.shape === 'timestamp' ? timestampWarnings(target) : [])),
    ...targets.flatMap((target) => (target.shape === 'timestamp' ? [] : referenceWarnings(target))),
    ...[...clocks.values()].flatMap(passedOver),
  ])
}

/** By code and object: several steps may have the same warning for one table. */
export function eachOnce(warnings: readonly Warning[]): Warning[] {
  return [...new Map(warnings.map((warning) => [warningKey(warning), warning])).values()]
}

export function warningKey({ code, object }: Pick<Warning, 'code' | 'object'>): string {
  return `${code} ${object}`
}

/**
 * Writing a row runs the table's triggers, and the functions of its constraints, indexes and defaults. A superuser who
 * fills a table of an untrusted role gives that role superuser privileges; SET ROLE would not help, because such code
 * can reset it.
 */
export function ownersCodeWarnings(tables: readonly Table[]): Warning[] {
  const names = [...new Set(tables.filter((table) => table.ownerIsNoSuperuser).map(nameOf))]
  if (names.length === 0) return []
  const text = phrase`You are connected as a superuser, but a role without superuser privileges owns ${names}. Its triggers and functions run with your privileges when rows are written: connect as the owner unless you trust it.`
  return [{ code: 'code-of-others', object: names.join(', '), text }]
}

function nameOf({ schema, name }: Table): string {
  return titleOfTable({ schema, table: name })
}

/** `table` is quoted. */
export function notOwner(table: string): Warning {
  const text = phrase`The current role does not own ${table}: the migration will be refused before it changes anything.`
  return { code: 'not-owner', object: table, text }
}

function timestampWarnings(target: TimestampTarget): Warning[] {
  if (
    target.databaseColumn !== null ||
    target.databaseTable?.isNew === true ||
    !target.isFilledByDefault ||
    target.trigger !== null ||
    target.nullable ||
    target.lastingDefault !== null
  )
    return []
  const text = phrase`${titleOfColumn(target)} gets no trigger (see the policy): once its default is dropped, an INSERT that omits the column fails. Deploy the new Prisma Client first.`
  return [{ code: 'insert-must-name', object: titleOfColumn(target), text }]
}

function referenceWarnings(target: UserReferenceTarget): Warning[] {
  const { databaseTable: table, databaseColumn: column, foreignKey, populate, type } = target
  const isNew = table?.isNew === true
  const fills =
    table !== null && !isNew && populate !== null && (column === null || (!target.nullable && column.nullable))
  const warnings: Warning[] = []
  const warn = (code: WarningCode, object: string, text: Phrase) => warnings.push({ code, object, text })
  if (fills) {
    if (table.primaryKey === null) {
      warn(
        'no-primary-key',
        titleOfTable(target),
        phrase`${titleOfTable(target)} has no primary key: its rows are filled block by block (by ctid).`,
      )
    }
    if (populate.kind === 'first-user') warnings.push(...firstUserWarnings(target, populate.user, type?.catalog ?? ''))
    const triggers = firedByFill(table)
    if (triggers.length > 0) {
      const names = triggers.map(titleOfName).join(', ')
      warn(
        'triggers-fire',
        `${titleOfColumn(target)}: ${names}`,
        phrase`Filling ${titleOfColumn(target)} updates every row of the table and fires its triggers: ${names}. What they write to other columns of those rows is undone; what they do elsewhere is not.`,
      )
    }
    if (column !== null) {
      warn(
        'column-filled',
        titleOfColumn(target),
        phrase`${titleOfColumn(target)} already exists: NULLs are filled, and a rollback does not clear them again.`,
      )
    }
  }
  const isAdopted = foreignKey?.state === 'missing' || target.index?.exists === false
  if (column?.nullable === true && target.nullable && populate !== null && isAdopted) {
    warn(
      'rows-without-value',
      titleOfColumn(target),
      phrase`${titleOfColumn(target)} already exists and is nullable: rows with NULL are left unchanged and are not verified. Set "required": true for ${target.field} in the policy to fill them.`,
    )
  }
  if (!isNew && !target.nullable && column?.nullable !== false) {
    warn(
      'insert-must-name',
      titleOfColumn(target),
      phrase`${titleOfColumn(target)} becomes NOT NULL: an INSERT without it will fail. First deploy code that sets it.`,
    )
  }
  return warnings
}

/** A number grows with time; any other key does not show who was first. */
function firstUserWarnings(target: UserReferenceTarget, user: UserKey, keyType: string): Warning[] {
  const key = titleOfName(user.column)
  if (user.createdAt !== null || /^(smallint|integer|bigint)$/.test(keyType)) return []
  const text = phrase`The first user is the one with the lowest ${key} in ${titleOfTable(user)}. A ${keyType} key does not show who was first, so it may be any user. To choose, set "populate" for ${target.field} in the policy to "none" or an SQL expression.`
  return [{ code: 'first-user-arbitrary', object: target.field, text }]
}

function passedOver(clock: ClockFunction): Warning[] {
  if (clock.passedOver === null) return []
  const other = titleOfTable({ schema: clock.schema, table: clock.passedOver })
  const text = phrase`A function ${other}() with another body already exists. It is left unchanged; ours is called ${titleOfRelation(clock)}().`
  return [{ code: 'function-left', object: other, text }]
}
