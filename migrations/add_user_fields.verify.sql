-- Verifies the migration of the same name. Made by Prisma Audit; run with psql -f.
-- Changes nothing: the test of a trigger is rolled back. Prints one table with all results at the end.

-- If a query fails, its check fails and the next one runs.
\set ON_ERROR_STOP off
\set QUIET on
SET lock_timeout = '5s';
-- Fail instead of skipping rows that row-level security hides from this role.
SET row_security = off;
-- Look up names in pg_catalog only, so that no other object can take the place of PostgreSQL's own.
SET search_path = pg_catalog, pg_temp;

-- 1. User has updatedAt and updatedBy
\set check_1_found 'the query failed'
SELECT coalesce(pg_catalog.string_agg(column_name || ' ' || data_type, ', ' ORDER BY column_name COLLATE "C"), 'none') AS "found"
FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = 'User'
  AND column_name IN ('updatedAt', 'updatedBy')
\gset check_1_

-- 2. Lead has ownerId
\set check_2_found 'the query failed'
SELECT coalesce(pg_catalog.string_agg(column_name || ' ' || data_type, ', ' ORDER BY column_name COLLATE "C"), 'none') AS "found"
FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = 'Lead'
  AND column_name IN ('ownerId')
\gset check_2_

-- 3. User has the trigger update_user_updated_at
\set check_3_found 'the query failed'
SELECT coalesce(pg_catalog.string_agg(event_manipulation, ', ' ORDER BY event_manipulation COLLATE "C"), 'none') AS "found"
FROM information_schema.triggers
WHERE event_object_schema = 'public' AND event_object_table = 'User'
  AND trigger_name = 'update_user_updated_at'
\gset check_3_

-- 4. User has the expected indexes
\set check_4_found 'the query failed'
SELECT coalesce(pg_catalog.string_agg(indexname, ', ' ORDER BY indexname COLLATE "C"), 'none') AS "found"
FROM pg_catalog.pg_indexes
WHERE schemaname = 'public' AND tablename = 'User'
  AND indexname IN ('User_updatedAt_idx', 'User_updatedBy_idx')
\gset check_4_

-- 5. Lead has the expected index
\set check_5_found 'the query failed'
SELECT coalesce(pg_catalog.string_agg(indexname, ', ' ORDER BY indexname COLLATE "C"), 'none') AS "found"
FROM pg_catalog.pg_indexes
WHERE schemaname = 'public' AND tablename = 'Lead'
  AND indexname IN ('Lead_ownerId_idx')
\gset check_5_

-- 6. User.updatedAt has the expected type
\set check_6_found 'the query failed'
SELECT coalesce((
  SELECT pg_catalog.format_type(atttypid, atttypmod) || CASE WHEN attnotnull THEN ' not null' ELSE ' null' END
  FROM pg_catalog.pg_attribute
  WHERE attrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass('"public"."User"')
    AND attname = 'updatedAt' AND NOT attisdropped
), 'no such column') AS "found"
\gset check_6_

-- 7. User.updatedBy has the expected type
\set check_7_found 'the query failed'
SELECT coalesce((
  SELECT pg_catalog.format_type(atttypid, atttypmod) || CASE WHEN attnotnull THEN ' not null' ELSE ' null' END
  FROM pg_catalog.pg_attribute
  WHERE attrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass('"public"."User"')
    AND attname = 'updatedBy' AND NOT attisdropped
), 'no such column') AS "found"
\gset check_7_

-- 8. Lead.ownerId has the expected type
\set check_8_found 'the query failed'
SELECT coalesce((
  SELECT pg_catalog.format_type(atttypid, atttypmod) || CASE WHEN attnotnull THEN ' not null' ELSE ' null' END
  FROM pg_catalog.pg_attribute
  WHERE attrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass('"public"."Lead"')
    AND attname = 'ownerId' AND NOT attisdropped
), 'no such column') AS "found"
\gset check_8_

-- 9. User.updatedBy references User, validated for every row
\set check_9_found 'the query failed'
SELECT coalesce((
  SELECT CASE WHEN pg_catalog.bool_or(c.convalidated) THEN 'validated' ELSE 'not validated' END
  FROM pg_catalog.pg_constraint AS c
  JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.conrelid AND c.conkey = ARRAY[a.attnum]
  JOIN pg_catalog.pg_attribute AS r ON r.attrelid = c.confrelid AND c.confkey = ARRAY[r.attnum]
  WHERE c.contype = 'f' AND c.conrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass('"public"."User"')
    AND c.confrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass('"public"."User"')
    AND a.attname = 'updatedBy' AND r.attname = 'id'
  HAVING pg_catalog.count(*) > 0
), 'missing') AS "found"
\gset check_9_

-- 10. Every User.updatedBy references an existing user
\set check_10_found 'the query failed'
SELECT pg_catalog.concat(pg_catalog.count(*), ' without a user') AS "found"
FROM "public"."User" AS t
WHERE t."updatedBy" IS NOT NULL AND NOT EXISTS (
  SELECT FROM "public"."User" AS u WHERE u."id" OPERATOR(pg_catalog.=) t."updatedBy"
)
\gset check_10_

-- 11. Lead.ownerId references User, validated for every row
\set check_11_found 'the query failed'
SELECT coalesce((
  SELECT CASE WHEN pg_catalog.bool_or(c.convalidated) THEN 'validated' ELSE 'not validated' END
  FROM pg_catalog.pg_constraint AS c
  JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.conrelid AND c.conkey = ARRAY[a.attnum]
  JOIN pg_catalog.pg_attribute AS r ON r.attrelid = c.confrelid AND c.confkey = ARRAY[r.attnum]
  WHERE c.contype = 'f' AND c.conrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass('"public"."Lead"')
    AND c.confrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass('"public"."User"')
    AND a.attname = 'ownerId' AND r.attname = 'id'
  HAVING pg_catalog.count(*) > 0
), 'missing') AS "found"
\gset check_11_

