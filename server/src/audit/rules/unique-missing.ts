import { missingIndexes } from './missing-indexes'
import type { TableRule } from './table-rule'

/**
 * `unique-missing`: the schema has `@unique` or `@@unique` and the table has neither such a constraint nor an index.
 */
export const uniqueMissing: TableRule = (pair) => missingIndexes(pair, 'unique-missing')
