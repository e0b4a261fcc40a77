-- Columns in the order of the table. A type is spelled out only where it has a modifier; types.sql has the others.
-- A default cannot mention columns, so it needs no table to be spelled, and so takes no lock on one.
WITH spelling AS MATERIALIZED (SELECT pg_catalog.set_config('search_path', :spelling, true))
SELECT a.attrelid, a.attnum, a.attname, a.atttypid,
       CASE WHEN a.atttypmod >= 0 THEN pg_catalog.format_type(a.atttypid, a.atttypmod) END,
       a.attnotnull, a.attidentity, a.attgenerated,
       pg_catalog.pg_get_expr(d.adbin, CASE WHEN a.attgenerated = '' THEN 0 ELSE d.adrelid END),
       d.oid
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
CROSS JOIN spelling
WHERE n.nspname = ANY (:schemas) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.attnum > 0 AND NOT a.attisdropped
