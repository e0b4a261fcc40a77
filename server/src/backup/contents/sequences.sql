-- The sequences with their latest value, null if none was drawn, and what else decides the next one.
SELECT
  r.name,
  pg_catalog.pg_sequence_last_value(r.oid)::pg_catalog.text AS value,
  q.seqstart::pg_catalog.text AS start,
  q.seqincrement::pg_catalog.text AS increment
FROM (:relations) AS r
JOIN pg_catalog.pg_sequence AS q ON q.seqrelid OPERATOR(pg_catalog.=) r.oid
WHERE r.relkind OPERATOR(pg_catalog.=) 'S'
ORDER BY r.name COLLATE pg_catalog."C"
