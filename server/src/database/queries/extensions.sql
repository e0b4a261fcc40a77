-- Installed extensions, with the tables, views and sequences that belong to them.
SELECT e.extname, e.extversion, n.nspname,
       (SELECT json_agg(d.objid::text) FROM pg_catalog.pg_depend d
        WHERE d.refclassid = 'pg_catalog.pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e'
          AND d.classid = 'pg_catalog.pg_class'::regclass)
FROM pg_catalog.pg_extension e
JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
