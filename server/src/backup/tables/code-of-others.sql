-- What loading rows of the table $1 and copying them back runs of roles with fewer privileges, apart from its triggers,
-- which are disabled for it: functions and operators of its CHECK constraints, indexes, defaults and generated columns,
-- and the types of its columns, whose domains have checks too. Whom we trust says trusted-roles.sql.
WITH RECURSIVE trusted (oid) AS (
:trusted), lesser AS MATERIALIZED (
  SELECT r.oid, r.rolname FROM pg_catalog.pg_roles AS r
  WHERE NOT EXISTS (SELECT FROM trusted AS t WHERE t.oid OPERATOR(pg_catalog.=) r.oid)
), asked (oid) AS (
  SELECT pg_catalog.to_regclass($1)::pg_catalog.oid
), type (oid) AS (
  SELECT a.atttypid FROM pg_catalog.pg_attribute AS a JOIN asked ON a.attrelid OPERATOR(pg_catalog.=) asked.oid
  WHERE a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped
  UNION
  SELECT n.oid FROM type JOIN pg_catalog.pg_type AS y ON y.oid OPERATOR(pg_catalog.=) type.oid
  CROSS JOIN LATERAL (
    SELECT y.typelem UNION ALL SELECT y.typbasetype
    UNION ALL SELECT a.atttypid FROM pg_catalog.pg_attribute AS a
      WHERE y.typrelid OPERATOR(pg_catalog.<>) 0 AND a.attrelid OPERATOR(pg_catalog.=) y.typrelid
        AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped
    UNION ALL SELECT r.rngsubtype FROM pg_catalog.pg_range AS r WHERE r.rngtypid OPERATOR(pg_catalog.=) y.oid
  ) AS n (oid)
  WHERE n.oid OPERATOR(pg_catalog.<>) 0
), part (class, object, label) AS (
  SELECT k.tableoid, k.oid, pg_catalog.format('the constraint %I', k.conname)
  FROM pg_catalog.pg_constraint AS k
  WHERE k.contype OPERATOR(pg_catalog.=) 'c'
    AND (k.conrelid IN (SELECT asked.oid FROM asked) OR k.contypid IN (SELECT type.oid FROM type))
  UNION ALL
  SELECT c.tableoid, c.oid, pg_catalog.format('the index %I', c.relname)
  FROM pg_catalog.pg_index AS i JOIN asked ON i.indrelid OPERATOR(pg_catalog.=) asked.oid
  JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) i.indexrelid
  UNION ALL
  SELECT d.tableoid, d.oid, pg_catalog.format('the default of %I', a.attname)
  FROM pg_catalog.pg_attrdef AS d JOIN asked ON d.adrelid OPERATOR(pg_catalog.=) asked.oid
  JOIN pg_catalog.pg_attribute AS a
    ON a.attrelid OPERATOR(pg_catalog.=) d.adrelid AND a.attnum OPERATOR(pg_catalog.=) d.adnum
)
SELECT pg_catalog.format('%s calls %I.%I() of the role %I', part.label, n.nspname, p.proname, l.rolname) AS what
FROM part
JOIN pg_catalog.pg_depend AS d
  ON d.classid OPERATOR(pg_catalog.=) part.class AND d.objid OPERATOR(pg_catalog.=) part.object
LEFT JOIN pg_catalog.pg_operator AS o ON o.oid OPERATOR(pg_catalog.=) d.refobjid
  AND d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_operator'::pg_catalog.regclass
JOIN pg_catalog.pg_proc AS p ON p.oid OPERATOR(pg_catalog.=) coalesce(
  o.oprcode::pg_catalog.oid,
  CASE WHEN d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass THEN d.refobjid END
)
JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) p.pronamespace
JOIN lesser AS l ON l.oid OPERATOR(pg_catalog.=) p.proowner
UNION
SELECT pg_catalog.format('%s is a type of the role %I', pg_catalog.format_type(y.oid, NULL), l.rolname)
FROM type JOIN pg_catalog.pg_type AS y ON y.oid OPERATOR(pg_catalog.=) type.oid
JOIN lesser AS l ON l.oid OPERATOR(pg_catalog.=) y.typowner
-- An enum has no code, and an array has none of its own.
WHERE y.typtype IN ('d', 'b', 'r') AND y.typcategory OPERATOR(pg_catalog.<>) 'A'
ORDER BY 1
LIMIT 20
