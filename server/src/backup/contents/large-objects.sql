-- The number of large objects and a hash of all: of each chunk of a megabyte with its object and its position.
WITH RECURSIVE pieces AS (
  SELECT m.oid, 0::pg_catalog.int8 AS place, p.hash, p.length
  FROM pg_catalog.pg_largeobject_metadata AS m
  CROSS JOIN LATERAL (
    SELECT pg_catalog.md5(b.bytes) AS hash, pg_catalog.length(b.bytes) AS length
    FROM (SELECT pg_catalog.lo_get(m.oid, 0, 1000000) AS bytes) AS b
  ) AS p
  UNION ALL
  SELECT o.oid, o.place OPERATOR(pg_catalog.+) 1, p.hash, p.length
  FROM pieces AS o
  CROSS JOIN LATERAL (
    SELECT pg_catalog.md5(b.bytes) AS hash, pg_catalog.length(b.bytes) AS length
    FROM (
      SELECT pg_catalog.lo_get(o.oid, (o.place OPERATOR(pg_catalog.+) 1) OPERATOR(pg_catalog.*) 1000000, 1000000) AS bytes
    ) AS b
  ) AS p
  WHERE o.length OPERATOR(pg_catalog.=) 1000000
)
SELECT
  (SELECT pg_catalog.count(*) FROM pg_catalog.pg_largeobject_metadata)::pg_catalog.text AS count,
  pg_catalog.md5(
    pg_catalog.string_agg(pg_catalog.concat_ws(' ', p.oid, p.place, p.length, p.hash), E'\n' ORDER BY p.oid, p.place)
  ) AS hash
FROM pieces AS p
