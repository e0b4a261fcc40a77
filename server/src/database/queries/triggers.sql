-- Triggers, without those that PostgreSQL makes for constraints.
SELECT t.tgrelid, t.tgname, pn.nspname, p.proname, t.tgtype, t.tgenabled, pg_catalog.pg_get_triggerdef(t.oid)
FROM pg_catalog.pg_trigger t
JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
JOIN pg_catalog.pg_namespace pn ON pn.oid = p.pronamespace
WHERE n.nspname = ANY (:schemas) AND NOT t.tgisinternal
