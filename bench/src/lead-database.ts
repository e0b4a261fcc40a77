import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { parsePolicy } from '../../server/src/audit-fields/parse-policy'
import { withClient } from '../../server/src/database/connect'
import { readCatalog } from '../../server/src/database/read-catalog'
import type { Plan } from '../../server/src/migration/model'
import { planMigration } from '../../server/src/migration/plan/plan-migration'
import { parseSchema } from '../../server/src/schema/parse-schema'
import { startPostgres, type TestServer } from '../../test/support/postgres'

/** 5,000,000; fewer by the environment, for a quick look. */
export const LEAD_ROWS = Number(process.env.PRISMA_AUDIT_BENCH_ROWS ?? 5_000_000)

/**
 * The guide's two tables on a server of their own, with very many leads; a fresh copy for each way of migrating them.
 */
export class LeadServer {
  private constructor(
    private readonly server: TestServer,
    private readonly template: string,
  ) {}

  static async start(rows = LEAD_ROWS): Promise<LeadServer> {
    // Room enough in the log that no checkpoint falls into a measurement by force.
    const server = await startPostgres({ settings: { shared_buffers: '512MB', max_wal_size: '16GB' } })
    const template = await server.createDatabase({ sql: TABLES })
    await template.query(
      `INSERT INTO "Lead" (name, email, status)
       SELECT 'Lead ' || n, 'lead' || n || '@example.org', 'new' FROM generate_series(1, ${rows}) AS n`,
    )
    await template.query('VACUUM ANALYZE "Lead"')
    return new LeadServer(server, template.name)
  }

  /** The URL of a copy. */
  async copy(): Promise<string> {
    const name = `lead_${randomBytes(4).toString('hex')}`
    // Also ends the connection to the template that filled it, without which PostgreSQL does not copy.
    const { url } = await this.server.createDatabase({ name, template: this.template })
    // What lies on the disk only is no part of what is measured.
    await run(url, 'SELECT count(*), max(name) FROM "Lead"')
    return url
  }

  async drop(url: string): Promise<void> {
    await run(this.server.url, `DROP DATABASE ${path.basename(new URL(url).pathname)} WITH (FORCE)`)
  }

  stop(): Promise<void> {
    return this.server.stop()
  }
}

/** The plan for the sample's schema and policy. */
export async function planLeadDatabase(url: string): Promise<Plan> {
  const read = (name: string) => fs.readFileSync(path.join(__REPOSITORY__, 'sample', name), 'utf8')
  const schema = parseSchema([{ path: 'schema.prisma', text: read('backend/prisma/schema.prisma') }])
  const { policy } = parsePolicy(read('prisma-audit.json'))
  if (policy === null) throw new Error("The sample's policy is not valid.")
  const database = await withClient(url, {}, (client) => readCatalog(client, { schemas: ['public'] }))
  return planMigration({ schema, policy, database })
}

/** One connection for one text of SQL. */
export async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

const TABLES = `
  CREATE TABLE "User" (id serial PRIMARY KEY, email text NOT NULL UNIQUE, name text NOT NULL,
    role text NOT NULL DEFAULT 'user', "createdAt" timestamp(3) NOT NULL DEFAULT now());
  CREATE TABLE "Lead" (id serial PRIMARY KEY, name text NOT NULL, email text NOT NULL,
    status text NOT NULL DEFAULT 'new', "createdAt" timestamp(3) NOT NULL DEFAULT now());
  INSERT INTO "User" (email, name) SELECT n, n FROM generate_series(1, 1000) AS n`
