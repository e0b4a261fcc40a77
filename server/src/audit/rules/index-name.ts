import { phrase, type Phrase } from '../../text/phrase'
import type { Range } from '../../schema/model'
import type { TablePair } from '../matching/table-pair'
import type { LocalFinding } from './local-finding'
import { nameOf, pairFinding, type TableRule } from './table-rule'

/**
 * `index-name`: an index, a primary key or a foreign key exists as in the schema, but under another name. Nothing
 * fails; `prisma migrate` would rename it.
 */
export const indexName: TableRule = (pair) => {
  const indexes = pair.indexes.pairs
    .filter(({ how }) => how === 'renamed')
    .map(({ expected, actual }) => renamed(pair, phrase`index`, expected.name, actual.name, expected.range))
  const foreignKeys = pair.foreignKeys.pairs
    .filter(({ how, expected }) => how === 'renamed' && expected.isNamed)
    .map(({ expected, actual }) => renamed(pair, phrase`foreign key`, expected.name, actual.name, expected.range))
  return [...primaryKey(pair), ...indexes, ...foreignKeys]
}

function primaryKey(pair: TablePair): LocalFinding[] {
  const [wanted, found] = [pair.expected.primaryKey, pair.actual.primaryKey]
  if (wanted === null || found === null || wanted.name === found.name) return []
  if (wanted.columns.join() !== found.columns.join()) return []
  return [renamed(pair, phrase`primary key`, wanted.name, found.name, wanted.range)]
}

function renamed(pair: TablePair, kind: Phrase, expected: string, actual: string, range: Range): LocalFinding {
  return pairFinding(pair, {
    code: 'index-name',
    severity: 'information',
    message: phrase`The ${kind} "${expected}" on ${nameOf(pair.expected)} is named "${actual}" in the database.`,
    object: actual,
    expected,
    actual,
    range,
  })
}
