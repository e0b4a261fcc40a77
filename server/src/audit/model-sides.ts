import type { Table } from '../database/model'
import { expectedModel } from '../expected/expected-database'
import type { ExpectedModel } from '../expected/model'
import type { ModelBlock } from '../schema/model'
import { auditedField, type AuditedField } from './audited-fields'
import { compareFiles, type ComparisonInput } from './compare'
import type { ComparisonCache } from './comparison-cache'
import type { DatabaseIndex } from './database-index'
import { pairTable, type TablePair } from './matching/table-pair'

/** One model and its table, for an editor. */
export interface ModelSides {
  readonly model: ExpectedModel
  /** Null without a connection. */
  readonly index: DatabaseIndex | null
  /** Null if there is no such table, or no connection. */
  readonly table: Table | null
  readonly pair: TablePair | null
  /** The audit fields that the policy requires of the model. */
  readonly audited: readonly AuditedField[]
}

/** Both sides of one model. With the cache of the latest comparison, it only costs that model. */
export function modelSides(
  block: ModelBlock,
  input: ComparisonInput & { readonly cache: ComparisonCache },
): ModelSides | null {
  compareFiles(input)
  const { scope, index, requirements, surroundings } = input.cache
  if (scope === null || surroundings === null) return null
  const connected = input.database === null ? null : index
  const { model } = expectedModel(block, scope, input.cache)
  const table = connected?.findTable(model.table.schema, model.table.name) ?? null
  const { policy } = input
  const required = policy === null ? [] : (requirements?.requirementsOf(block).required ?? [])
  return {
    model,
    index: connected,
    table,
    pair: table === null || connected === null ? null : pairTable(model.table, table, connected.database),
    audited:
      policy === null ? [] : required.map((field) => auditedField(field, model.table, table, policy, surroundings)),
  }
}
