import { ignoredNames } from '../../audit-fields/ignore-comments'
import { expectedEnum } from '../../expected/expected-database'
import type { ExpectedModel } from '../../expected/model'
import type { Block } from '../../schema/model'
import type { ComparisonContext } from '../comparison-context'
import { likelyFormerEnum, likelyFormerTable, type Former } from './likely-renames'

/**
 * What a model or an enum most likely is in the database, where it was renamed in the schema alone. Null where nothing there looks
 * like it; undefined where the database has what the schema says, so that nothing of the rest of the schema matters.
 */
export function likelyFormer(
  block: Block,
  model: ExpectedModel | null,
  { index, unmapped }: Pick<ComparisonContext, 'index' | 'unmapped'>,
): Former | null | undefined {
  if (index === null) return undefined
  const isNew = () => ignoredNames(block.documentation).has(RENAMED)
  if (model !== null) {
    const { table } = model
    if (index.findTable(table.schema, table.name) !== undefined) return undefined
    if (isNew()) return null
    // Only these can be it, and they are found without a look at each table for each model at every keystroke.
    const { tables } = unmapped()
    const alike = index.tablesWithColumns(table.columns)
    return likelyFormerTable(table, alike, index.database.defaultSchema, (one) => tables.has(one))
  }
  if (block.kind !== 'enum') return undefined
  const expected = expectedEnum(block)
  if (index.findEnum(expected.schema, expected.name) !== undefined) return undefined
  return isNew() ? null : likelyFormerEnum(expected, unmapped().enums)
}

/** `/// @audit-ignore renamed: why` above a model, a field or an enum: it is new, whatever is similar in the database. */
export const RENAMED = 'renamed'
