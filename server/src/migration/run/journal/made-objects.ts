import { phrase, type Phrase } from '../../../text/phrase'
import type { DatabaseClient } from '../../../database/connect'
import { quoteQualified } from '../../../database/quote'
import type { Step } from '../../model'
import { STEP_KINDS, type CreatedObject } from '../../step-kinds'

/** Records the OID of what the step created, so that a rollback finds it under any name. */
export async function recordObject(
  client: DatabaseClient,
  runId: string,
  position: number,
  { kind, schema, table, object }: Step,
): Promise<void> {
  const { creates } = STEP_KINDS[kind]
  if (object === null || creates === null) return
  const [catalog, oid] = LOCATED_BY[creates]
  await client.query(
    `INSERT INTO prisma_audit.object (run_id, position, catalog, number, name, journal)
     SELECT $1, $2, o.catalog, o.oid, (pg_catalog.pg_identify_object(o.catalog, o.oid, 0)).identity,
       'prisma_audit.run'::pg_catalog.regclass
     FROM (SELECT $3::pg_catalog.text AS "table", $4::pg_catalog.text AS qualified, $5::pg_catalog.text AS name) AS n
     CROSS JOIN LATERAL (SELECT '${catalog}'::pg_catalog.regclass AS catalog, (${oid})::pg_catalog.oid AS oid) AS o
     WHERE o.oid IS NOT NULL
     ON CONFLICT (run_id, position) DO UPDATE
       SET catalog = excluded.catalog, number = excluded.number, name = excluded.name, journal = excluded.journal`,
    [runId, position, quoteQualified(schema, table), quoteQualified(schema, object), object],
  )
}

/**
 * Objects that the steps created and that were renamed or moved to another schema, one sentence each. See `findRenamed`
 * for what is not included.
 */
export async function findRenamedObjects(
  client: DatabaseClient,
  runId: string,
  positions: readonly number[],
): Promise<Phrase[]> {
  const { rows: found } = await client.query<{ found: boolean }>(
    `SELECT pg_catalog.to_regclass('prisma_audit.object') IS NOT NULL AS found`,
  )
  if (found[0]?.found !== true) return []
  const { rows } = await client.query<{ type: string; before: string; now: string }>(
    `SELECT i.type, o.name AS before, i.identity AS now
     FROM prisma_audit.object AS o CROSS JOIN LATERAL pg_catalog.pg_identify_object(o.catalog, o.number, 0) AS i
     WHERE o.run_id = $1 AND o.position = ANY ($2) AND o.journal = 'prisma_audit.run'::pg_catalog.regclass
       AND o.catalog = ANY ($3::pg_catalog.regclass[]) AND i.identity <> o.name
     ORDER BY o.position`,
    [runId, positions, [...new Set(Object.values(LOCATED_BY).map(([catalog]) => catalog))]],
  )
  return rows.map(({ type, before, now }) => phrase`the ${type} ${before} is ${now} now`)
}

/**
 * The catalog, and how to find the step's object in it: `n` has its table, its name, and its qualified name, quoted.
 */
const LOCATED_BY: Readonly<Record<CreatedObject, readonly [catalog: string, oid: string]>> = {
  table: ['pg_catalog.pg_class', 'pg_catalog.to_regclass(n."table")'],
  index: ['pg_catalog.pg_class', 'pg_catalog.to_regclass(n.qualified)'],
  constraint: [
    'pg_catalog.pg_constraint',
    `SELECT c.oid FROM pg_catalog.pg_constraint AS c
     WHERE c.conrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(n."table") AND c.conname = n.name`,
  ],
  trigger: [
    'pg_catalog.pg_trigger',
    `SELECT g.oid FROM pg_catalog.pg_trigger AS g
     WHERE g.tgrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(n."table") AND g.tgname = n.name`,
  ],
  function: ['pg_catalog.pg_proc', `pg_catalog.to_regprocedure(n.qualified OPERATOR(pg_catalog.||) '()')`],
  enum: ['pg_catalog.pg_type', 'pg_catalog.to_regtype(n.qualified)'],
  schema: ['pg_catalog.pg_namespace', 'pg_catalog.to_regnamespace(pg_catalog.quote_ident(n.name))'],
}
