import type { ExternalNames } from '../audit/database-index'
import type { DatabaseClient } from '../database/connect'
import { lookingUpInSession } from '../database/lookup-path'
import type { DatabaseModel } from '../database/model'
import { readCatalog } from '../database/read-catalog'
import { messageLine } from '../errors'
import { planDrift } from '../migration/plan/drift/plan-drift'
import { refusalLines } from '../migration/render/refusal-lines'
import { isServersAnswer } from '../migration/rehearsal/load-structure'
import type { SchemaModel } from '../schema/model'
import { sandboxRefused } from './errors'

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
      if (!isServersAnswer(error)) throw error
      throw sandboxRefused([`${step.title}: ${messageLine(error)}`])
    }
  }
  const database = await readCatalog(client, { schemas, defaultSchema })
  return { database, left: refusalLines(plan.refusals) }
}
