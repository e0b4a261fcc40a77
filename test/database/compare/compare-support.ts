import fc from 'fast-check'
import pg from 'pg'
import { compare } from '../../../server/src/audit/compare'
import { createComparisonCache } from '../../../server/src/audit/comparison-cache'
import { DRIFT_CODES, type Finding } from '../../../server/src/audit/finding'
import { openExpressions } from '../../../server/src/audit/open-expressions'
import type { Policy } from '../../../server/src/audit-fields/policy'
import { ExpressionSpeller } from '../../../server/src/database/expression-speller'
import type { DatabaseModel } from '../../../server/src/database/model'
import { readCatalog } from '../../../server/src/database/read-catalog'
import { datasourceSettingsOf } from '../../../server/src/schema/lookup'
import type { SchemaModel } from '../../../server/src/schema/model'
import { parseSchema } from '../../../server/src/schema/parse-schema'
import { prismaDdl } from '../../support/oracle'
import type { TestDatabase, TestServer } from '../../support/postgres'

/** A database that Prisma's own DDL made from the schema. */
export async function createFromSchema(server: TestServer, schema: string): Promise<TestDatabase> {
  return server.createDatabase(await prismaDdl(schema, server.url))
}

/** As `createFromSchema`, for generated schemas: one that Prisma itself refuses is no case at all. */
export async function createFromValidSchema(server: TestServer, schema: string): Promise<TestDatabase> {
  const ddl = await prismaDdl(schema, server.url).catch((error: unknown) => {
    if (error instanceof Error && /Error (?:validating|parsing)/.test(error.message)) return null
    throw error
  })
  fc.pre(ddl !== null)
  return server.createDatabase(ddl)
}

/** All that our comparison finds between the schema and the live database. */
export async function findings(schema: string, url: string, policy: Policy | null = null): Promise<Finding[]> {
  const model = parseSchema([{ path: 'schema.prisma', text: schema }])
  const { schemas } = datasourceSettingsOf(model)
  const database = await readDatabase(url, schemas.length === 0 ? ['public'] : schemas, model)
  return compare({ schema: model, policy, database })
}

/** The findings that are about drift. */
export async function drift(schema: string, url: string): Promise<Finding[]> {
  return (await findings(schema, url)).filter(isDrift)
}

export function isDrift(finding: Finding): boolean {
  return (DRIFT_CODES as readonly string[]).includes(finding.code)
}

/** One line a finding, for messages of failed tests. */
export function describe(found: readonly Finding[]): string {
  return found
    .map(
      ({ severity, code, message, expected, actual }) =>
        `${severity} ${code}: ${message} [${expected ?? ''} | ${actual ?? ''}]`,
    )
    .join('\n')
}

/** With a schema, what only PostgreSQL can say of its expressions, too. */
export async function readDatabase(
  url: string,
  schemas: readonly string[],
  schema?: SchemaModel,
): Promise<DatabaseModel> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const catalog = await readCatalog(client, { schemas })
    if (schema === undefined) return catalog
    const pairs = openExpressions(schema, catalog, createComparisonCache())
    return await new ExpressionSpeller().complete(client, catalog, pairs)
  } finally {
    await client.end()
  }
}
