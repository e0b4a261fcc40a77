import type { DatabaseClient } from '../../database/connect'

/** A schema that we make when it is needed and drop when nothing is left in it; the comment marks it as ours. */
export interface OwnSchema {
  readonly name: 'prisma_audit' | 'prisma_audit_kept'
  readonly comment: string
}

/** Makes the schema where there is none; to be called in a transaction. */
export async function createOwnSchema(client: DatabaseClient, { name, comment }: OwnSchema): Promise<void> {
  const { rows } = await client.query<{ found: boolean }>('SELECT to_regnamespace($1) IS NOT NULL AS found', [name])
  if (rows[0]?.found === true) return
  await client.query(`CREATE SCHEMA ${name}`)
  await client.query(`COMMENT ON SCHEMA ${name} IS '${comment}'`)
}

/** One that somebody else made, or put something into, stays. To be called in a transaction. */
export async function dropOwnSchemaWhenEmpty(client: DatabaseClient, { name, comment }: OwnSchema): Promise<void> {
  const { rows } = await client.query<{ ours: boolean }>(
    `SELECT obj_description(n.oid, 'pg_namespace') = $1 AND NOT EXISTS (
       SELECT FROM pg_depend WHERE refclassid = 'pg_namespace'::regclass AND refobjid = n.oid
     ) AS ours FROM pg_namespace AS n WHERE n.nspname = $2`,
    [comment, name],
  )
  if (rows[0]?.ours === true) await client.query(`DROP SCHEMA ${name}`)
}
