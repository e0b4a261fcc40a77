-- Those of the tables that Citus keeps. Only where its catalog is there. $1: quoted names, as text[].
SELECT t.name AS "table"
FROM pg_catalog.unnest($1::pg_catalog.text[]) AS t (name)
WHERE EXISTS (
  SELECT FROM pg_catalog.pg_dist_partition AS d
  WHERE d.logicalrelid::pg_catalog.oid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(t.name)::pg_catalog.oid
)
