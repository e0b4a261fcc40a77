-- Primary keys, unique, foreign key, check and exclusion constraints, and NOT NULL that is not validated (version 18).
-- Before version 18 there is no `conenforced`: there the name falls through to the outer `absent`.
-- A foreign key to a partitioned table has a copy for each partition, on the same table: those are left out.
WITH spelling AS MATERIALIZED (SELECT pg_catalog.set_config('search_path', :spelling, true))
SELECT k.conrelid, k.conname, k.contype, k.conkey, k.confrelid, k.confkey, k.confdeltype, k.confupdtype,
       k.condeferrable, k.convalidated, k.conindid,
       CASE WHEN k.contype IN ('c', 'x', 'n') THEN pg_catalog.pg_get_constraintdef(k.oid) END,
       CASE WHEN k.contype = 'f' AND k.confrelid NOT IN (
              SELECT c.oid FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_namespace cn ON cn.oid = c.relnamespace
              WHERE cn.nspname = ANY (:schemas))
            THEN (SELECT pg_catalog.json_build_array(rn.nspname, r.relname,
                    (SELECT pg_catalog.json_object_agg(a.attnum, a.attname) FROM pg_catalog.pg_attribute a
                     WHERE a.attrelid = r.oid AND a.attnum = ANY (k.confkey)))
                  FROM pg_catalog.pg_class r
                  JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
                  WHERE r.oid = k.confrelid) END,
       CASE WHEN NOT k.convalidated THEN (SELECT conenforced FROM (SELECT k.*) AS same) END
FROM pg_catalog.pg_constraint k
JOIN pg_catalog.pg_namespace n ON n.oid = k.connamespace
CROSS JOIN (SELECT true AS conenforced) AS absent
CROSS JOIN spelling
WHERE n.nspname = ANY (:schemas) AND k.conrelid <> 0
  AND (k.contype IN ('p', 'u', 'f', 'c', 'x') OR k.contype = 'n' AND NOT k.convalidated)
  AND (k.conparentid = 0 OR NOT EXISTS (
    SELECT FROM pg_catalog.pg_constraint parent WHERE parent.oid = k.conparentid AND parent.conrelid = k.conrelid))
