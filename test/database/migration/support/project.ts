import { parsePolicy } from '../../../../server/src/audit-fields/parse-policy'
import type { Policy } from '../../../../server/src/audit-fields/policy'
import { withClient } from '../../../../server/src/database/connect'
import type { DatabaseModel } from '../../../../server/src/database/model'
import { readCatalog } from '../../../../server/src/database/read-catalog'
import type { Plan } from '../../../../server/src/migration/model'
import { planMigration } from '../../../../server/src/migration/plan/plan-migration'
import type { SchemaModel } from '../../../../server/src/schema/model'
import { parseSchema } from '../../../../server/src/schema/parse-schema'
import { prismaDdl } from '../../../support/oracle'
import type { TestDatabase, TestServer } from '../../../support/postgres'

/** A schema, a policy and a database that Prisma's own engine made of the schema. */
export interface TestProject {
  readonly schema: SchemaModel
  readonly schemaText: string
  readonly policy: Policy
  readonly database: TestDatabase
  readonly url: string
  readonly schemas: readonly string[]
  catalog(): Promise<DatabaseModel>
  plan(): Promise<Plan>
  /** The same project by `?schema=NAME`: another schema of the database is where its tables are. */
  inSchema(name: string): TestProject
}

export interface ProjectOptions {
  readonly schema: string
  readonly policy: unknown
  /** Run after the tables were made. */
  readonly sql?: string
  /** What makes the tables; by default what Prisma makes of the schema. */
  readonly ddl?: string
  readonly schemas?: readonly string[]
  /** How the database is made, in SQL: `ENCODING 'LATIN1'`. */
  readonly databaseOptions?: string
}

export async function createProject(server: TestServer, options: ProjectOptions): Promise<TestProject> {
  const ddl = options.ddl ?? (await prismaDdl(options.schema, server.url))
  const database = await server.createDatabase({
    sql: `${ddl};\n${options.sql ?? ''}`,
    ...(options.databaseOptions === undefined ? {} : { options: options.databaseOptions }),
  })
  const schema = parseSchema([{ path: 'schema.prisma', text: options.schema }])
  const { policy, problems } = parsePolicy(JSON.stringify(options.policy))
  if (policy === null) throw new Error(JSON.stringify(problems))
  const schemas = options.schemas ?? ['public']
  const inSchemas = (schemas: readonly string[]): TestProject => {
    const catalog = () => withClient(database.url, {}, (client) => readCatalog(client, catalogOptions(schemas)))
    return {
      schema,
      schemaText: options.schema,
      policy,
      database,
      url: database.url,
      schemas,
      catalog,
      plan: async () => planMigration({ schema, policy, database: await catalog() }),
      inSchema: (name) => inSchemas([name]),
    }
  }
  return inSchemas(schemas)
}

/** As a URL with `?schema=` has it, where that is one schema beside `public`. */
function catalogOptions(schemas: readonly string[]) {
  const [only] = schemas
  return { schemas, ...(schemas.length === 1 && only !== undefined ? { defaultSchema: only } : {}) }
}
