import assert from 'node:assert/strict'
import { withClient } from '../../../../server/src/database/connect'
import type { DatabaseModel } from '../../../../server/src/database/model'
import { readCatalog } from '../../../../server/src/database/read-catalog'
import type { Plan } from '../../../../server/src/migration/model'
import { planEverything } from '../../../../server/src/migration/plan/plan-everything'
import { datasourceSettingsOf } from '../../../../server/src/schema/lookup'
import { parseSchema } from '../../../../server/src/schema/parse-schema'

/** The plan of what the schema says and the database lacks, without a policy. */
export async function planMissing(schemaText: string, url: string): Promise<Plan> {
  const schema = parseSchema([{ path: 'schema.prisma', text: schemaText }])
  return planEverything({ schema, policy: null, database: await readStructure(schemaText, url) })
}

export async function readStructure(schemaText: string, url: string): Promise<DatabaseModel> {
  const { schemas } = datasourceSettingsOf(parseSchema([{ path: 'schema.prisma', text: schemaText }]))
  return await withClient(url, {}, (client) =>
    readCatalog(client, { schemas: schemas.length === 0 ? ['public'] : schemas, defaultSchema: 'public' }),
  )
}

/** Two databases have the same structure, whatever stands in which order and however large it is. */
export function sameStructure(actual: DatabaseModel, expected: DatabaseModel): void {
  assert.deepEqual(comparable(actual), comparable(expected))
}

function comparable({ tables, enums, extensions, sequences, missingSchemas }: DatabaseModel) {
  const ours = new Set(['run', 'step', 'batch', 'write', 'identity', 'object'])
  return {
    tables: tables
      .filter(({ schema, name }) => !(schema === 'prisma_audit' && ours.has(name)))
      .map((table) => ({
        ...table,
        estimatedRows: null,
        totalBytes: null,
        columns: [...table.columns].sort((a, b) => (a.name < b.name ? -1 : 1)),
      })),
    enums: enums.map(({ values, ...each }) => ({ ...each, values: [...values].sort() })),
    extensions: extensions.map(({ name }) => name),
    sequences,
    missingSchemas,
  }
}
