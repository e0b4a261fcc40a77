-- The largest tables among the named ones (among all if $1 is NULL), with their stored columns. `own` are
-- bytes without TOAST.
SELECT r.name, pg_catalog.pg_relation_size(c.oid)::pg_catalog.text AS own, s.bytes::pg_catalog.text AS bytes,
  ARRAY(
    SELECT a.attname::pg_catalog.text
    FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid OPERATOR(pg_catalog.=) r.oid
      AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped
      AND a.attgenerated OPERATOR(pg_catalog.=) ''
    ORDER BY a.attnum
  ) AS stored
FROM (:relations) AS r
JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) r.oid
CROSS JOIN LATERAL (SELECT :table_bytes AS bytes) AS s
WHERE r.relkind OPERATOR(pg_catalog.=) 'r'
  AND ($1::pg_catalog.text[] IS NULL OR r.name OPERATOR(pg_catalog.=) ANY ($1))
ORDER BY s.bytes DESC, r.name
LIMIT 5
