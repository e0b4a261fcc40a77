-- One row about the real database: what the place of the rehearsal must be like, and what tells it from every other.
-- $1 are the tables that the plan names, quoted and qualified; `tables` those of them that are there.
SELECT
  current_setting('server_version') AS version,
  current_setting('search_path') AS search_path,
  pg_catalog.pg_postmaster_start_time()::text || ' ' || current_database() AS identity,
  ARRAY(
    SELECT ARRAY[e.extname::text, n.nspname::text]
    FROM pg_catalog.pg_extension e
    JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
    WHERE e.extname <> 'plpgsql'
    ORDER BY e.extname
  ) AS extensions,
  ARRAY(
    SELECT DISTINCT r.rolname::text
    FROM pg_catalog.pg_policy p
    JOIN pg_catalog.pg_roles r ON r.oid = ANY (p.polroles)
    WHERE r.rolname !~ '^pg_' AND r.rolname <> 'postgres'
    ORDER BY 1
  ) AS roles,
  ARRAY(SELECT name FROM unnest($1::text[]) AS name WHERE to_regclass(name) IS NOT NULL) AS tables
