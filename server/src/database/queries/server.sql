-- The database itself, and which of the schemas asked for exist.
SELECT current_database(),
       current_setting('server_version'),
       current_setting('server_version_num'),
       current_schema(),
       current_setting('block_size'),
       (SELECT json_agg(nspname) FROM pg_catalog.pg_namespace WHERE nspname = ANY (:schemas))
