-- What an UPDATE of a partition's rows runs, in whatever schema: the partition's own triggers and the copies of its parents',
-- which version 14 counts among the internal ones; not ours, which leave a row alone whose column we fill.
SELECT n.nspname, c.relname, t.tgname
FROM pg_catalog.pg_trigger t
JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
WHERE c.relispartition AND t.tgtype & 16 > 0 AND t.tgenabled <> 'D'
  AND (NOT t.tgisinternal OR (t.tgparentid <> 0 AND t.tgconstraint = 0))
  AND pg_catalog.strpos(p.prosrc, 'prisma_audit.keep_updated_at') = 0
ORDER BY t.tgname
