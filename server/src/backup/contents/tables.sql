-- The tables that hold rows of their own, which is all but partitioned ones.
SELECT
  r.nspname::pg_catalog.text AS schema,
  r.relname::pg_catalog.text AS table,
  r.name,
  -- In an order that a dump keeps: of a table that inherits, the columns stand in another one after a restore.
  ARRAY(
    SELECT a.attname::pg_catalog.text
    FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid OPERATOR(pg_catalog.=) r.oid AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped
    ORDER BY a.attname COLLATE pg_catalog."C"
  ) AS columns,
  -- As COPY takes them.
  ARRAY(
    SELECT a.attname::pg_catalog.text
    FROM pg_catalog.pg_attribute AS a
    WHERE a.attrelid OPERATOR(pg_catalog.=) r.oid
      AND a.attnum OPERATOR(pg_catalog.>) 0
      AND NOT a.attisdropped
      AND a.attgenerated OPERATOR(pg_catalog.=) ''
    ORDER BY a.attnum
  ) AS stored
FROM (:relations) AS r
WHERE r.relkind OPERATOR(pg_catalog.=) 'r'
ORDER BY r.name COLLATE pg_catalog."C"
