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
  const found = new Set<string>()
  for (const step of steps) {
    if (step.kind !== 'add-column') continue
    const table = quoteQualified(step.schema, step.table)
    const { rows } = await client.query<{ dependent: string; column: string }>(DEPENDENTS, [table, step.object, own])
    for (const { dependent } of rows) found.add(`${dependent} on ${table}."${step.object ?? ''}"`)
  }
  return [...found]
}

/**
 * A view depends through its rule. A column's own default and NOT NULL are dropped with it, as they should be, and so
 * is a sequence that it owns; a foreign key to a partitioned table takes its copies per partition with it.
 */
const DEPENDENTS = `
  WITH own AS (
    SELECT to_regclass(o."table") AS relation, o.name FROM json_to_recordset($3::json) AS o ("table" text, name text)
  )
  SELECT DISTINCT CASE
      WHEN r.oid IS NOT NULL THEN pg_describe_object('pg_class'::regclass, r.ev_class, 0)
      ELSE pg_describe_object(d.classid, d.objid, d.objsubid)
    END AS dependent
  FROM pg_attribute AS a
  JOIN pg_depend AS d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = a.attrelid AND d.refobjsubid = a.attnum
  LEFT JOIN pg_rewrite AS r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
  LEFT JOIN pg_constraint AS c ON d.classid = 'pg_constraint'::regclass AND c.oid = d.objid
  LEFT JOIN pg_attrdef AS f ON d.classid = 'pg_attrdef'::regclass AND f.oid = d.objid
  LEFT JOIN pg_index AS i ON d.classid = 'pg_class'::regclass AND i.indexrelid = d.objid
  LEFT JOIN pg_class AS x ON x.oid = i.indexrelid
  LEFT JOIN pg_trigger AS g ON d.classid = 'pg_trigger'::regclass AND g.oid = d.objid
  LEFT JOIN pg_class AS s ON d.classid = 'pg_class'::regclass AND s.oid = d.objid AND s.relkind = 'S'
  WHERE a.attrelid = to_regclass($1) AND a.attname = $2 AND NOT a.attisdropped
    AND NOT (f.oid IS NOT NULL AND f.adrelid = a.attrelid AND f.adnum = a.attnum)
    AND c.contype IS DISTINCT FROM 'n' AND s.oid IS NULL
    AND NOT EXISTS (SELECT FROM pg_constraint AS p WHERE p.oid = c.conparentid AND p.conrelid = c.conrelid)
    AND NOT EXISTS (
      SELECT FROM own
      WHERE (own.relation = c.conrelid AND own.name = c.conname) OR (own.relation = i.indrelid AND own.name = x.relname)
        OR (own.relation = g.tgrelid AND own.name = g.tgname)
    )
  ORDER BY 1`
