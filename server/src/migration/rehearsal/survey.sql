-- One row about the real database: what the place of the rehearsal must be like, and what tells it from every other.
-- $1 are the tables that the plan names, quoted and qualified; `tables` those of them that are there.
SELECT
  pg_catalog.current_setting('server_version') AS version,
  pg_catalog.pg_postmaster_start_time()::pg_catalog.text || ' ' || pg_catalog.current_database() AS identity,
  ARRAY(
    SELECT ARRAY[e.extname::pg_catalog.text, n.nspname::pg_catalog.text]
    FROM pg_catalog.pg_extension e
    JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
    WHERE e.extname <> 'plpgsql'
    ORDER BY e.extname
  ) AS extensions,
  ARRAY(
    SELECT DISTINCT r.rolname::pg_catalog.text
    FROM pg_catalog.pg_policy p
    JOIN pg_catalog.pg_roles r ON r.oid = ANY (p.polroles)
    WHERE r.rolname !~ '^pg_' AND r.rolname <> 'postgres'
    ORDER BY 1
  ) AS roles,
  ARRAY(SELECT name FROM pg_catalog.unnest($1::pg_catalog.text[]) AS name WHERE pg_catalog.to_regclass(name) IS NOT NULL) AS tables
