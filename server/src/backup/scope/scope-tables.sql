-- The existing tables among the named ones, with all that inherit from them (including partitions), and the size of
-- their rows in bytes.
WITH RECURSIVE named AS (
  SELECT c.oid
  FROM ROWS FROM (pg_catalog.unnest($1::pg_catalog.text[]), pg_catalog.unnest($2::pg_catalog.text[])) AS t (schema, name)
  JOIN pg_catalog.pg_namespace AS n ON n.nspname::pg_catalog.text OPERATOR(pg_catalog.=) t.schema
  JOIN pg_catalog.pg_class AS c
    ON c.relnamespace OPERATOR(pg_catalog.=) n.oid AND c.relname::pg_catalog.text OPERATOR(pg_catalog.=) t.name
  WHERE c.relkind IN ('r', 'p')
),
tables AS (
  SELECT oid FROM named
  UNION
  SELECT i.inhrelid FROM pg_catalog.pg_inherits AS i JOIN tables AS t ON t.oid OPERATOR(pg_catalog.=) i.inhparent
)
SELECT
  n.nspname::pg_catalog.text AS schema,
  c.relname::pg_catalog.text AS table,
  pg_catalog.format('%I.%I', n.nspname, c.relname) AS name,
  (:table_bytes)::pg_catalog.text AS bytes
FROM tables AS t
JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) t.oid
JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
ORDER BY 1, 2
