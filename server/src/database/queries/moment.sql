-- Which transactions are over, and where and as whom we look: nothing was written since this was the same. A standby does
-- not list the transactions that are under way, so there is no saying.
-- `place` is which database of which running server it is (the numbers of transactions only ever grow while a server runs),
-- and how it spells expressions.
SELECT here.place,
  CASE WHEN NOT pg_catalog.pg_is_in_recovery() THEN
    pg_catalog.concat_ws(' ', pg_catalog.pg_current_snapshot(), current_user, here.place)
  END AS snapshot
FROM (
  SELECT pg_catalog.concat_ws(' ', d.oid, extract(epoch FROM pg_catalog.pg_postmaster_start_time()),
    pg_catalog.current_setting('DateStyle'), pg_catalog.current_setting('IntervalStyle'), pg_catalog.current_setting('TimeZone'),
    pg_catalog.current_setting('extra_float_digits'), pg_catalog.current_setting('bytea_output'),
    pg_catalog.current_setting('quote_all_identifiers')) AS place
  FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()
) AS here
