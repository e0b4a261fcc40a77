import { phrase } from '../../text/phrase'
import { indexName } from '../../expected/names'
import { isOnColumnAlone } from '../matching/indexes'
import { quoteName } from '../values/names'
import { missingIndexes } from './missing-indexes'
import { nameOf, pairFinding, type TableRule } from './table-rule'

/**
 * `index-missing`: the schema has `@@index` and the table has no such index. Information if only the policy requires it, which
 * Prisma does not know.
 */
export const indexMissing: TableRule = (pair, context) => [
  ...missingIndexes(pair, 'index-missing'),
  ...inPolicyAlone(pair, context),
]

const inPolicyAlone: TableRule = (pair, { audited }) =>
  audited.flatMap(({ auditField, column, schemaColumn, wantsIndex, isInDatabase, unfit }) => {
    if (!wantsIndex || schemaColumn === null || isInDatabase !== true || unfit !== null) return []
    const isInSchema = pair.expected.indexes.some(
      ({ columns }) => columns.length === 1 && columns[0]?.column === column,
    )
    // An invalid one is another finding.
    if (isInSchema || pair.actual.indexes.some((index) => isOnColumnAlone(index, column))) return []
    const name = indexName(pair.actual.name, [column])
    return pairFinding(pair, {
      code: 'index-missing',
      severity: 'information',
      message: phrase`${nameOf(pair.expected)} has no index on ${quoteName(column)}, which the policy requires (fields.${auditField}.index).`,
      field: schemaColumn.field,
      column,
      object: name,
      expected: `index ${quoteName(name)} (${quoteName(column)})`,
      range: schemaColumn.range,
    })
  })
