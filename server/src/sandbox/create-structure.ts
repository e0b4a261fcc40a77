import type { ExternalNames } from '../audit/database-index'
import type { DatabaseClient } from '../database/connect'
import { isRejection } from '../database/database-errors'
import { lookingUpInSession } from '../database/lookup-path'
import type { DatabaseModel } from '../database/model'
import { quoteIdentifier } from '../database/quote'
import { readCatalog } from '../database/read-catalog'
import { messageLine } from '../errors'
import { expectedDatabase } from '../expected/expected-database'
import { planDrift } from '../migration/plan/drift/plan-drift'
import { refusalLines } from '../migration/render/refusal-lines'
import type { SchemaModel } from '../schema/model'
import { sandboxRefused } from './errors'
import { impliedExtensions } from './implied-extensions'
import { inPlainEnglish, phrase } from '../text/phrase'
import { phraseOfTitle } from '../migration/plan/step-titles'

export interface StructureOptions {
  readonly schema: SchemaModel
  readonly external: ExternalNames
  /** PostgreSQL schemas. */
  readonly schemas: readonly string[]
  readonly defaultSchema: string
}

export interface Structure {
  readonly database: DatabaseModel
  /** Objects of the schema that cannot be created in an empty database, such as views. */
  readonly left: readonly string[]
}

/**
 * Creates in an empty database what Prisma would create from the schema, with the steps that add missing objects.
 * Throws `sandbox-refused` if that is not completely possible.
 */
export async function createStructure(client: DatabaseClient, options: StructureOptions): Promise<Structure> {
  const { schema, external, schemas, defaultSchema } = options
  await createExtensions(client, impliedExtensions(expectedDatabase(schema)), defaultSchema)
  const empty = await readCatalog(client, { schemas, defaultSchema })
  const plan = planDrift({ schema, database: empty, external, covered: [] })
  const blocking = plan.refusals.filter(({ blocking: isBlocking }) => isBlocking)
  if (blocking.length > 0) throw sandboxRefused(refusalLines(blocking))
  for (const step of plan.steps) {
    try {
      await lookingUpInSession(client, step, async () => {
        for (const statement of step.up) await client.query(statement)
      })
    } catch (error) {
      if (!isRejection(error)) throw error
      throw sandboxRefused([phrase`${phraseOfTitle(step.title)}: ${messageLine(error)}`])
    }
  }
  const database = await readCatalog(client, { schemas, defaultSchema })
  return { database, left: refusalLines(plan.refusals).map(inPlainEnglish) }
}

/** Those of a migration of the project. One that this server lacks is named by the step that needs it. */
async function createExtensions(client: DatabaseClient, names: readonly string[], schema: string): Promise<void> {
  if (names.length === 0) return
  await client.query(`CREATE SCHEMA IF NOT EXISTS ${quoteIdentifier(schema)}`)
  for (const name of names) {
    const create = `CREATE EXTENSION IF NOT EXISTS ${quoteIdentifier(name)} SCHEMA ${quoteIdentifier(schema)}`
    await client.query(create).catch((error: unknown) => {
      if (!isRejection(error)) throw error
    })
  }
}
