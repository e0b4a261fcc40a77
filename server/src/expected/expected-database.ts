import type { Block, EnumBlock, ModelBlock, SchemaModel } from '../schema/model'
import { databaseNameOf, databaseSchemaOf } from '../schema/lookup'
import { labelOf } from './attributes'
import { expectedColumns } from './columns'
import { expectedForeignKeys } from './foreign-keys'
import { expectedJoinTables } from './join-tables'
import { expectedIndexes, expectedPrimaryKey } from './keys'
import type { ExpectedDatabase, ExpectedEnum, ExpectedModel, ExpectedView } from './model'
import { createRecordingScope, createScope, extensionEntries, lookupsHold, type Lookup, type Lookups } from './scope'
import { trimmed } from '../trimmed'

/**
 * What Prisma would create for the schema: tables, columns, keys, indexes, foreign keys, enums, extensions; for views,
 * only that they exist. Total: incomplete parts and dangling references are omitted. With a cache, only the models that
 * changed, and those that depend on them, are computed again.
 */
export function expectedDatabase(schema: SchemaModel, cache?: ExpectationCache): ExpectedDatabase {
  const scope = createScope(schema)
  const blocks = schema.files.flatMap((file) => file.blocks.map(({ block }) => block))
  const { datasource } = scope.configuration
  return {
    models: blocks.filter(isKind('model')).map((block) => expectedModel(block, scope, cache).model),
    views: blocks.filter(isKind('view')).map(expectedView),
    enums: blocks.filter((block) => block.kind === 'enum').map(expectedEnum),
    extensions: datasource === null ? [] : extensionEntries(datasource),
    datasource,
  }
}

/** The result for each block, by identity. The caller owns it and passes it in again; dropping it only costs time. */
export interface ExpectationCache {
  readonly expected: WeakMap<Block, CachedExpectation>
}

export interface CachedExpectation {
  readonly model: ExpectedModel
  /**
   * What the block looked up in the rest of the schema; the result is valid while these lookups have the same results.
   */
  readonly lookups: Lookups
  readonly usesForeignKeys: boolean
  readonly comparesConditions: boolean
}

/** A model's table and join tables, and what was looked up for them. */
export function expectedModel(block: ModelBlock, scope: Lookup, cache?: ExpectationCache): CachedExpectation {
  const { usesForeignKeys, comparesConditions } = scope.configuration
  const cached = cache?.expected.get(block)
  const isCurrent = cached?.usesForeignKeys === usesForeignKeys && cached.comparesConditions === comparesConditions
  if (isCurrent && lookupsHold(cached.lookups, scope)) return cached
  const recording = createRecordingScope(scope)
  const model = workOutModel(block, recording.scope)
  const result = { model, lookups: recording.lookups, usesForeignKeys, comparesConditions }
  cache?.expected.set(block, result)
  return result
}

export function expectedView(block: ModelBlock): ExpectedView {
  return { block, schema: databaseSchemaOf(block), name: databaseNameOf(block) }
}

function isKind(kind: ModelBlock['kind']) {
  return (block: Block): block is ModelBlock => block.kind === kind
}

function workOutModel(block: ModelBlock, scope: Lookup): ExpectedModel {
  const name = databaseNameOf(block)
  return {
    block,
    table: {
      model: block.name.text,
      block,
      relationField: null,
      schema: databaseSchemaOf(block),
      name,
      columns: expectedColumns(block, scope),
      primaryKey: expectedPrimaryKey(block, name),
      indexes: expectedIndexes(block, name),
      foreignKeys: trimmed(expectedForeignKeys(block, name, scope)),
      comparesConditions: scope.configuration.comparesConditions,
      range: block.name.range,
    },
    joinTables: trimmed(expectedJoinTables(block, scope)),
  }
}

export function expectedEnum(block: EnumBlock): ExpectedEnum {
  return {
    block,
    schema: databaseSchemaOf(block),
    name: databaseNameOf(block),
    values: block.values.map((value) => ({ name: labelOf(value), range: value.range })),
  }
}
