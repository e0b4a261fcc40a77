-- What stands in the schemas that are not PostgreSQL's own and does not belong to an extension, with the DROP for each; and
-- what belongs to no schema. $1 are the names of the schemas, extensions, publications and event triggers that stay.
SELECT statement
FROM (
  SELECT 1 AS turn, pg_catalog.format('DROP EVENT TRIGGER IF EXISTS %I', evtname) AS statement
  FROM pg_catalog.pg_event_trigger
  WHERE 'event trigger ' || evtname <> ALL ($1::pg_catalog.text[])
  UNION ALL
  SELECT 2, pg_catalog.format('DROP PUBLICATION IF EXISTS %I', pubname)
  FROM pg_catalog.pg_publication
  WHERE 'publication ' || pubname <> ALL ($1::pg_catalog.text[])
  UNION ALL
  SELECT 3, pg_catalog.format('DROP EXTENSION IF EXISTS %I CASCADE', extname)
  FROM pg_catalog.pg_extension
  WHERE 'extension ' || extname <> ALL ($1::pg_catalog.text[])
  UNION ALL
  SELECT 4, pg_catalog.format('DROP SCHEMA IF EXISTS %I CASCADE', nspname)
  FROM pg_catalog.pg_namespace
  WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' AND 'schema ' || nspname <> ALL ($1::pg_catalog.text[])
  UNION ALL
  -- Tables and views first: a sequence that belongs to a column goes with it, and cannot go alone.
  SELECT CASE WHEN object.type IN ('table', 'view', 'materialized view', 'foreign table') THEN 5 ELSE 6 END,
    pg_catalog.format('DROP %s IF EXISTS %s CASCADE', object.type, object.identity)
  FROM pg_catalog.pg_depend d
  JOIN pg_catalog.pg_namespace n ON n.oid = d.refobjid
  CROSS JOIN LATERAL pg_catalog.pg_identify_object(d.classid, d.objid, 0) AS object
  WHERE d.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND d.deptype = 'n'
    AND d.classid NOT IN ('pg_catalog.pg_default_acl'::pg_catalog.regclass, 'pg_catalog.pg_statistic_ext'::pg_catalog.regclass)
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_depend e WHERE e.classid = d.classid AND e.objid = d.objid AND e.deptype = 'e'
    )
) AS drops
ORDER BY turn, statement
