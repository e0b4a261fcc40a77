-- What is written as statements behind the rows: values of sequences, large objects, and materialized views that have been filled,
-- in the order in which they were created, since one may read another.
SELECT r.kind, r.name, r.oid::pg_catalog.text AS oid
FROM (
  SELECT
    CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'view' END AS kind,
    pg_catalog.format('%I.%I', n.nspname, c.relname) AS name,
    c.oid
  FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
  WHERE (c.relkind OPERATOR(pg_catalog.=) 'S' OR (c.relkind OPERATOR(pg_catalog.=) 'm' AND c.relispopulated))
    AND c.relpersistence OPERATOR(pg_catalog.<>) 't'
    AND n.nspname OPERATOR(pg_catalog.<>) 'information_schema'
    AND n.nspname OPERATOR(pg_catalog.!~) '^pg_'
    AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_depend AS d
      WHERE d.classid OPERATOR(pg_catalog.=) 'pg_catalog.pg_class'::pg_catalog.regclass
        AND d.objid OPERATOR(pg_catalog.=) c.oid
        AND d.deptype OPERATOR(pg_catalog.=) 'e'
    )
  UNION ALL
  SELECT 'large object', '', m.oid FROM pg_catalog.pg_largeobject_metadata AS m
) AS r
ORDER BY r.oid
