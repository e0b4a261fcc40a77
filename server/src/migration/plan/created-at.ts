import { CREATED_AT } from '../../audit-fields/created-at'
import type { Column, Table } from '../../database/model'
import { columnNameOf } from '../../schema/lookup'
import type { ModelBlock } from '../../schema/model'

/** The column with the creation time of a row, by its field's name and its type; null if the database has none. */
export function createdAtOf(model: ModelBlock, table: Table | null | undefined): Column | null {
  for (const { name, type, ...field } of model.fields) {
    if (type.name !== 'DateTime' || !CREATED_AT.test(name.text)) continue
    const columnName = columnNameOf({ name, type, ...field })
    const column = table?.columns.find((candidate) => candidate.name === columnName)
    if (column !== undefined && /^(timestamp|date)/.test(column.type)) return column
  }
  return null
}
