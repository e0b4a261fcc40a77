-- One row about the connected database: what decides how it can be backed up, and what would hinder pg_dump.
-- `unreadable` are the tables and sequences that the role may not read, `filtered` those whose rows a policy hides from it.
WITH relations AS (
  SELECT c.oid, c.relkind, pg_catalog.format('%I.%I', n.nspname, c.relname) AS name
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'm', 'S')
    AND n.nspname <> 'information_schema'
    AND n.nspname !~ '^pg_'
    AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_depend d
      WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e'
    )
)
SELECT
  pg_catalog.current_database()::pg_catalog.text AS database,
  pg_catalog.current_setting('server_version') AS version,
  pg_catalog.current_setting('server_version_num')::int AS version_number,
  pg_catalog.version() AS full_version,
  pg_catalog.pg_database_size(pg_catalog.current_database())::pg_catalog.text AS bytes,
  ARRAY(SELECT extname::pg_catalog.text FROM pg_catalog.pg_extension WHERE extname <> 'plpgsql' ORDER BY 1) AS extensions,
  ARRAY(SELECT rolname::pg_catalog.text FROM pg_catalog.pg_roles WHERE rolname !~ '^pg_' AND rolname <> 'postgres' ORDER BY 1) AS roles,
  ARRAY(
    SELECT name FROM relations
    WHERE NOT CASE
      WHEN relkind = 'S' THEN pg_catalog.has_sequence_privilege(oid, 'SELECT')
      ELSE pg_catalog.has_table_privilege(oid, 'SELECT')
    END
    ORDER BY 1
  ) AS unreadable,
  ARRAY(SELECT name FROM relations WHERE relkind IN ('r', 'p') AND pg_catalog.row_security_active(oid) ORDER BY 1) AS filtered
