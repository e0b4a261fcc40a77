-- The sequences with their latest value, null if none was drawn.
SELECT r.name, pg_catalog.pg_sequence_last_value(r.oid)::pg_catalog.text AS value
FROM (:relations) AS r
WHERE r.relkind OPERATOR(pg_catalog.=) 'S'
ORDER BY r.name COLLATE pg_catalog."C"
