import { phrase } from '../../text/phrase'
import { describeExpectedIndex } from '../values/describe'
import type { TablePair } from '../matching/table-pair'
import type { LocalFinding } from './local-finding'
import { lacksColumn, nameOf, pairFinding, twinOf } from './table-rule'

/** The findings `index-missing` and `unique-missing`: indexes of the schema that the table lacks. */
export function missingIndexes(pair: TablePair, code: 'index-missing' | 'unique-missing'): LocalFinding[] {
  const isUnique = code === 'unique-missing'
  return pair.indexes.missing.flatMap((index) => {
    const columns = index.columns.map(({ column }) => column)
    if (index.unique !== isUnique || lacksColumn(pair, columns)) return []
    const twin = twinOf(index, pair)
    const remark = twin === undefined ? '' : phrase` "${twin.name}" covers the same columns.`
    return pairFinding(pair, {
      code,
      severity: twin === undefined ? 'warning' : 'information',
      message: isUnique
        ? phrase`The unique index "${index.name}" on ${nameOf(pair.expected)} is not in the database.${remark}`
        : phrase`The index "${index.name}" on ${nameOf(pair.expected)} is not in the database.${remark}`,
      ...(isUnique ? { field: index.field ?? pair.expected.relationField } : {}),
      object: index.name,
      expected: describeExpectedIndex(index),
      range: index.range,
    })
  })
}
