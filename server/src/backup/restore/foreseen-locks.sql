-- How many objects a transaction that empties the database locks: every one that users created (the server's own have
-- lower numbers). And for how many locks the server promises room.
SELECT
  (
    SELECT pg_catalog.count(*)
    FROM (
      SELECT c.oid FROM pg_catalog.pg_class AS c WHERE c.relpersistence OPERATOR(pg_catalog.<>) 't'
      UNION ALL SELECT t.oid FROM pg_catalog.pg_type AS t
      UNION ALL SELECT o.oid FROM pg_catalog.pg_constraint AS o
      UNION ALL SELECT d.oid FROM pg_catalog.pg_attrdef AS d
      UNION ALL SELECT g.oid FROM pg_catalog.pg_trigger AS g
      UNION ALL SELECT p.oid FROM pg_catalog.pg_proc AS p
      UNION ALL SELECT r.oid FROM pg_catalog.pg_rewrite AS r
    ) AS s
    WHERE s.oid OPERATOR(pg_catalog.>=) 16384::pg_catalog.oid
  )::pg_catalog.int4 AS objects,
  (SELECT pg_catalog.count(*) FROM pg_catalog.pg_largeobject_metadata)::pg_catalog.int4 AS large_objects,
  (
    pg_catalog.current_setting('max_locks_per_transaction')::pg_catalog.float8
    OPERATOR(pg_catalog.*) (
      pg_catalog.current_setting('max_connections')::pg_catalog.float8
      OPERATOR(pg_catalog.+) pg_catalog.current_setting('max_prepared_transactions')::pg_catalog.float8
      OPERATOR(pg_catalog.+) pg_catalog.current_setting('max_worker_processes')::pg_catalog.float8
      OPERATOR(pg_catalog.+) pg_catalog.current_setting('max_wal_senders')::pg_catalog.float8
      -- PostgreSQL 18 reserves places for more than run.
      OPERATOR(pg_catalog.+) COALESCE(
        pg_catalog.current_setting('autovacuum_worker_slots', true), pg_catalog.current_setting('autovacuum_max_workers')
      )::pg_catalog.float8
    )
  ) AS promised
