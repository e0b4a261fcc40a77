import type { ExpectedDatabase } from '../../expected/model'
import type { Policy } from '../../audit-fields/policy'
import type { DatabaseModel, Table } from '../../database/model'
import { referencedKeyOf, type ReferencedKey } from '../../audit/unfit-user-columns'
import type { TableName } from '../model'
import type { ColumnType, UserKey, FieldRefusal } from './audit-target'
import { typeOfReferences } from './column-type'
import { createdAtOf } from './created-at'
import { whyNoKey } from './key-to-reference'
import { titleOfName, titleOfRelation, titleOfTable } from './titles'
import { phrase } from '../../text/phrase'

/** The key that references to the user use; `type` is null if the database has no such column. */
export type ResolvedUserKey =
  | {
      readonly key: UserKey
      readonly referenced: ReferencedKey
      readonly type: ColumnType | null
      readonly refusal: FieldRefusal | null
      readonly missingTable?: TableName
    }
  | { readonly key: null; readonly refusal: FieldRefusal }

/** Finds the user model's single-column key in the schema, and its exact type in the database. */
export function resolveUserKey({
  policy,
  database: { defaultSchema, tables },
  expected: { models },
}: {
  readonly policy: Policy
  readonly database: DatabaseModel
  readonly expected: ExpectedDatabase
}): ResolvedUserKey {
  const user = models.find(({ block }) => block.name.text === policy.userModel)
  if (user === undefined) {
    const reason = phrase`The user model ${policy.userModel} does not exist in the schema.`
    return { key: null, refusal: { code: 'users-unknown', reason } }
  }
  const schemaName = user.table.schema ?? defaultSchema
  const table = tables.find(({ schema, name }) => schema === schemaName && name === user.table.name)
  const referenced = referencedKeyOf(user.block, user.table, table, defaultSchema)
  if (referenced === null) {
    const reason = phrase`The primary key of ${policy.userModel} is not a single required field, so one column cannot reference it.`
    return { key: null, refusal: { code: 'user-key-unfit', reason } }
  }
  const key = {
    model: policy.userModel,
    schema: referenced.schema,
    table: referenced.table,
    column: referenced.column,
    createdAt: createdAtOf(user.block, table)?.name ?? null,
    labels: labelsOf(table),
    ...(table?.isNew === true ? { isNew: table.isNew } : {}),
  }
  const label = titleOfTable(key)
  if (table === undefined) {
    const reason = phrase`The users' table ${label} does not exist in the database.`
    const missingTable = { schema: key.schema, table: key.table }
    return { key, referenced, type: null, refusal: { code: 'table-missing', reason }, missingTable }
  }
  const column = table.columns.find((candidate) => candidate.name === key.column)
  if (column === undefined) {
    const reason = phrase`${label} has no column ${titleOfName(key.column)} to reference.`
    return { key, referenced, type: null, refusal: { code: 'user-key-unfit', reason } }
  }
  const why = whyNoKey(table, [column.name])
  const refusal: FieldRefusal | null =
    why === null ? hasChildren(label, table) : { code: 'user-key-unfit', reason: phrase`${why}.` }
  return { key, referenced, type: typeOfReferences(column), refusal }
}

/** By their names: a person's name first, then an address. */
function labelsOf(table: Table | undefined): string[] {
  const columns = (table?.columns ?? []).filter(({ type }) => /^(text|character varying|citext)/.test(type))
  const named = (pattern: RegExp) => columns.filter(({ name }) => pattern.test(name.replaceAll('_', ''))).slice(0, 1)
  return [...named(/^(name|fullname|displayname|username|login|nickname)$/i), ...named(/^e?mail(address)?$/i)].map(
    ({ name }) => name,
  )
}

/** A query on the table includes rows of its children, but a foreign key does not see them. */
function hasChildren(label: string, { relatives = [] }: Table): FieldRefusal | null {
  const children = relatives.filter(({ isChild }) => isChild === true)
  if (children.length === 0) return null
  const names = children.map(titleOfRelation).join(', ')
  const reason = phrase`${label} has children by table inheritance (INHERITS): ${names}. A foreign key does not find users in them.`
  return { code: 'user-key-unfit', reason }
}