-- 12. Every Lead.ownerId references an existing user
\set check_12_found 'the query failed'
SELECT pg_catalog.concat(pg_catalog.count(*), ' without a user') AS "found"
FROM "public"."Lead" AS t
WHERE t."ownerId" IS NOT NULL AND NOT EXISTS (
  SELECT FROM "public"."User" AS u WHERE u."id" OPERATOR(pg_catalog.=) t."ownerId"
)
\gset check_12_

-- 13. Every row of Lead has a value in ownerId
\set check_13_found 'the query failed'
SELECT pg_catalog.concat(pg_catalog.count(*), ' without one') AS "found"
FROM "public"."Lead"
WHERE "ownerId" IS NULL
\gset check_13_

-- 14. The index User_updatedAt_idx is valid
\set check_14_found 'the query failed'
SELECT coalesce((
  SELECT CASE WHEN indisvalid THEN 'valid' ELSE 'invalid' END
  FROM pg_catalog.pg_index
  WHERE indexrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass('"public"."User_updatedAt_idx"')
    AND indrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass('"public"."User"')
), 'missing') AS "found"
\gset check_14_

-- 15. The index User_updatedBy_idx is valid
\set check_15_found 'the query failed'
SELECT coalesce((
  SELECT CASE WHEN indisvalid THEN 'valid' ELSE 'invalid' END
  FROM pg_catalog.pg_index
  WHERE indexrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass('"public"."User_updatedBy_idx"')
    AND indrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass('"public"."User"')
), 'missing') AS "found"
\gset check_15_

-- 16. The index Lead_ownerId_idx is valid
\set check_16_found 'the query failed'
SELECT coalesce((
  SELECT CASE WHEN indisvalid THEN 'valid' ELSE 'invalid' END
  FROM pg_catalog.pg_index
  WHERE indexrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass('"public"."Lead_ownerId_idx"')
    AND indrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass('"public"."Lead"')
), 'missing') AS "found"
\gset check_16_

-- 17. The trigger update_user_updated_at is enabled
\set check_17_found 'the query failed'
SELECT coalesce((
  SELECT CASE tgenabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'enabled on replicas only' ELSE 'enabled' END
  FROM pg_catalog.pg_trigger
  WHERE tgrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass('"public"."User"') AND tgname = 'update_user_updated_at'
), 'missing') AS "found"
\gset check_17_

-- 18. An UPDATE of User sets updatedAt to the current time in UTC
\set check_18_found 'the query failed'
BEGIN;
SET LOCAL search_path = "public", pg_temp;
SET LOCAL TIME ZONE 'America/New_York';
WITH changed AS (
  UPDATE "public"."User" SET "updatedAt" = '2001-01-01 00:00:00'
  WHERE ctid OPERATOR(pg_catalog.=) (SELECT ctid FROM "public"."User" LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING "updatedAt" AS moment
)
SELECT coalesce((
  SELECT CASE WHEN pg_catalog.abs(extract(epoch FROM moment OPERATOR(pg_catalog.-) (pg_catalog.clock_timestamp() AT TIME ZONE 'UTC'))) OPERATOR(pg_catalog.<) 10
    THEN 'the current time in UTC' ELSE pg_catalog.format('%s, but the current time in UTC is %s', moment, (pg_catalog.clock_timestamp() AT TIME ZONE 'UTC')) END
  FROM changed
), 'skipped: the table has no rows to update') AS "found"
\gset check_18_
ROLLBACK;

SELECT "check", expected, found,
  CASE WHEN found = expected THEN 'pass' WHEN found LIKE 'skipped: %' THEN 'skipped' ELSE 'FAIL' END AS pass
FROM (VALUES
  (1, 'User has updatedAt and updatedBy', 'updatedAt timestamp without time zone, updatedBy integer', :'check_1_found'),
  (2, 'Lead has ownerId', 'ownerId integer', :'check_2_found'),
  (3, 'User has the trigger update_user_updated_at', 'INSERT, UPDATE', :'check_3_found'),
  (4, 'User has the expected indexes', 'User_updatedAt_idx, User_updatedBy_idx', :'check_4_found'),
  (5, 'Lead has the expected index', 'Lead_ownerId_idx', :'check_5_found'),
  (6, 'User.updatedAt has the expected type', 'timestamp(3) without time zone not null', :'check_6_found'),
  (7, 'User.updatedBy has the expected type', 'integer null', :'check_7_found'),
  (8, 'Lead.ownerId has the expected type', 'integer null', :'check_8_found'),
  (9, 'User.updatedBy references User, validated for every row', 'validated', :'check_9_found'),
  (10, 'Every User.updatedBy references an existing user', '0 without a user', :'check_10_found'),
  (11, 'Lead.ownerId references User, validated for every row', 'validated', :'check_11_found'),
  (12, 'Every Lead.ownerId references an existing user', '0 without a user', :'check_12_found'),
  (13, 'Every row of Lead has a value in ownerId', '0 without one', :'check_13_found'),
  (14, 'The index User_updatedAt_idx is valid', 'valid', :'check_14_found'),
  (15, 'The index User_updatedBy_idx is valid', 'valid', :'check_15_found'),
  (16, 'The index Lead_ownerId_idx is valid', 'valid', :'check_16_found'),
  (17, 'The trigger update_user_updated_at is enabled', 'enabled', :'check_17_found'),
  (18, 'An UPDATE of User sets updatedAt to the current time in UTC', 'the current time in UTC', :'check_18_found')
) AS results (number, "check", expected, found)
ORDER BY number;
