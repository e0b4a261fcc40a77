-- The partitions of partitioned tables, at every level and in whatever schema, parents before their children.
WITH RECURSIVE tree AS (
  SELECT c.oid AS root, i.inhrelid AS oid, i.inhparent AS parent, 1 AS level
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_inherits i ON i.inhparent = c.oid
  WHERE n.nspname = ANY (:schemas) AND c.relkind = 'p' AND NOT c.relispartition
  UNION ALL
  SELECT tree.root, i.inhrelid, i.inhparent, tree.level + 1
  FROM tree JOIN pg_catalog.pg_inherits i ON i.inhparent = tree.oid
)
SELECT tree.root, n.nspname, c.relname, c.relkind, pn.nspname, p.relname, c.reltuples,
       pg_catalog.row_security_active(c.oid)
FROM tree
JOIN pg_catalog.pg_class c ON c.oid = tree.oid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_class p ON p.oid = tree.parent
JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
ORDER BY tree.level, n.nspname COLLATE "C", c.relname COLLATE "C"
