import * as z from 'zod'
import { isFolderName } from '../../history/folder-names'
import { MIGRATION_FILE } from '../../history/record-step'
import { expressionText, typeText, type SqlText } from './sql-texts'

/**
 * Valid parameters of a stored step, as strict as the builders' types, each with a size limit. Names are PostgreSQL
 * names: any text without NUL, because they are quoted. `sqlText` becomes SQL unchanged; see `sql-texts.ts`.
 */
export const name = z.string().min(1).max(300).refine(hasNoNul, 'no NUL can be in a name')

export const title = z.string().max(2000)

export const sqlText = z.string().max(100_000).refine(hasNoNul, 'no NUL can be in SQL')

const rows = z.number().nullable()

const partition = z.strictObject({
  schema: name,
  name,
  kind: z.enum(['table', 'partitioned table', 'foreign table']),
  parent: z.strictObject({ schema: name, name }),
  estimatedRows: rows,
})

export const keyColumn = z.strictObject({ name, type: sqlText, operatorSchema: name.exactOptional() })

export const keyColumns = z.array(keyColumn).max(100)

/** Of a row of `prisma_audit_kept.kept_column`; it becomes SQL. */
export const columnId = z.string().regex(/^\d{1,19}$/)

export const sparedNulls = z.array(z.strictObject({ columnId, key: keyColumns })).max(10_000)

const type = {
  type: sqlText,
  typeName: name,
  typeSchema: name,
  isArray: z.boolean(),
  typeKind: z.string().max(1),
}

const primaryKeyColumn = z.strictObject({
  ...type,
  name,
  base: z.strictObject({ ...type, isNested: z.boolean().exactOptional() }).exactOptional(),
})

const table = z.strictObject({
  kind: z.enum(['table', 'partitioned table', 'partition', 'view', 'materialized view', 'foreign table']),
  estimatedRows: rows,
  partitions: z.array(partition).max(100_000).nullable(),
  primaryKey: z.strictObject({ name, columns: z.array(primaryKeyColumn).max(100) }).nullable(),
})

const columnType = z.strictObject({
  sql: sqlText,
  catalog: sqlText,
  dataType: sqlText.nullable(),
  operatorSchema: name.exactOptional(),
})

const inTable = {
  schema: name,
  table: name,
  databaseTable: table.nullable(),
}

const inColumn = {
  ...inTable,
  column: name,
  nullable: z.boolean(),
  partitionOf: name.exactOptional(),
}

export const columnPlace = z.strictObject({ ...inColumn, type: columnType.nullable() })

export const filledColumn = z.strictObject({ ...inColumn, type: columnType.nullable(), databaseTable: table })

export const timestampPlace = z.strictObject({ ...inColumn, type: columnType, lastingDefault: sqlText.nullable() })

export const actorTriggerWhen = z.enum(['write', 'create'])

/** As in `pg_trigger.tgenabled`. */
export const existingTrigger = z.strictObject({ timestamp: timestampPlace, name, state: z.enum(['O', 'D', 'R', 'A']) })

/** A column that is filled while the others are kept unchanged. */
export const heldPlace = z.strictObject({
  ...{ schema: name, table: name, column: name, trigger: name },
  fill: z.string().max(1000),
})

export const action = z.enum(['NO ACTION', 'RESTRICT', 'CASCADE', 'SET NULL', 'SET DEFAULT'])

export const foreignKeyPlace = z.strictObject({
  ...inTable,
  columns: z.array(name).min(1).max(100),
  referenced: z.strictObject({ schema: name, table: name, columns: z.array(name).min(1).max(100) }),
  name,
  onDelete: action,
  onUpdate: action,
})

export const indexPlace = z.strictObject({
  ...inTable,
  label: title,
  unique: z.boolean(),
  definition: sqlText,
  column: name.exactOptional(),
})

export const partitionIndexes = z.array(z.strictObject({ partition, name, exists: z.boolean() })).max(100_000)

export const columnDefinition = z.strictObject({
  type: columnType,
  serial: z.enum(['smallserial', 'serial', 'bigserial']).nullable(),
  default: sqlText.nullable(),
  isConstant: z.boolean(),
})

export function definitionTexts(definition: z.infer<typeof columnDefinition>): SqlText[] {
  return [typeText(definition.type.sql), ...(definition.default === null ? [] : [expressionText(definition.default)])]
}

const fileText = z.string().max(16_000_000)

/** Its name becomes that of a folder, and its files' names those of files: only names that we generate are valid. */
export const folder = z.strictObject({
  name: z.string().refine(isFolderName, 'it is not the name of a folder of ours'),
  files: z.strictObject({
    [MIGRATION_FILE]: fileText,
    'down.sql': fileText.exactOptional(),
    'verify.sql': fileText.exactOptional(),
  }),
})

function hasNoNul(text: string): boolean {
  return !text.includes('\0')
}
