import { quoteIdentifier, quoteLiteral } from '../../../database/quote'
import { RUNS_EACH_TIME, step } from './step'
import type { Step } from '../../model'
import type { AuditTarget, ForeignKeyPlace, UserKey, UserReferenceTarget } from '../audit-target'
import { typeOfColumn } from '../column-type'
import { SEE_ALL_ROWS, doBlock, operator, quotedList, tableName } from '../sql'
import { titleOfColumn, titleOfColumns, titleOfName, titleOfTable } from '../titles'

/** The SQLSTATE of an unmet precondition, to distinguish it from an error. */
export const PRECONDITION_FAILED = 'PA001'

/** Rows that need an owner need a user: refused before anything is changed if there is none. */
export function usersExist(target: UserReferenceTarget, user: UserKey): Step {
  const users = tableName(user)
  const ending = `need a user, but ${titleOfTable(user)} is empty.`
  const hint = `Add a user first, or set "populate": "none" for ${target.field} in the policy.`
  return precondition({
    place: target,
    id: `${target.column}:users-exist`,
    tables: user.isNew === true ? [tableName(target)] : [tableName(target), users],
    title: `Check that ${titleOfTable(user)} has a user for existing rows of ${titleOfTable(target)}`,
    violated: `${user.isNew === true ? '' : `NOT EXISTS (SELECT FROM ${users}) AND `}EXISTS (SELECT FROM ${tableName(target)})`,
    message: `${titleOfTable(target)} has rows that ${ending}`,
    reason: `rows ${ending}`,
    hint,
    privileges: [{ action: 'select', name: users }],
  })
}

/** NOT NULL without a value to fill is only possible if the table is empty. */
export function tableIsEmpty(target: AuditTarget): Step {
  const column = quoteIdentifier(target.column)
  return precondition({
    place: target,
    id: `${target.column}:table-is-empty`,
    tables: [tableName(target)],
    title: `Check that ${titleOfTable(target)} has no rows, as ${column} is NOT NULL`,
    violated: `EXISTS (SELECT FROM ${tableName(target)})`,
    message: `${titleOfColumn(target)} is required, but the policy does not say which value existing rows get.`,
    reason: `${titleOfName(target.column)} is required, but the policy does not say which value existing rows get.`,
    hint:
      target.shape === 'user'
        ? `Set "populate" for ${target.field} in the policy to "first-user" or to an SQL expression, or set "required" to false.`
        : `Set "populate" for ${target.field} in the policy to an SQL expression ({ "sql": "…" }), or make the column optional.`,
    privileges: [],
  })
}

/** A unique index is impossible while rows share a value; a failed build would leave an invalid one behind. */
export function noDuplicates(
  place: { readonly schema: string; readonly table: string; readonly estimatedRows: number | null },
  indexName: string,
  columns: readonly string[],
): Step {
  const table = tableName(place)
  const list = quotedList(columns)
  const given = columns.map((column) => `${quoteIdentifier(column)} IS NOT NULL`).join(' AND ')
  return precondition({
    place,
    id: `${indexName}:no-duplicates`,
    title: `Check that ${titleOfColumns(place, columns)} has no duplicates`,
    violated: `EXISTS (SELECT FROM ${table} WHERE ${given} GROUP BY ${list} HAVING pg_catalog.count(*) > 1)`,
    message: `${titleOfTable(place)} has duplicate values in ${columns.map(titleOfName).join(', ')}, so a unique index cannot be created.`,
    hint: 'Find them with GROUP BY and HAVING count(*) > 1, and change or delete the duplicates.',
    tables: [table],
    privileges: [],
    estimatedRows: place.estimatedRows,
    scans: true,
  })
}

