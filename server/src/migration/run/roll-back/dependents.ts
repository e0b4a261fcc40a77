import type { DatabaseClient } from '../../../database/connect'
import { quoteQualified } from '../../../database/quote'
import type { Step } from '../../model'

/**
 * Objects that depend on the columns of the steps and were not created by them, in PostgreSQL's words: views, indexes,
 * constraints, policies, generated columns. DROP COLUMN would silently drop some of them.
 */
export async function findDependents(client: DatabaseClient, steps: readonly Step[]): Promise<string[]> {
  const own = JSON.stringify(
    steps
      .filter((step) => step.object !== null)
      .map((step) => ({ table: quoteQualified(step.schema, step.table), name: step.object })),
  )
  const columns = steps.filter(({ kind }) => kind === 'add-column')
  const { rows } = await client.query<{ dependent: string; table: string; column: string }>(DEPENDENTS, [
    columns.map((step) => quoteQualified(step.schema, step.table)),
    columns.map(({ object }) => object),
    own,
  ])
  return [...new Set(rows.map(({ dependent, table, column }) => `${dependent} on ${table}."${column}"`))]
}

/**
 * Of all columns at once, since a plan may have thousands. A view depends through its rule. A column's own default and NOT NULL are dropped with it, as they should be, and so
 * is a sequence that it owns; a foreign key to a partitioned table takes its copies per partition with it.
 */
const DEPENDENTS = `
  WITH own AS MATERIALIZED (
    SELECT to_regclass(o."table")::oid AS relation, o.name FROM json_to_recordset($3::json) AS o ("table" text, name text)
  ), wanted AS MATERIALIZED (
    SELECT t."table", t."column", t.position, to_regclass(t."table")::oid AS relation
    FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS t ("table", "column", position)
  )
  SELECT w."table", w."column", CASE
      WHEN r.oid IS NOT NULL THEN pg_describe_object('pg_class'::regclass, r.ev_class, 0)
      ELSE pg_describe_object(d.classid, d.objid, d.objsubid)
    END AS dependent
  FROM wanted AS w
  JOIN pg_attribute AS a ON a.attrelid = w.relation AND a.attname = w."column" AND NOT a.attisdropped
  JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum
  LEFT JOIN pg_rewrite AS r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
  LEFT JOIN pg_constraint AS c ON d.classid = 'pg_constraint'::regclass AND c.oid = d.objid
  LEFT JOIN pg_attrdef AS f ON d.classid = 'pg_attrdef'::regclass AND f.oid = d.objid
  LEFT JOIN pg_index AS i ON d.classid = 'pg_class'::regclass AND i.indexrelid = d.objid
  LEFT JOIN pg_class AS x ON x.oid = i.indexrelid
  LEFT JOIN pg_trigger AS g ON d.classid = 'pg_trigger'::regclass AND g.oid = d.objid
  LEFT JOIN pg_class AS s ON d.classid = 'pg_class'::regclass AND s.oid = d.objid AND s.relkind = 'S'
  WHERE NOT (f.oid IS NOT NULL AND f.adrelid = a.attrelid AND f.adnum = a.attnum)
    AND c.contype IS DISTINCT FROM 'n' AND s.oid IS NULL
    AND NOT EXISTS (SELECT FROM pg_constraint AS p WHERE p.oid = c.conparentid AND p.conrelid = c.conrelid)
    AND NOT EXISTS (SELECT FROM own WHERE own.relation = c.conrelid AND own.name = c.conname::text)
    AND NOT EXISTS (SELECT FROM own WHERE own.relation = i.indrelid AND own.name = x.relname::text)
    AND NOT EXISTS (SELECT FROM own WHERE own.relation = g.tgrelid AND own.name = g.tgname::text)
  ORDER BY w.position, dependent`
