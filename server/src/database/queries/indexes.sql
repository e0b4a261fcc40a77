-- Indexes, of any kind. What is more than a column is spelled out, which opens the table: only where there is any.
-- Version 14 has no `indnullsnotdistinct`: there the name falls through to the outer `absent`.
WITH spelling AS MATERIALIZED (SELECT pg_catalog.set_config('search_path', :spelling, true))
SELECT i.indexrelid, i.indrelid, ic.relname, am.amname, i.indisunique, i.indisprimary,
       CASE WHEN i.indisunique THEN (SELECT indnullsnotdistinct FROM (SELECT i.*) AS same) ELSE false END,
       i.indisvalid, i.indnkeyatts, i.indkey, i.indoption, i.indclass, ic.relpages,
       CASE WHEN i.indpred IS NOT NULL THEN pg_catalog.pg_get_expr(i.indpred, i.indrelid) END,
       i.indpred IS NOT NULL,
       CASE WHEN i.indexprs IS NOT NULL THEN
         (SELECT pg_catalog.json_agg(pg_catalog.pg_get_indexdef(i.indexrelid, k, false) ORDER BY k)
          FROM pg_catalog.generate_series(1, i.indnkeyatts) AS k) END,
       i.indimmediate
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid
JOIN pg_catalog.pg_namespace n ON n.oid = ic.relnamespace
JOIN pg_catalog.pg_am am ON am.oid = ic.relam
CROSS JOIN (SELECT false AS indnullsnotdistinct) AS absent
CROSS JOIN spelling
WHERE n.nspname = ANY (:schemas)
