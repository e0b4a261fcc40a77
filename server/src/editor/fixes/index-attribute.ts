import type { Index } from '../../database/model'
import { indexName, uniqueName } from '../../expected/names'

/** An index in Prisma's syntax. */
export interface IndexAttribute {
  readonly name: 'index' | 'unique'
  /** `@@index([a, b], map: "x")` */
  readonly ofModel: string
  /** As a field attribute, such as `@unique`, and the field; null if it needs a block attribute. */
  readonly ofField: { readonly field: string; readonly text: string } | null
}

/** Where the index will be written. */
export interface IndexPlace {
  readonly table: string
  /** The field of a column; null if there is none. */
  readonly fieldOf: (column: string) => string | null
  /** Whether the schema can express conditions of indexes. */
  readonly hasConditions: boolean
}

/** Null for an index that Prisma cannot express: on an expression, with INCLUDE columns, partial, invalid. */
export function indexAttribute(index: Index, { table, fieldOf, hasConditions }: IndexPlace): IndexAttribute | null {
  const type = METHODS[index.method]
  if (type === undefined || !index.valid || index.includedColumns.length > 0) return null
  if (index.predicate !== null && !hasConditions) return null
  const columns = index.columns.flatMap(({ column }) => column ?? [])
  const fields = columns.flatMap((column) => fieldOf(column) ?? [])
  if (fields.length < index.columns.length) return null
  const derived = index.unique ? uniqueName(table, columns) : indexName(table, columns)
  const rest = [
    ...(index.name === derived ? [] : [`map: ${JSON.stringify(index.name)}`]),
    ...(type === '' ? [] : [`type: ${type}`]),
    ...(index.predicate === null ? [] : [`where: raw(${JSON.stringify(index.predicate)})`]),
  ]
  const items = index.columns.map(({ descending, operatorClass, isDefaultOperatorClass }, position) => {
    const options = [
      ...(isDefaultOperatorClass
        ? []
        : [`ops: ${OPERATOR_CLASSES[operatorClass] ?? `raw(${JSON.stringify(operatorClass)})`}`]),
      ...(descending ? ['sort: Desc'] : []),
    ]
    return (fields[position] ?? '') + (options.length === 0 ? '' : `(${options.join(', ')})`)
  })
  const name = index.unique ? 'unique' : 'index'
  const ofModel = `@@${name}(${[`[${items.join(', ')}]`, ...rest].join(', ')})`
  const [field] = fields
  const isOfField = index.unique && items.length === 1 && items[0] === field
  const ofField = isOfField && field !== undefined ? { field, text: call('@unique', rest) } : null
  return { name, ofModel, ofField }
}

/** From PostgreSQL's name to Prisma's; empty for the default. */
const METHODS: Readonly<Record<string, string>> = {
  btree: '',
  hash: 'Hash',
  gin: 'Gin',
  gist: 'Gist',
  spgist: 'SpGist',
  brin: 'Brin',
}

/** Not a type's default, and with a name in Prisma, which treats the name and `raw("…")` as different. */
const OPERATOR_CLASSES: Readonly<Record<string, string>> = { jsonb_path_ops: 'JsonbPathOps', inet_ops: 'InetOps' }

function call(head: string, parts: readonly string[]): string {
  return parts.length === 0 ? head : `${head}(${parts.join(', ')})`
}
