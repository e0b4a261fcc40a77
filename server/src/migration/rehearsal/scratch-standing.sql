-- What stands in an empty database and stays in it: its schemas, extensions, publications and event triggers.
SELECT 'schema ' || nspname AS name FROM pg_catalog.pg_namespace
UNION ALL SELECT 'extension ' || extname FROM pg_catalog.pg_extension
UNION ALL SELECT 'publication ' || pubname FROM pg_catalog.pg_publication
UNION ALL SELECT 'event trigger ' || evtname FROM pg_catalog.pg_event_trigger
