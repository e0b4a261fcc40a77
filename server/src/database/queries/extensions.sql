-- Installed extensions, with the tables, views and sequences that belong to them.
SELECT e.extname, e.extversion, n.nspname,
       (SELECT pg_catalog.json_agg(d.objid::pg_catalog.text) FROM pg_catalog.pg_depend d
        WHERE d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.refobjid = e.oid AND d.deptype = 'e'
          AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass)
FROM pg_catalog.pg_extension e
JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