/** PostgreSQL holds a row against every CHECK constraint whenever it is updated, also against one that is NOT VALID. */
export function rowsPassCheck(
  place: { readonly schema: string; readonly table: string; readonly estimatedRows: number | null },
  check: { readonly name: string; readonly condition: string },
): Step {
  const table = tableName(place)
  const violating = `SELECT FROM ${table} WHERE NOT (${check.condition})`
  const reason = `rows that violate the CHECK constraint ${titleOfName(check.name)} (NOT VALID), so PostgreSQL rejects every UPDATE of them.`
  return precondition({
    place,
    id: `${check.name}:rows-pass-check`,
    title: `Check that the rows of ${titleOfTable(place)} satisfy ${titleOfName(check.name)}, which is NOT VALID`,
    violated: `EXISTS (${violating})`,
    message: `${titleOfTable(place)} has ${reason}`,
    reason,
    count: violating.replace('SELECT', 'SELECT pg_catalog.count(*)'),
    hint: 'Fix or delete those rows, drop the constraint, or set "populate" to "none" in the policy.',
    tables: [table],
    privileges: [],
    estimatedRows: place.estimatedRows,
    scans: true,
  })
}

/** A foreign key cannot be validated while a row references nothing. */
export function noOrphans(place: ForeignKeyPlace, audited: UserReferenceTarget | null = null): Step {
  const table = tableName(place)
  const referenced = tableName(place.referenced)
  const given = place.columns.map((column) => `t.${quoteIdentifier(column)} IS NOT NULL`)
  const equal = place.columns.map(
    (column, index) =>
      `r.${quoteIdentifier(place.referenced.columns[index] ?? '')} ${equalityOf(place, column)} t.${quoteIdentifier(column)}`,
  )
  // A table that the plan creates has no users yet, and cannot be queried before.
  const isNew = audited?.foreignKey?.user.isNew === true
  const unmatched = isNew ? [] : [`NOT EXISTS (SELECT FROM ${referenced} AS r WHERE ${equal.join(' AND ')})`]
  const orphans = (what: string) => `SELECT ${what} FROM ${table} AS t WHERE ${[...given, ...unmatched].join(' AND ')}`
  const orWithoutRelation =
    audited === null
      ? ''
      : ` If the column means something else, set "relation": false for ${audited.field} in the policy.`
  const reason = `orphaned rows: their ${place.columns.map(titleOfName).join(', ')} does not exist in ${titleOfTable(place.referenced)}.`
  return precondition({
    place,
    id: `${place.name}:no-orphans`,
    title: `Check that ${titleOfColumns(place, place.columns)} has no orphaned rows`,
    violated: `EXISTS (${orphans('')})`,
    message: `${titleOfTable(place)} has ${reason}`,
    reason,
    count: orphans('pg_catalog.count(*)'),
    hint: `Fix or delete those rows, or set the column to NULL in them.${orWithoutRelation}`,
    tables: isNew ? [table] : [table, referenced],
    privileges: [{ action: 'select', name: referenced }],
    estimatedRows: place.databaseTable?.estimatedRows ?? null,
    scans: true,
  })
}

/** If the default is no user, every INSERT that omits the column would fail once the foreign key exists. */
export function defaultNamesUser(place: ForeignKeyPlace, target: UserReferenceTarget, constant: string): Step {
  const [column = ''] = place.columns
  const [key = ''] = place.referenced.columns
  const users = tableName(place.referenced)
  const isNew = target.foreignKey?.user.isNew === true
  return precondition({
    place,
    id: `${column}:default-names-a-user`,
    title: `Check that the default of ${titleOfColumns(place, [column])} is a user`,
    violated: isNew
      ? 'true'
      : `NOT EXISTS (SELECT FROM ${users} AS r WHERE r.${quoteIdentifier(key)} ${equalityOf(place, column)} ${quoteLiteral(constant)})`,
    message: `The default of ${titleOfColumns(place, [column])}, ${quoteLiteral(constant)}, does not exist in ${titleOfTable(place.referenced)}: every INSERT that omits the column would fail.`,
    hint: `Drop the default, or add that user. If the column means something else, set "relation": false for ${target.field} in the policy.`,
    tables: isNew ? [] : [users],
    privileges: [{ action: 'select', name: users }],
    scans: true,
  })
}

