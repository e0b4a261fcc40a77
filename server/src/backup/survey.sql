-- One row about the connected database: what decides how it can be backed up, and what would make pg_dump fail.
-- `unreadable` are the tables and sequences that the role may not read, `filtered` those with rows that a policy hides
-- from it.
WITH relations AS (
  SELECT r.oid, r.relkind, r.name FROM (:relations) AS r WHERE r.relkind IN ('r', 'p', 'm', 'S')
),
-- Roles that own something in it or have privileges on it, without the server's first superuser.
mentioned AS (
  SELECT r.rolname::pg_catalog.text AS name, d.deptype
  FROM pg_catalog.pg_shdepend AS d
  JOIN pg_catalog.pg_roles AS r ON r.oid OPERATOR(pg_catalog.=) d.refobjid
  JOIN pg_catalog.pg_database AS b ON b.oid OPERATOR(pg_catalog.=) d.dbid
  WHERE b.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()
    AND d.refclassid OPERATOR(pg_catalog.=) 'pg_catalog.pg_authid'::pg_catalog.regclass
    AND r.rolname OPERATOR(pg_catalog.!~) '^pg_'
)
SELECT
  pg_catalog.current_database()::pg_catalog.text AS database,
  pg_catalog.current_setting('server_version') AS version,
  pg_catalog.current_setting('server_version_num')::int AS version_number,
  pg_catalog.version() AS full_version,
  pg_catalog.current_setting('server_encoding') AS encoding,
  pg_catalog.pg_database_size(pg_catalog.current_database())::pg_catalog.text AS bytes,
  (
    SELECT COALESCE(pg_catalog.sum(:table_bytes), 0)::pg_catalog.text
    FROM pg_catalog.pg_class AS c
    WHERE c.relkind OPERATOR(pg_catalog.=) 'r' AND c.relpersistence OPERATOR(pg_catalog.<>) 't' AND (
      c.oid OPERATOR(pg_catalog.>=) 16384
      OR c.oid OPERATOR(pg_catalog.=) 'pg_catalog.pg_largeobject'::pg_catalog.regclass
    )
  ) AS table_bytes,
  pg_catalog.pg_table_size('pg_catalog.pg_largeobject'::pg_catalog.regclass)::pg_catalog.text AS large_object_bytes,
  :role_to_return_to AS role_to_return_to,
  (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname OPERATOR(pg_catalog.=) current_user) AS is_superuser,
  (SELECT rolsuper OR rolcreatedb FROM pg_catalog.pg_roles WHERE rolname OPERATOR(pg_catalog.=) current_user) AS may_create_database,
  ARRAY(SELECT extname::pg_catalog.text FROM pg_catalog.pg_extension WHERE extname <> 'plpgsql' ORDER BY 1) AS extensions,
  ARRAY(SELECT rolname::pg_catalog.text FROM pg_catalog.pg_roles WHERE rolname !~ '^pg_' AND rolname <> 'postgres' ORDER BY 1) AS roles,
  ARRAY(SELECT DISTINCT m.name FROM mentioned AS m ORDER BY 1) AS grantees,
  ARRAY(SELECT DISTINCT m.name FROM mentioned AS m WHERE m.deptype OPERATOR(pg_catalog.=) 'o' ORDER BY 1) AS owners,
  EXISTS (
    SELECT FROM mentioned AS m
    JOIN pg_catalog.pg_roles AS r ON r.rolname::pg_catalog.text OPERATOR(pg_catalog.=) m.name
    WHERE m.deptype OPERATOR(pg_catalog.=) 'o' AND r.oid NOT IN (:trusted)
  ) AS has_untrusted_owners,
  ARRAY(
    SELECT name FROM relations
    WHERE NOT CASE
      WHEN relkind = 'S' THEN pg_catalog.has_sequence_privilege(oid, 'SELECT')
      ELSE pg_catalog.has_table_privilege(oid, 'SELECT')
    END
    ORDER BY 1
  ) AS unreadable,
  ARRAY(SELECT name FROM relations WHERE relkind IN ('r', 'p') AND pg_catalog.row_security_active(oid) ORDER BY 1) AS filtered
