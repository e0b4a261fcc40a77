-- Bytes of rows and of indexes, with those of all partitions. Takes ACCESS SHARE on each. $1: quoted names, as text[].
SELECT t.name AS "table",
  pg_catalog.sum(pg_catalog.pg_relation_size(part.oid))::pg_catalog.float8 AS row_bytes,
  pg_catalog.sum(pg_catalog.pg_indexes_size(part.oid))::pg_catalog.float8 AS index_bytes
FROM pg_catalog.unnest($1::pg_catalog.text[]) AS t (name)
CROSS JOIN LATERAL (
  SELECT pg_catalog.to_regclass(t.name)::pg_catalog.oid AS oid
  UNION
  SELECT relid::pg_catalog.oid FROM pg_catalog.pg_partition_tree(pg_catalog.to_regclass(t.name))
) AS part
WHERE part.oid IS NOT NULL
GROUP BY t.name
