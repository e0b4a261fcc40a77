-- Functions that return `trigger`, in the schemas read or called by a trigger of theirs, with all who call them.
SELECT n.nspname, p.proname, l.lanname, p.prosrc, pg_catalog.obj_description(p.oid, 'pg_proc'),
       (SELECT pg_catalog.json_agg(pg_catalog.concat(tn.nspname, '.', tc.relname, '.', t.tgname))
        FROM pg_catalog.pg_trigger t
        JOIN pg_catalog.pg_class tc ON tc.oid = t.tgrelid
        JOIN pg_catalog.pg_namespace tn ON tn.oid = tc.relnamespace
        WHERE t.tgfoid = p.oid AND NOT t.tgisinternal)
FROM pg_catalog.pg_proc p
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
JOIN pg_catalog.pg_language l ON l.oid = p.prolang
WHERE p.prorettype = 'pg_catalog.trigger'::pg_catalog.regtype
  AND (n.nspname = ANY (:schemas) OR p.oid IN (
    SELECT t.tgfoid FROM pg_catalog.pg_trigger t
    JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
    JOIN pg_catalog.pg_namespace cn ON cn.oid = c.relnamespace
    WHERE cn.nspname = ANY (:schemas) AND NOT t.tgisinternal))
