import { ignoredNames } from '../../audit-fields/ignore-comments'
import { expectedEnum } from '../../expected/expected-database'
import type { ExpectedModel } from '../../expected/model'
import type { Block } from '../../schema/model'
import type { ComparisonContext } from '../comparison-context'
import { likelyFormerEnum, likelyFormerTable, type Former } from './likely-renames'

/**
 * The likely former name of a model or an enum in the database, if it was renamed only in the schema. Null if nothing
 * there is similar; undefined if the database has what the schema defines, so that the rest of the schema is
 * irrelevant.
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
    // Candidates only, so that not every model is compared with every table at every keystroke.
    const { tables } = unmapped()
    const alike = index.tablesWithColumns(table.columns)
    return likelyFormerTable(table, alike, index.database.defaultSchema, (one) => tables.has(one))
  }
  if (block.kind !== 'enum') return undefined
  const expected = expectedEnum(block)
  if (index.findEnum(expected.schema, expected.name) !== undefined) return undefined
  return isNew() ? null : likelyFormerEnum(expected, unmapped().enums)
}

/**
 * `/// @audit-ignore renamed: why` above a model, a field or an enum: it is new, even if something in the database is
 * similar.
 */
export const RENAMED = 'renamed'
