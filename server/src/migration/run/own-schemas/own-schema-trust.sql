-- $1: the schema's name; $2: the names of its tables. A row for each table that is there, and one for each thing that is
-- wrong. Whom we trust says database/queries/trusted-roles.sql.
WITH trusted (oid) AS (
:trusted), own_schema AS (
  SELECT n.oid, n.nspname, n.nspowner, n.nspacl FROM pg_catalog.pg_namespace AS n
  WHERE n.nspname OPERATOR(pg_catalog.=) $1::pg_catalog.name
), own_table AS (
  SELECT c.oid, c.relname, c.relowner, c.relacl, c.relkind, c.relpersistence, c.relrowsecurity, c.relhasrules,
    pg_catalog.format('%s.%s', s.nspname, c.relname) AS label
  FROM pg_catalog.pg_class AS c JOIN own_schema AS s ON s.oid OPERATOR(pg_catalog.=) c.relnamespace
  WHERE c.relname OPERATOR(pg_catalog.=) ANY ($2::pg_catalog.text[])
), role_name AS (
  SELECT r.oid, r.rolname FROM pg_catalog.pg_roles AS r
  UNION ALL
  SELECT 0::pg_catalog.oid, 'PUBLIC'::pg_catalog.name
), problem (problem, owner) AS (
  SELECT pg_catalog.format('the schema %s belongs to the role %s', s.nspname, r.rolname), r.rolname
  FROM own_schema AS s LEFT JOIN role_name AS r ON r.oid OPERATOR(pg_catalog.=) s.nspowner
  WHERE NOT EXISTS (SELECT FROM trusted AS t WHERE t.oid OPERATOR(pg_catalog.=) s.nspowner)
  UNION ALL
  SELECT pg_catalog.format('the role %s may create objects in the schema %s', r.rolname, s.nspname), NULL
  FROM own_schema AS s CROSS JOIN LATERAL pg_catalog.aclexplode(s.nspacl) AS a
  LEFT JOIN role_name AS r ON r.oid OPERATOR(pg_catalog.=) a.grantee
  WHERE a.privilege_type OPERATOR(pg_catalog.=) 'CREATE'
    AND NOT EXISTS (SELECT FROM trusted AS t WHERE t.oid OPERATOR(pg_catalog.=) a.grantee)
  UNION ALL
  SELECT pg_catalog.format('%s belongs to the role %s', c.label, r.rolname), r.rolname
  FROM own_table AS c LEFT JOIN role_name AS r ON r.oid OPERATOR(pg_catalog.=) c.relowner
  WHERE NOT EXISTS (SELECT FROM trusted AS t WHERE t.oid OPERATOR(pg_catalog.=) c.relowner)
  UNION ALL
  SELECT pg_catalog.format('the role %s has %s on %s', r.rolname, a.privilege_type, c.label), NULL
  FROM own_table AS c CROSS JOIN LATERAL (
    SELECT e.grantee, e.privilege_type FROM pg_catalog.aclexplode(c.relacl) AS e
    UNION ALL
    SELECT e.grantee, e.privilege_type FROM pg_catalog.pg_attribute AS f CROSS JOIN LATERAL pg_catalog.aclexplode(f.attacl) AS e
    WHERE f.attrelid OPERATOR(pg_catalog.=) c.oid
  ) AS a
  LEFT JOIN role_name AS r ON r.oid OPERATOR(pg_catalog.=) a.grantee
  WHERE a.privilege_type OPERATOR(pg_catalog.<>) 'SELECT'
    AND NOT EXISTS (SELECT FROM trusted AS t WHERE t.oid OPERATOR(pg_catalog.=) a.grantee)
  UNION ALL
  SELECT pg_catalog.format('%s is no ordinary table', c.label), NULL FROM own_table AS c
  WHERE c.relkind OPERATOR(pg_catalog.<>) 'r' OR c.relpersistence OPERATOR(pg_catalog.=) 't'
  UNION ALL
  SELECT pg_catalog.format('%s has row security', c.label), NULL FROM own_table AS c WHERE c.relrowsecurity
  UNION ALL
  SELECT pg_catalog.format('%s has a rule', c.label), NULL FROM own_table AS c
  WHERE EXISTS (SELECT FROM pg_catalog.pg_rewrite AS w WHERE w.ev_class OPERATOR(pg_catalog.=) c.oid)
  UNION ALL
  SELECT pg_catalog.format('%s has the trigger %s', c.label, g.tgname), NULL
  FROM own_table AS c JOIN pg_catalog.pg_trigger AS g ON g.tgrelid OPERATOR(pg_catalog.=) c.oid WHERE NOT g.tgisinternal
  UNION ALL
  SELECT pg_catalog.format('%s inherits, or is inherited from', c.label), NULL FROM own_table AS c
  WHERE EXISTS (
    SELECT FROM pg_catalog.pg_inherits AS i
    WHERE i.inhrelid OPERATOR(pg_catalog.=) c.oid OR i.inhparent OPERATOR(pg_catalog.=) c.oid
  )
  UNION ALL
  SELECT pg_catalog.format('the type of %s.%s is not PostgreSQL''s own', c.label, f.attname), NULL
  FROM own_table AS c JOIN pg_catalog.pg_attribute AS f ON f.attrelid OPERATOR(pg_catalog.=) c.oid
  JOIN pg_catalog.pg_type AS y ON y.oid OPERATOR(pg_catalog.=) f.atttypid
  WHERE f.attnum OPERATOR(pg_catalog.>) 0 AND NOT f.attisdropped
    AND y.typnamespace OPERATOR(pg_catalog.<>) 'pg_catalog'::pg_catalog.regnamespace
  UNION ALL
  -- A default, a check, a generated column or an index can call a function each time that a row is written.
  SELECT pg_catalog.format('%s calls the function %s', c.label, d.refobjid::pg_catalog.regprocedure), NULL
  FROM own_table AS c
  JOIN (
    SELECT a.tableoid AS class, a.oid AS part, a.adrelid AS relation FROM pg_catalog.pg_attrdef AS a
    UNION ALL SELECT k.tableoid, k.oid, k.conrelid FROM pg_catalog.pg_constraint AS k
    UNION ALL SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, i.indexrelid, i.indrelid FROM pg_catalog.pg_index AS i
  ) AS p ON p.relation OPERATOR(pg_catalog.=) c.oid
  JOIN pg_catalog.pg_depend AS d ON d.classid OPERATOR(pg_catalog.=) p.class AND d.objid OPERATOR(pg_catalog.=) p.part
  WHERE d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_proc'::pg_catalog.regclass
)
SELECT CURRENT_USER::pg_catalog.text AS role, p.problem, p.owner::pg_catalog.text, NULL::pg_catalog.text AS "table",
  NULL::pg_catalog.text[] AS columns
FROM problem AS p
UNION ALL
SELECT CURRENT_USER::pg_catalog.text, NULL, NULL, c.relname::pg_catalog.text, ARRAY(
    SELECT f.attname::pg_catalog.text FROM pg_catalog.pg_attribute AS f
    WHERE f.attrelid OPERATOR(pg_catalog.=) c.oid AND f.attnum OPERATOR(pg_catalog.>) 0 AND NOT f.attisdropped
  )
FROM own_table AS c
LIMIT 100
