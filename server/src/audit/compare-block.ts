import type { Block } from '../schema/model'
import { beforeIfSame, sameItems } from '../schema/unchanged-items'
import { suggestedFields } from '../audit-fields/requirements'
import { compareModel } from './compare-model'
import {
  sameSurroundings,
  type ClaimedName,
  type Claims,
  type ComparisonCache,
  type CachedBlock,
} from './comparison-cache'
import type { ComparisonContext } from './comparison-context'
import { databaseInputs } from './database-inputs'
import { expectedEnum, expectedModel, expectedView } from '../expected/expected-database'
import type { ExpectedModel } from '../expected/model'
import { likelyFormer } from './matching/likely-former'
import type { Former } from './matching/likely-renames'
import { withoutIgnored } from './without-ignored'
import { enumMissing } from './rules/enum-missing'
import { enumValues } from './rules/enum-values'
import type { LocalFinding } from './rules/local-finding'
import { beforeIfEqual } from './rules/same-findings'
import { viewTriggers } from './rules/trigger-unmapped'
import { viewMissing } from './rules/view-missing'

/**
 * The findings of one block, cached while their inputs stay the same. `before` is the block in its place in the
 * previous version: equal parts reuse its objects.
 */
export function compareBlock(
  block: Block,
  before: CachedBlock | undefined,
  context: ComparisonContext,
  cache: ComparisonCache,
): CachedBlock {
  const { surroundings, scope, index } = context
  const expectation = block.kind === 'model' ? expectedModel(block, scope, cache) : null
  const model = expectation?.model ?? null
  const inputs = databaseInputs(block, model, index)
  const former = likelyFormer(block, model, context)
  const cached = cache.blocks.get(block)
  const isCurrent =
    cached?.expectation === expectation &&
    sameSurroundings(cached.surroundings, surroundings) &&
    cached.former === former &&
    sameItems(cached.inputs, inputs)
  if (isCurrent) return cached
  const findings = beforeIfEqual(before?.findings, findingsOf(block, { model, former }, context))
  const claims = claimsIfChanged(before?.claims, claimsOf(block, model))
  const isCounted = surroundings.policy === null && model !== null
  const lacking = beforeIfSame(before?.lacking, isCounted ? suggestedFields(model.block, context.fallbackPolicy) : [])
  const result = { block, surroundings, expectation, inputs, former, findings, claims, lacking }
  cache.blocks.set(block, result)
  return result
}

/** Whether the cached findings are still valid with this database, if all other inputs are unchanged. */
export function inputsHold({ block, expectation, inputs, former }: CachedBlock, context: ComparisonContext): boolean {
  const model = expectation?.model ?? null
  return (
    sameItems(inputs, databaseInputs(block, model, context.index)) && former === likelyFormer(block, model, context)
  )
}

function findingsOf(
  block: Block,
  { model, former }: { readonly model: ExpectedModel | null; readonly former: Former | null | undefined },
  context: ComparisonContext,
): readonly LocalFinding[] {
  const { index } = context
  if (model !== null) return compareModel(model, context, former)
  if (index === null) return []
  if (block.kind === 'view') {
    const view = expectedView(block)
    const actual = index.findTable(view.schema, view.name)
    const { text: model, range } = block.name
    const found =
      actual === undefined
        ? [viewMissing(view, index.schemaNameOf(view.schema), index)]
        : viewTriggers(actual, { model, range })
    return withoutIgnored(found, block)
  }
  if (block.kind !== 'enum') return []
  const enumeration = expectedEnum(block)
  const schemaName = index.schemaNameOf(enumeration.schema)
  if (index.isExternalEnum(schemaName, enumeration.name)) return []
  const actual = index.findEnum(enumeration.schema, enumeration.name)
  const found =
    actual === undefined ? [enumMissing(enumeration, schemaName, index, former)] : enumValues(enumeration, actual)
  return withoutIgnored(found, block)
}

const NOTHING: Claims = { tables: [], enums: [] }

function claimsOf(block: Block, model: ExpectedModel | null): Claims {
  if (model !== null) return { tables: [model.table, ...model.joinTables].map(claimedName), enums: [] }
  if (block.kind === 'view') return { tables: [claimedName(expectedView(block))], enums: [] }
  return block.kind === 'enum' ? { tables: [], enums: [claimedName(expectedEnum(block))] } : NOTHING
}

function claimedName({ schema, name }: ClaimedName): ClaimedName {
  return { schema, name }
}

function claimsIfChanged(before: Claims | undefined, after: Claims): Claims {
  const isSame = before !== undefined && sameNames(before.tables, after.tables) && sameNames(before.enums, after.enums)
  return isSame ? before : after
}

function sameNames(left: readonly ClaimedName[], right: readonly ClaimedName[]): boolean {
  return (
    left.length === right.length &&
    left.every(({ schema, name }, position) => {
      const other = right[position]
      return other?.schema === schema && other.name === name
    })
  )
}
