-- The statements after the rows: values of sequences, large objects, and populated materialized views, in the order in
-- which they were created, because one may read another.
SELECT s.kind, s.name, s.oid::pg_catalog.text AS oid
FROM (
  SELECT CASE r.relkind WHEN 'S' THEN 'sequence' ELSE 'view' END AS kind, r.name, r.oid
  FROM (:relations) AS r
  JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) r.oid
  WHERE r.relkind OPERATOR(pg_catalog.=) 'S' OR (r.relkind OPERATOR(pg_catalog.=) 'm' AND c.relispopulated)
  UNION ALL
  SELECT 'large object', '', m.oid FROM pg_catalog.pg_largeobject_metadata AS m
) AS s
ORDER BY s.oid
