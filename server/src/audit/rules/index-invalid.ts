import { phrase } from '../../text/phrase'
import { nameOf, pairFinding, type TableRule } from './table-rule'

/**
 * `index-invalid`: what a broken CREATE INDEX CONCURRENTLY left behind. It is kept up to date, which costs, and serves
 * no query; an invalid unique index does not even keep out what stands twice already. `IF NOT EXISTS` takes it for done.
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
