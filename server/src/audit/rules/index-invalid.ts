import { phrase } from '../../text/phrase'
import { nameOf, pairFinding, type TableRule } from './table-rule'

/**
 * `index-invalid`: the leftover of a failed CREATE INDEX CONCURRENTLY. It costs time at every write and serves no query;
 * an invalid unique index does not even guarantee uniqueness. `IF NOT EXISTS` treats it as existing.
 */
export const indexInvalid: TableRule = (pair) =>
  pair.actual.indexes
    .filter(({ valid }) => !valid)
    .map((index) => {
      const wanted = pair.indexes.pairs.find(({ actual }) => actual === index)?.expected
      return pairFinding(pair, {
        code: 'index-invalid',
        severity: 'warning',
        message: phrase`The index "${index.name}" on ${nameOf(pair.expected)} is invalid: queries do not use it. Drop and recreate it.`,
        object: index.name,
        expected: 'a valid index',
        actual: 'an invalid index',
        ...(wanted === undefined ? {} : { range: wanted.range }),
      })
    })
