-- Triggers, of views too, without those that PostgreSQL makes for constraints. A partition has a copy of each row trigger
-- of its parent (version 14 counts the copies among its internal ones).
WITH spelling AS MATERIALIZED (SELECT pg_catalog.set_config('search_path', :spelling, true))
SELECT t.tgrelid, t.tgname, pn.nspname, p.proname, t.tgtype, t.tgenabled, pg_catalog.pg_get_triggerdef(t.oid),
       t.tgparentid <> 0, pg_catalog.strpos(p.prosrc, 'prisma_audit.keep_updated_at') > 0
FROM pg_catalog.pg_trigger t
JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
JOIN pg_catalog.pg_namespace pn ON pn.oid = p.pronamespace
CROSS JOIN spelling
WHERE n.nspname = ANY (:schemas) AND NOT t.tgisinternal
