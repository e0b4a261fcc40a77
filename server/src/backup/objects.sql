-- What stands in a database that is not PostgreSQL's own nor an extension's: relations, types and functions, ten at most.
WITH schemas AS (
  SELECT oid, nspname FROM pg_catalog.pg_namespace WHERE nspname <> 'information_schema' AND nspname !~ '^pg_'
),
objects AS (
  SELECT 'pg_catalog.pg_class'::pg_catalog.regclass AS class, c.oid, pg_catalog.format('%I.%I', s.nspname, c.relname) AS name
  FROM pg_catalog.pg_class c
  JOIN schemas s ON s.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
  UNION ALL
  SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, t.oid, pg_catalog.format('%I.%I', s.nspname, t.typname)
  FROM pg_catalog.pg_type t
  JOIN schemas s ON s.oid = t.typnamespace
  WHERE t.typtype IN ('e', 'd', 'r')
  UNION ALL
  SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass, p.oid, pg_catalog.format('%I.%I()', s.nspname, p.proname)
  FROM pg_catalog.pg_proc p
  JOIN schemas s ON s.oid = p.pronamespace
)
SELECT name
FROM objects o
WHERE NOT EXISTS (
  SELECT FROM pg_catalog.pg_depend d WHERE d.classid = o.class AND d.objid = o.oid AND d.deptype = 'e'
)
ORDER BY 1
LIMIT 10
