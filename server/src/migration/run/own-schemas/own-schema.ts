import type { DatabaseClient } from '../../../database/connect'
import { quoteLiteral } from '../../../database/quote'
import { ownSchemaExists, requireTrusted, type OwnSchema } from './own-schema-trust'

export type { OwnSchema } from './own-schema-trust'

/**
 * Whether all its tables exist. Call before anything is read from it. Rejects with `journal-not-trusted` if the schema
 * or one of its tables belongs to, or can be changed by, a role without all the privileges of ours.
 */
export async function ownTablesExist(client: DatabaseClient, schema: OwnSchema): Promise<boolean> {
  const found = await requireTrusted(client, schema)
  return Object.keys(schema.tables).every((table) => found.has(table) || schema.optional?.includes(table) === true)
}

/** Creates the schema and, with `createTables`, its tables, if they do not exist; call in a transaction. */
export async function createOwnSchema(client: DatabaseClient, schema: OwnSchema, createTables: string): Promise<void> {
  const { name, comment } = schema
  // The owner of an existing schema, even an empty one, could add tables to it at any time.
  const found = await requireTrusted(client, schema)
  if (Object.keys(schema.tables).every((table) => found.has(table))) return
  if (!(await ownSchemaExists(client, schema))) {
    await client.query(`CREATE SCHEMA ${name}`)
    await client.query(`COMMENT ON SCHEMA ${name} IS ${quoteLiteral(comment)}`)
  }
  await client.query(createTables)
  await revokeDefaultPrivileges(client, schema)
  await requireTrusted(client, schema)
}

/** A schema that someone else created or added objects to is not dropped. Call in a transaction. */
export async function dropOwnSchemaWhenEmpty(
  client: DatabaseClient,
  { name, comment }: Pick<OwnSchema, 'name' | 'comment'>,
): Promise<void> {
  const { rows } = await client.query<{ ours: boolean }>(
    `SELECT pg_catalog.obj_description(n.oid, 'pg_namespace') OPERATOR(pg_catalog.=) $1 AND NOT EXISTS (
       SELECT FROM pg_catalog.pg_depend
       WHERE refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_namespace'::pg_catalog.regclass
         AND refobjid OPERATOR(pg_catalog.=) n.oid
     ) AS ours FROM pg_catalog.pg_namespace AS n WHERE n.nspname OPERATOR(pg_catalog.=) $2`,
    [comment, name],
  )
  if (rows[0]?.ours === true) await client.query(`DROP SCHEMA ${name}`)
}

/** ALTER DEFAULT PRIVILEGES may have granted them to others when they were created. */
async function revokeDefaultPrivileges(client: DatabaseClient, { name, tables }: OwnSchema): Promise<void> {
  const { rows } = await client.query<{ statement: string }>(
    `SELECT DISTINCT pg_catalog.format('REVOKE ALL ON %s %s FROM %s', o.kind, o.name,
         CASE WHEN a.grantee OPERATOR(pg_catalog.=) 0 THEN 'PUBLIC' ELSE a.grantee::pg_catalog.regrole::pg_catalog.text END) AS statement
     FROM (
       SELECT 'SCHEMA' AS kind, pg_catalog.quote_ident(n.nspname) AS name, n.nspacl AS acl, n.nspowner AS owner
       FROM pg_catalog.pg_namespace AS n WHERE n.nspname OPERATOR(pg_catalog.=) $1
       UNION ALL
       SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, pg_catalog.format('%I.%I', n.nspname, c.relname), c.relacl, c.relowner
       FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
       WHERE n.nspname OPERATOR(pg_catalog.=) $1 AND (c.relkind OPERATOR(pg_catalog.=) 'S'
         OR c.relname OPERATOR(pg_catalog.=) ANY ($2::pg_catalog.text[]))
     ) AS o CROSS JOIN LATERAL pg_catalog.aclexplode(o.acl) AS a
     WHERE a.grantee OPERATOR(pg_catalog.<>) o.owner
       AND o.owner OPERATOR(pg_catalog.=) (SELECT r.oid FROM pg_catalog.pg_roles AS r WHERE r.rolname OPERATOR(pg_catalog.=) CURRENT_USER)`,
    [name, Object.keys(tables)],
  )
  for (const { statement } of rows) await client.query(statement)
}
