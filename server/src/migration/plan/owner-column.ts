import { namesWhoChanged, ownerRank } from '../../audit-fields/row-owner'
import type { Column, Table } from '../../database/model'
import { quoteIdentifier } from '../../database/quote'
import type { OwnerColumn, UserKey } from './audit-target'
import { typeOfColumn } from './column-type'
import type { FieldContext } from './field-context'
import { operator, tableName } from './sql'

/**
 * The column in which a row already references its user: a reference to users with an owner's name (`userId`,
 * `authorId`, `created_by`), or the only one; a plain column only with such a name. Null if there is none.
 */
export function ownerColumn(context: FieldContext, user: UserKey): OwnerColumn | null {
  const { actual, column: target, expected } = context
  if (actual === null) return null
  const candidates = actual.columns
    .filter(({ name }) => name !== target && !namesWhoChanged(name))
    .flatMap((column) => candidate(context, actual, column, user) ?? [])
    .sort((left, right) => left.rank - right.rank)
  const named = candidates.filter(({ rank }) => rank < UNNAMED)
  const [chosen] = named.length > 0 ? named : candidates.length === 1 ? candidates : []
  if (chosen === undefined) return null
  const others = candidates.filter((other) => other !== chosen).map(({ column }) => column.name)
  return {
    column: chosen.column.name,
    value: valueOf(chosen, quoteIdentifier(expected.name), user),
    isCertain: chosen.isDirect && !chosen.column.nullable,
    others,
  }
}

interface Candidate {
  readonly column: Column
  readonly rank: number
  /** Whether a validated foreign key references exactly the key that an owner references. */
  readonly isDirect: boolean
  /** The referenced column of the users. */
  readonly refersTo: string
}

function candidate(
  { database, expected }: FieldContext,
  actual: Table,
  column: Column,
  user: UserKey,
): Candidate | null {
  const { name } = column
  const isOfThis = ({ columns }: { readonly columns: readonly string[] }) => columns.length === 1 && columns[0] === name
  const keys = actual.foreignKeys.filter(isOfThis)
  const relations = expected.foreignKeys.filter(isOfThis)
  const key = keys.find((found) => found.referencedSchema === user.schema && found.referencedTable === user.table)
  const relation = relations.find(
    (found) =>
      (found.referencedSchema ?? database.defaultSchema) === user.schema && found.referencedTable === user.table,
  )
  const rank = ownerRank(name, user.model) ?? UNNAMED
  const refersTo = key?.referencedColumns[0] ?? relation?.referencedColumns[0] ?? null
  if (refersTo !== null) {
    return { column, rank, isDirect: key?.validated === true && refersTo === user.column, refersTo }
  }
  const users = database.tables.find((table) => table.schema === user.schema && table.name === user.table)
  const isLikeKey = users?.columns.find((found) => found.name === user.column)?.type === column.type
  if (rank === UNNAMED || keys.length + relations.length > 0 || !isLikeKey) return null
  return { column, rank, isDirect: false, refersTo: user.column }
}

/** Rows without a user there get the first user. */
function valueOf({ column, isDirect, refersTo }: Candidate, table: string, user: UserKey): string {
  const name = `${table}.${quoteIdentifier(column.name)}`
  if (isDirect) return name
  const equals = operator('=', typeOfColumn(column))
  return (
    `(SELECT prisma_audit_user.${quoteIdentifier(user.column)} FROM ${tableName(user)} AS prisma_audit_user ` +
    `WHERE prisma_audit_user.${quoteIdentifier(refersTo)} ${equals} ${name})`
  )
}

/** A name that does not suggest an owner comes last. */
const UNNAMED = Number.MAX_SAFE_INTEGER
