-- Operator classes of indexes, and whether each is its type's default.
SELECT oid, opcname, opcdefault FROM pg_catalog.pg_opclass
