import { phrase, type Phrase } from '../../text/phrase'
import type { Column } from '../../database/model'
import { describeActualColumn } from '../values/describe'
import { nameOf, pairFinding, type TableRule } from './table-rule'

/** `column-unmapped`: the table has a column without a field. A column of an audit field is another finding. */
export const columnUnmapped: TableRule = (pair, context) =>
  pair.columns.unmapped
    .filter(
      (column) =>
        ![...context.audited, ...context.ignored].some(
          (field) => field.schemaColumn === null && field.column === column.name,
        ),
    )
    .map((column) =>
      pairFinding(pair, {
        code: 'column-unmapped',
        severity: 'information',
        message: phrase`${nameOf(pair.expected)} has no field for the column "${column.name}"${consequence(column)}.`,
        column: column.name,
        actual: describeActualColumn(column),
      }),
    )

function consequence(column: Column): string | Phrase {
  const isFilled = column.nullable || column.default !== null || column.identity !== null || column.generated !== null
  return isFilled ? '' : phrase`, which is NOT NULL without a default, so Prisma Client cannot create rows`
}
