import type { TestDatabase, TestServer } from '../../support/postgres'
import { prismaDdl } from '../../support/oracle'
import type { Models } from './random-writes'
import { fixtureSchema, load, type ActorProject } from './project'

/**
 * The client that Prisma generates for the fixture, as far as it is called here; the types themselves are tried in
 * `types`.
 */
export interface ActorClient extends Readonly<Record<Model, Delegate>> {
  $as(actor: unknown): ActorClient
  $extends(extension: object): ActorClient
  $transaction<Result>(work: (transaction: ActorClient) => Promise<Result>, options?: object): Promise<Result>
  $transaction(queries: readonly Promise<unknown>[]): Promise<unknown[]>
  $queryRaw(sql: TemplateStringsArray, ...values: unknown[]): Promise<Row[]>
  $executeRaw(sql: TemplateStringsArray, ...values: unknown[]): Promise<number>
  $disconnect(): Promise<void>
}

type Model = 'user' | 'company' | 'lead' | 'tag' | 'category' | 'profile' | 'membership' | 'log'
type Delegate = Readonly<Record<Operation, (args?: object) => Promise<Row>>>
type Operation = 'count' | 'delete' | 'findMany' | 'update' | 'updateMany' | 'updateManyAndReturn' | 'upsert' | Creation
type Creation = 'create' | 'createMany' | 'createManyAndReturn'
export type Row = Readonly<Record<string, unknown>>

export interface Connected {
  readonly db: ActorClient
  /** Without the extension. */
  readonly plain: ActorClient
  readonly models: Models
  readonly auditActor: object
  /** A class that extends the client, with a method of its own. */
  readonly service: ActorClient & { rename(name: string): Promise<Row> }
  readonly withActor: <Result>(actor: unknown, work: () => Result) => Result
  readonly setDatabaseActor: (transaction: ActorClient, actor?: number) => Promise<void>
  readonly close: () => Promise<void>
}

/** The fixture's tables with twenty users, and a trigger on each that notes every row that is written. */
export async function makeDatabase(server: TestServer): Promise<TestDatabase> {
  const database = await server.createDatabase()
  const tables = ['User', 'Lead', 'Tag', 'Category', 'Profile', 'Membership']
  await database.query(
    [
      await prismaDdl(fixtureSchema(), database.url),
      `INSERT INTO "User" (email) SELECT 'user ' || n FROM generate_series(1, 20) AS n;`,
      `INSERT INTO "Company" (name) VALUES ('first'); INSERT INTO "Lead" (name, "ownerId") VALUES ('first', 18); INSERT INTO "Profile" ("leadId") VALUES (1); INSERT INTO "Tag" (name) VALUES ('plain'); INSERT INTO "_LeadToTag" VALUES (1, 'plain');`,
      'CREATE TABLE writes (id serial, "table" text, operation text, name text, actor integer, creator integer, owner integer);',
      `CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         INSERT INTO public.writes ("table", operation, name, actor, creator, owner)
         SELECT TG_TABLE_NAME, TG_OP, split_part(coalesce(j->>'name', j->>'role'), ', ', 1), coalesce(j->>'updatedById', j->>'updated_by')::int,
                (j->>'createdById')::int, (j->>'ownerId')::int
         FROM to_jsonb(NEW) AS j;
         RETURN NULL;
       END $$;`,
      ...tables.map(
        (table) =>
          `CREATE TRIGGER note AFTER INSERT OR UPDATE ON "${table}" FOR EACH ROW EXECUTE FUNCTION public.note();`,
      ),
    ].join('\n'),
  )
  return database
}

/** The project's own client on five connections, with the extension on it. */
export async function connect(project: ActorProject, url: string): Promise<Connected> {
  interface Exports extends Connected {
    readonly PrismaClient: new (options: object) => ActorClient
    readonly PrismaPg: new (options: object) => unknown
    readonly MODELS: Models
    readonly PrismaService: new (options: object) => Connected['service']
  }
  const program = `export { PrismaClient } from './generated/client'
    export { PrismaPg } from '@prisma/adapter-pg'
    import { PrismaClient } from './generated/client'
    import { withAuditFields } from './audit-actor'
    export class PrismaService extends PrismaClient {
      constructor(options) {
        super(options)
        return withAuditFields(this)
      }
      rename(name) {
        return this.lead.update({ where: { id: 1 }, data: { name } })
      }
    }
    export * from './audit-actor'`
  const loaded = await load<Exports>(project, program)
  const options = {
    adapter: new loaded.PrismaPg({ connectionString: url, max: 5 }),
    transactionOptions: { maxWait: 30_000 },
  }
  const client = new loaded.PrismaClient(options)
  const service = new loaded.PrismaService(options)
  return {
    db: client.$extends(loaded.auditActor),
    plain: client,
    models: loaded.MODELS,
    auditActor: loaded.auditActor,
    service,
    withActor: loaded.withActor,
    setDatabaseActor: loaded.setDatabaseActor,
    close: async () => {
      await client.$disconnect()
      await service.$disconnect()
    },
  }
}
