-- Who else has to have or keep the WAL that a migration writes; nothing on a standby.
SELECT
  pg_catalog.current_setting('synchronous_standby_names') AS synchronous_standbys,
  pg_catalog.current_setting('synchronous_commit') AS synchronous_commit,
  (
    SELECT slots.found FROM (
      SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
        'name', s.slot_name, 'active', s.active,
        'bytes', pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), s.restart_lsn)
      ) ORDER BY s.slot_name) AS found
      FROM pg_catalog.pg_replication_slots AS s WHERE s.restart_lsn IS NOT NULL
    ) AS slots
  ) AS slots
WHERE NOT pg_catalog.pg_is_in_recovery()
