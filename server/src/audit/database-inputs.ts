import type { Block } from '../schema/model'
import type { DatabaseIndex, DatabaseInput } from './database-index'
import { expectedEnum, expectedView } from '../expected/expected-database'
import type { ExpectedModel, ExpectedTable } from '../expected/model'
import { expressionPairKey } from '../database/model-expressions'
import { openPairOf } from './values/defaults'
import { functionOf, partitionsOf } from './triggers'
import { trimmed } from '../trimmed'

/**
 * Everything that the rules read from the database for one block, so that its findings can be reused while this is the
 * same. A rule that reads more needs another input here.
 */
export function databaseInputs(
  block: Block,
  model: ExpectedModel | null,
  index: DatabaseIndex | null,
): readonly DatabaseInput[] {
  if (index === null) return []
  if (model !== null) return inputsOfModel(model, index)
  if (block.kind === 'view') {
    const { schema, name } = expectedView(block)
    return [index.findTable(schema, name), ...missingSchemas(schema, index)]
  }
  if (block.kind !== 'enum') return []
  const { schema, name } = expectedEnum(block)
  return [index.findEnum(schema, name), ...missingSchemas(schema, index)]
}

function inputsOfModel({ table, joinTables }: ExpectedModel, index: DatabaseIndex): readonly DatabaseInput[] {
  const inputs: DatabaseInput[] = spellingsOf(table, index)
  for (const { schema, name, foreignKeys } of [table, ...joinTables]) {
    const actual = index.findTable(schema, name)
    inputs.push(actual, ...missingSchemas(schema, index))
    for (const { referencedSchema, referencedTable, referencedColumns } of foreignKeys)
      inputs.push(index.hasColumns(referencedSchema, referencedTable, referencedColumns))
    for (const trigger of actual?.triggers ?? []) inputs.push(functionOf(trigger, index)?.source)
    if (actual !== undefined) inputs.push(...partitionsOf(actual, index))
  }
  return trimmed(inputs)
}

/** PostgreSQL's spelling of the defaults that are compared by it. */
function spellingsOf(table: ExpectedTable, index: DatabaseIndex): DatabaseInput[] {
  const { spellings, defaultSchema } = index.database
  if (spellings === undefined) return []
  const actual = index.findTable(table.schema, table.name)
  return table.columns.flatMap((expected): DatabaseInput[] => {
    const column = actual?.columns.find(({ name }) => name === expected.name)
    const pair = column === undefined ? null : openPairOf(expected, column, defaultSchema)
    if (pair === null) return []
    const spelled = spellings[expressionPairKey(pair)]
    return spelled === undefined || spelled === null ? [spelled === null] : [...spelled]
  })
}

/** Whether the schema is missing, if schemas of the project are. */
function missingSchemas(schema: string | null, index: DatabaseIndex): boolean[] {
  return index.database.missingSchemas.length === 0 ? [] : [index.isMissingSchema(index.schemaNameOf(schema))]
}
