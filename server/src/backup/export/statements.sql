-- The sequences and the populated materialized views, which get their values after the rows, in the order in which
-- they were created, because one may read another.
SELECT CASE r.relkind WHEN 'S' THEN 'sequence' ELSE 'view' END AS kind, r.name
FROM (:relations) AS r
JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) r.oid
WHERE r.relkind OPERATOR(pg_catalog.=) 'S' OR (r.relkind OPERATOR(pg_catalog.=) 'm' AND c.relispopulated)
ORDER BY r.oid
