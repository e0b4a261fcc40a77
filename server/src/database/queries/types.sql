-- Types that a column may have: of the row types of tables, two for each, only those that a column has. For an array, `element` is what its name, schema
-- and kind are taken from. For a domain, also the type that it stands on, with its size, and whether it is NOT NULL.
WITH spelling AS MATERIALIZED (SELECT pg_catalog.set_config('search_path', :spelling, true))
SELECT t.oid, pg_catalog.format_type(t.oid, -1), t.typcategory = 'A' AND t.typelem <> 0,
       element.typname, n.nspname, element.typtype,
       CASE WHEN t.typtype = 'd' THEN t.typbasetype END,
       CASE WHEN t.typtype = 'd' THEN pg_catalog.format_type(t.typbasetype, t.typtypmod) END,
       CASE WHEN t.typtype = 'd' THEN t.typnotnull END
FROM pg_catalog.pg_type t
JOIN pg_catalog.pg_type element
  ON element.oid = CASE WHEN t.typcategory = 'A' AND t.typelem <> 0 THEN t.typelem ELSE t.oid END
JOIN pg_catalog.pg_namespace n ON n.oid = element.typnamespace
CROSS JOIN spelling
WHERE element.typrelid = 0
   OR element.typrelid IN (SELECT oid FROM pg_catalog.pg_class WHERE relkind = 'c')
   OR t.oid IN (SELECT d.refobjid FROM pg_catalog.pg_depend d
                WHERE d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                  AND d.objsubid > 0)
