-- The database itself, and which of the schemas asked for exist.
SELECT pg_catalog.current_database(),
       pg_catalog.current_setting('server_version'),
       pg_catalog.current_setting('server_version_num'),
       pg_catalog.current_setting('block_size'),
       (SELECT pg_catalog.json_agg(nspname) FROM pg_catalog.pg_namespace WHERE nspname = ANY (:schemas))
