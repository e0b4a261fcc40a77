-- Which transactions are over, as whom and where we are: nothing was written since this was the same. A standby does not
-- list those that are under way, so there is no saying. `place` is which database of which running server it is: the
-- numbers of transactions only ever grow while a server runs.
SELECT here.place,
  CASE WHEN NOT pg_catalog.pg_is_in_recovery() THEN
    pg_catalog.concat_ws(' ', pg_catalog.pg_current_snapshot(), current_user, pg_catalog.current_schema(), here.place)
  END AS snapshot
FROM (SELECT d.oid || ' ' || extract(epoch FROM pg_catalog.pg_postmaster_start_time()) AS place
      FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()) AS here
