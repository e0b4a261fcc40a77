import { phrase, type Phrase } from '../../text/phrase'
import type { ExpectedColumn } from '../../expected/model'
import { likelyFormerColumn } from '../matching/likely-renames'
import type { TablePair } from '../matching/table-pair'
import { describeExpectedColumn } from '../values/describe'
import { fieldNameOf, pairFinding, type TableRule } from './table-rule'
import { dependentObjects } from './dependent-objects'

/** `column-missing`: the table has no column for a field of the schema. Audit fields have their own findings. */
export const columnMissing: TableRule = (pair, context) =>
  pair.columns.missing
    .filter((column) => ![...context.audited, ...context.ignored].some(({ schemaColumn }) => schemaColumn === column))
    .map((column) =>
      pairFinding(pair, {
        code: 'column-missing',
        severity: 'warning',
        message: phrase`The table "${pair.expected.name}" has no column "${column.name}" for ${fieldNameOf(pair.expected, column.field)}.${dependentObjects(pair.expected, column.name)}${likelyRename(column, pair)}`,
        field: column.field,
        column: column.name,
        expected: describeExpectedColumn(column),
        range: column.range,
        ...formerOf(column, pair),
      }),
    )

function formerOf(column: ExpectedColumn, pair: TablePair): { readonly likelyFormer?: string } {
  const former = likelyFormerColumn(column, pair)
  return former === null ? {} : { likelyFormer: former.name }
}

function likelyRename(column: ExpectedColumn, pair: TablePair): string | Phrase {
  const former = likelyFormerColumn(column, pair)
  return former === null
    ? ''
    : phrase` Likely renamed: the column "${former.name}" has the same type and no field. If so, add @map(${JSON.stringify(former.name)}).`
}
