-- Bytes of the rows of the table `c` with TOAST, without indexes. Where pg_table_size would wait for a lock: according
-- to the last ANALYZE or VACUUM.
COALESCE(
  CASE
    WHEN c.oid OPERATOR(pg_catalog.=) ANY (
      SELECT l.relation
      FROM pg_catalog.pg_locks AS l
      JOIN pg_catalog.pg_database AS b ON b.oid OPERATOR(pg_catalog.=) l.database
      WHERE l.mode OPERATOR(pg_catalog.=) 'AccessExclusiveLock'
        AND b.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()
    )
      THEN (
        c.relpages::pg_catalog.int8 OPERATOR(pg_catalog.+) COALESCE(
          (SELECT o.relpages FROM pg_catalog.pg_class AS o WHERE o.oid OPERATOR(pg_catalog.=) c.reltoastrelid), 0
        )::pg_catalog.int8
      ) OPERATOR(pg_catalog.*) pg_catalog.current_setting('block_size')::pg_catalog.int8
    ELSE pg_catalog.pg_table_size(c.oid)
  END,
  0
)
