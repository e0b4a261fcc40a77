-- A number that changes when the catalog does: of every row its oid and the transaction that wrote it. ANALYZE and
-- VACUUM write statistics in place, which changes neither. `age` counts back from the next transaction, whose
-- number `age('1000') + 1000` gives back, so no text is made of numbers; rows as old
-- as the cluster have the greatest age there is, and count as written by 0.
WITH clock AS (SELECT pg_catalog.age('1000'::xid)::bigint + 1000 AS next),
relation AS MATERIALIZED (
  SELECT c.oid, c.xmin AS written FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = ANY (:schemas) AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'i', 'I')
),
seen AS (
  SELECT 1 AS kind, r.oid::bigint AS number, r.written FROM relation r
  UNION ALL
  SELECT 2, a.attrelid::bigint * 1601 + a.attnum, a.xmin FROM pg_catalog.pg_attribute a
  WHERE a.attnum > 0 AND a.attrelid IN (SELECT oid FROM relation)
  UNION ALL
  SELECT 3, k.oid::bigint, k.xmin FROM pg_catalog.pg_constraint k
  JOIN pg_catalog.pg_namespace n ON n.oid = k.connamespace WHERE n.nspname = ANY (:schemas)
  UNION ALL
  SELECT 4, i.indexrelid::bigint, i.xmin FROM pg_catalog.pg_index i WHERE i.indexrelid IN (SELECT oid FROM relation)
  UNION ALL
  SELECT 5, t.oid::bigint, t.xmin FROM pg_catalog.pg_trigger t WHERE t.tgrelid IN (SELECT oid FROM relation)
  UNION ALL
  SELECT 6, d.oid::bigint, d.xmin FROM pg_catalog.pg_attrdef d WHERE d.adrelid IN (SELECT oid FROM relation)
  UNION ALL
  SELECT 7, e.oid::bigint, e.xmin FROM pg_catalog.pg_enum e
  UNION ALL
  SELECT 8, p.oid::bigint, p.xmin FROM pg_catalog.pg_proc p WHERE p.prorettype = 'pg_catalog.trigger'::regtype
  UNION ALL
  SELECT 9, x.oid::bigint, x.xmin FROM pg_catalog.pg_extension x
  UNION ALL
  SELECT 10, n.oid::bigint, n.xmin FROM pg_catalog.pg_namespace n WHERE n.nspname = ANY (:schemas)
)
SELECT count(*), sum(kind * number),
       sum(COALESCE(next - NULLIF(pg_catalog.age(written), 2147483647), 0) * (number % 999983 + kind))
FROM seen, clock
