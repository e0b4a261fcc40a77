-- Rolls back the migration of the same name, last step first. Made by Prisma Audit; run with psql -f.
-- The values in the dropped columns are lost. Nothing is dropped with CASCADE: if other objects depend on a column,
-- PostgreSQL lists them and the script stops.

\set ON_ERROR_STOP on
-- Give up after 5 s instead of making other sessions queue behind this one. Run the script again when it is quieter.
SET lock_timeout = '5s';
-- Fail instead of skipping rows that row-level security hides from this role.
SET row_security = off;
-- Look up names in pg_catalog only, so that no other object can take the place of PostgreSQL's own.
SET search_path = pg_catalog, pg_temp;
-- No notices about objects that already exist: the script can be run again.
SET client_min_messages = warning;

-- 1. Undo: Drop the default of User.updatedAt.
-- Until the column is dropped, an INSERT that omits it needs the default again.
BEGIN;
DO $block$
BEGIN
  IF EXISTS (
    SELECT FROM pg_catalog.pg_attribute
    WHERE attrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass('"public"."User"')
      AND attname = 'updatedAt' AND NOT attisdropped
  ) THEN
    ALTER TABLE "public"."User" ALTER COLUMN "updatedAt" SET DEFAULT (pg_catalog.now() AT TIME ZONE 'UTC');
  END IF;
END
$block$;
COMMIT;

-- 2. Undo: Create trigger to maintain User.updatedAt.
-- The column is no longer maintained.
BEGIN;
DROP TRIGGER IF EXISTS "update_user_updated_at" ON "public"."User";
COMMIT;

-- 3. Undo: Create function update_updated_at_column().
-- Only if it is ours and no trigger calls it.
BEGIN;
DO $block$
BEGIN
  IF pg_catalog.obj_description(pg_catalog.to_regprocedure('"public"."update_updated_at_column"()'), 'pg_proc') = 'Made by Prisma Audit: writes the time in UTC into "updatedAt" whenever a row changes.'
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgfoid OPERATOR(pg_catalog.=) pg_catalog.to_regprocedure('"public"."update_updated_at_column"()'))
  THEN
    DROP FUNCTION "public"."update_updated_at_column"();
  END IF;
END
$block$;
COMMIT;

-- 4. Undo: Create index on Lead.ownerId.
-- CONCURRENTLY, so outside a transaction: does not block writes.
SET lock_timeout = 0;
DROP INDEX CONCURRENTLY IF EXISTS "public"."Lead_ownerId_idx";
SET lock_timeout = '5s';

-- 5. Undo: Create index on User.updatedBy.
-- CONCURRENTLY, so outside a transaction: does not block writes.
SET lock_timeout = 0;
DROP INDEX CONCURRENTLY IF EXISTS "public"."User_updatedBy_idx";
SET lock_timeout = '5s';

-- 6. Undo: Create index on User.updatedAt.
-- CONCURRENTLY, so outside a transaction: does not block writes.
SET lock_timeout = 0;
DROP INDEX CONCURRENTLY IF EXISTS "public"."User_updatedAt_idx";
SET lock_timeout = '5s';

-- 7. Undo: Add foreign key Lead.ownerId → User.
-- Before the column, so that only our constraint is dropped.
BEGIN;
ALTER TABLE IF EXISTS "public"."Lead" DROP CONSTRAINT IF EXISTS "Lead_ownerId_fkey";
COMMIT;

-- 8. Undo: Add foreign key User.updatedBy → User.
-- Before the column, so that only our constraint is dropped.
BEGIN;
ALTER TABLE IF EXISTS "public"."User" DROP CONSTRAINT IF EXISTS "User_updatedBy_fkey";
COMMIT;

-- 9. Undo: Add column Lead.ownerId.
-- The values are dropped with the column.
BEGIN;
ALTER TABLE IF EXISTS "public"."Lead" DROP COLUMN IF EXISTS "ownerId";
COMMIT;

-- 10. Undo: Add column User.updatedBy.
-- The values are dropped with the column.
BEGIN;
ALTER TABLE IF EXISTS "public"."User" DROP COLUMN IF EXISTS "updatedBy";
COMMIT;

-- 11. Undo: Add column User.updatedAt.
-- The values are dropped with the column.
BEGIN;
ALTER TABLE IF EXISTS "public"."User" DROP COLUMN IF EXISTS "updatedAt";
COMMIT;