/** The equality operator of the column's type, regardless of the search path. */
function equalityOf({ databaseTable }: ForeignKeyPlace, name: string): string {
  const column = databaseTable?.columns.find((candidate) => candidate.name === name)
  return operator('=', column === undefined ? null : typeOfColumn(column))
}

/** A required column without a default can only be added to an empty table. */
export function noRowsFor(place: { readonly schema: string; readonly table: string; readonly column: string }): Step {
  const column = quoteIdentifier(place.column)
  return precondition({
    place,
    id: `${place.column}:table-is-empty`,
    title: `Check that ${titleOfTable(place)} has no rows, as ${column} is NOT NULL`,
    violated: `EXISTS (SELECT FROM ${tableName(place)})`,
    message: `${titleOfColumn(place)} is required and has no database default, but the table has rows.`,
    hint: REQUIRED_WITHOUT_DEFAULT,
    tables: [tableName(place)],
    privileges: [],
  })
}

/** A precondition rebuilt from the journal, which checks nothing. */
export function forgottenPrecondition(from: Pick<Step, 'schema' | 'table' | 'title'> & { readonly id: string }): Step {
  const { id, schema, table, title } = from
  const place = { schema, table }
  const asked = { violated: 'false', message: '', hint: '', tables: [], privileges: [] }
  return { ...precondition({ place, id, title, ...asked }), up: [], privileges: [] }
}

/** What to do about it. */
export const REQUIRED_WITHOUT_DEFAULT =
  'Give the field a @default; or make it optional, migrate, fill the rows, then make it required.'

interface Precondition {
  readonly place: { readonly schema: string; readonly table: string }
  /** The part after the table: `ownerId:users-exist`. */
  readonly id: string
  readonly title: string
  /** A condition in SQL; the plan must not run if it is true. */
  readonly violated: string
  readonly message: string
  /** The same without the table, if several tables may share it. */
  readonly reason?: string
  /** A query for the number of affected rows, reported with the message. */
  readonly count?: string
  readonly hint: string
  /** Quoted names of the tables that it reads. */
  readonly tables: readonly string[]
  readonly privileges: Step['privileges']
  readonly scans?: boolean
  readonly estimatedRows?: number | null
}

function precondition(given: Precondition): Step {
  const {
    place,
    id,
    title,
    violated,
    message,
    reason,
    count,
    hint,
    tables,
    privileges,
    scans = false,
    estimatedRows = null,
  } = given
  return step({
    // Applies only to the current rows: a continued run checks the preconditions of its new plan.
    recipe: { builder: 'precondition', parameters: { id, schema: place.schema, table: place.table, title } },
    id: `precondition:${place.schema}.${place.table}.${id}`,
    kind: 'precondition',
    ...(reason === undefined ? {} : { refusal: `${reason} ${hint}` }),
    title,
    schema: place.schema,
    table: place.table,
    up: [
      doBlock(
        [
          'BEGIN',
          `  ${SEE_ALL_ROWS}`,
          `  IF ${violated} THEN`,
          `    RAISE EXCEPTION USING`,
          `      ERRCODE = '${PRECONDITION_FAILED}',`,
          `      MESSAGE = ${quoteLiteral(message)},`,
          ...(count === undefined ? [] : [`      DETAIL = pg_catalog.json_build_object('rows', (${count})),`]),
          `      HINT = ${quoteLiteral(hint)};`,
          '  END IF;',
          'END',
        ].join('\n'),
      ),
    ],
    down: [],
    verify: RUNS_EACH_TIME,
    lock: { mode: 'ACCESS SHARE', tables, duration: scans ? 'reading' : 'brief' },
    privileges: [{ action: 'select', name: tableName(place) }, ...privileges],
    scans,
    estimatedRows,
  })
}
