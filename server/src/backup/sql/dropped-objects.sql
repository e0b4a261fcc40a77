-- The statements that empty a database, in order: event triggers first, because they would fire for the others.
SELECT s.statement
FROM (
  SELECT 1 AS place, pg_catalog.format('DROP EVENT TRIGGER IF EXISTS %I', e.evtname) AS statement FROM pg_catalog.pg_event_trigger AS e
  UNION ALL
  SELECT 2, pg_catalog.format('DROP PUBLICATION %I', p.pubname) FROM pg_catalog.pg_publication AS p
  UNION ALL
  SELECT 3, pg_catalog.format('DROP EXTENSION IF EXISTS %I CASCADE', x.extname)
  FROM pg_catalog.pg_extension AS x
  WHERE x.extname OPERATOR(pg_catalog.<>) 'plpgsql'
  UNION ALL
  SELECT 4, pg_catalog.format('DROP SCHEMA IF EXISTS %I CASCADE', n.nspname)
  FROM pg_catalog.pg_namespace AS n
  WHERE n.nspname OPERATOR(pg_catalog.<>) 'information_schema' AND n.nspname OPERATOR(pg_catalog.!~) '^pg_'
  UNION ALL
  SELECT 5, pg_catalog.format('DROP FOREIGN DATA WRAPPER IF EXISTS %I CASCADE', w.fdwname) FROM pg_catalog.pg_foreign_data_wrapper AS w
  UNION ALL
  SELECT 6, pg_catalog.format('SELECT pg_catalog.lo_unlink(%s)', l.oid) FROM pg_catalog.pg_largeobject_metadata AS l
) AS s
ORDER BY s.place
