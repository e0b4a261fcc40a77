-- Tables, partitions, views and foreign tables. Sizes come from `relpages`, as of the last VACUUM or ANALYZE:
-- pg_total_relation_size would open every file, and wait for whoever has a table locked.
SELECT c.oid, n.nspname, c.relname, c.relkind, c.relispartition, c.relrowsecurity, c.reltuples,
       c.relpages + COALESCE(toast.relpages, 0),
       pg_catalog.pg_has_role(c.relowner, 'USAGE'), pg_catalog.row_security_active(c.oid),
       (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(on_.nspname, o.relname, i.inhparent = c.oid))
        FROM pg_catalog.pg_inherits i
        JOIN pg_catalog.pg_class o ON o.oid = CASE WHEN i.inhrelid = c.oid THEN i.inhparent ELSE i.inhrelid END
        JOIN pg_catalog.pg_namespace on_ ON on_.oid = o.relnamespace
        WHERE (i.inhrelid = c.oid OR i.inhparent = c.oid) AND c.relkind = 'r' AND NOT c.relispartition),
       pg_catalog.current_setting('is_superuser') = 'on' AND NOT owner.rolsuper,
       c.reloftype <> 0
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_roles owner ON owner.oid = c.relowner
LEFT JOIN pg_catalog.pg_class toast ON toast.oid = c.reltoastrelid
WHERE n.nspname = ANY (:schemas) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
