-- The sequences with what decides their next value, besides their latest one.
SELECT
  r.name,
  q.seqstart::pg_catalog.text AS start,
  q.seqincrement::pg_catalog.text AS increment
FROM (:relations) AS r
JOIN pg_catalog.pg_sequence AS q ON q.seqrelid OPERATOR(pg_catalog.=) r.oid
WHERE r.relkind OPERATOR(pg_catalog.=) 'S'
ORDER BY r.name COLLATE pg_catalog."C"
