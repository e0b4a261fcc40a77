-- Adds the audit fields that the policy requires. Made by Prisma Audit; run with psql -f.
-- Can be run again: existing objects are left unchanged, and an interrupted run continues.

\set ON_ERROR_STOP on
-- Give up after 5 s instead of making other sessions queue behind this one. Run the script again when it is quieter.
SET lock_timeout = '5s';
-- Fail instead of skipping rows that row-level security hides from this role.
SET row_security = off;
-- Look up names in pg_catalog only, so that no other object can take the place of PostgreSQL's own.
SET search_path = pg_catalog, pg_temp;
-- No notices about objects that already exist: the script can be run again.
SET client_min_messages = warning;

-- 1. Check that User has a user for existing rows of Lead.
-- Checked before anything changes.
BEGIN;
DO $block$
BEGIN
  PERFORM pg_catalog.set_config('row_security', 'off', true);
  IF NOT EXISTS (SELECT FROM "public"."User") AND EXISTS (SELECT FROM "public"."Lead") THEN
    RAISE EXCEPTION USING
      ERRCODE = 'PA001',
      MESSAGE = '"public"."Lead" has rows that need a user, but "public"."User" is empty.',
      HINT = 'Add a user first, or set "populate": "none" for ownerId in the policy.';
  END IF;
END
$block$;
COMMIT;

-- 2. Add column User.updatedAt.
-- Nullable, or with a default that PostgreSQL stores in the catalog: the table is not rewritten.
BEGIN;
ALTER TABLE "public"."User" ADD COLUMN IF NOT EXISTS "updatedAt" timestamp(3) NOT NULL DEFAULT (pg_catalog.now() AT TIME ZONE 'UTC');
COMMIT;

-- 3. Add column User.updatedBy.
-- Nullable, or with a default that PostgreSQL stores in the catalog: the table is not rewritten.
BEGIN;
ALTER TABLE "public"."User" ADD COLUMN IF NOT EXISTS "updatedBy" integer;
COMMIT;

-- 4. Add column Lead.ownerId.
-- Nullable, or with a default that PostgreSQL stores in the catalog: the table is not rewritten.
BEGIN;
ALTER TABLE "public"."Lead" ADD COLUMN IF NOT EXISTS "ownerId" integer;
COMMIT;

-- 5. Add foreign key User.updatedBy → User.
-- NOT VALID: applies to all new writes, and reads no rows under the lock. A later step validates it.
BEGIN;
DO $block$
BEGIN
  IF NOT EXISTS (
    SELECT FROM pg_catalog.pg_constraint
    WHERE conrelid OPERATOR(pg_catalog.=) '"public"."User"'::pg_catalog.regclass AND conname = 'User_updatedBy_fkey'
  ) THEN
    ALTER TABLE "public"."User" ADD CONSTRAINT "User_updatedBy_fkey"
      FOREIGN KEY ("updatedBy") REFERENCES "public"."User" ("id")
      ON DELETE SET NULL ON UPDATE CASCADE NOT VALID;
  END IF;
END
$block$;
COMMIT;

-- 6. Add foreign key Lead.ownerId → User.
-- NOT VALID: applies to all new writes, and reads no rows under the lock. A later step validates it.
BEGIN;
DO $block$
BEGIN
  IF NOT EXISTS (
    SELECT FROM pg_catalog.pg_constraint
    WHERE conrelid OPERATOR(pg_catalog.=) '"public"."Lead"'::pg_catalog.regclass AND conname = 'Lead_ownerId_fkey'
  ) THEN
    ALTER TABLE "public"."Lead" ADD CONSTRAINT "Lead_ownerId_fkey"
      FOREIGN KEY ("ownerId") REFERENCES "public"."User" ("id")
      ON DELETE SET NULL ON UPDATE CASCADE NOT VALID;
  END IF;
END
$block$;
COMMIT;

-- 7. Fill Lead.ownerId with the first user.
-- In small batches, each in its own transaction, so that row locks are short.
DO $block$
DECLARE
  prisma_audit_from_1 integer;
  prisma_audit_rows bigint;
BEGIN
  PERFORM pg_catalog.set_config('row_security', 'off', true);
  SELECT "id" INTO prisma_audit_from_1
  FROM "public"."Lead" WHERE "ownerId" IS NULL ORDER BY "id" LIMIT 1;
  LOOP
    PERFORM pg_catalog.set_config('prisma_audit.keep_updated_at', 'on', true);
    PERFORM pg_catalog.set_config('row_security', 'off', true);
    WITH prisma_audit_batch AS MATERIALIZED (
      SELECT "id" AS prisma_audit_key_1
      FROM "public"."Lead"
      WHERE "ownerId" IS NULL AND ("id") OPERATOR(pg_catalog.>=) (prisma_audit_from_1)
      ORDER BY "id" LIMIT 2000 FOR NO KEY UPDATE
    ), prisma_audit_filled AS (
      UPDATE "public"."Lead" SET "ownerId" = (SELECT "id" FROM "public"."User" ORDER BY "createdAt", "id" LIMIT 1)
      FROM prisma_audit_batch
      WHERE "Lead"."id" OPERATOR(pg_catalog.=) prisma_audit_key_1
      RETURNING "Lead"."ownerId"
    ), prisma_audit_last AS (
      SELECT * FROM prisma_audit_batch ORDER BY prisma_audit_key_1 DESC LIMIT 1
    )
    SELECT (SELECT pg_catalog.count(*) FROM prisma_audit_batch), (SELECT prisma_audit_key_1 FROM prisma_audit_last)
    INTO prisma_audit_rows, prisma_audit_from_1;
    COMMIT;
    EXIT WHEN prisma_audit_rows < 2000;
  END LOOP;
END
$block$;

-- 8. Validate foreign key User_updatedBy_fkey.
-- Reads every row, but blocks neither reads nor writes.
BEGIN;
ALTER TABLE "public"."User" VALIDATE CONSTRAINT "User_updatedBy_fkey";
COMMIT;

-- 9. Validate foreign key Lead_ownerId_fkey.
-- Reads every row, but blocks neither reads nor writes.
BEGIN;
ALTER TABLE "public"."Lead" VALIDATE CONSTRAINT "Lead_ownerId_fkey";
COMMIT;

-- 10. Create index on User.updatedAt.
-- CONCURRENTLY, so outside a transaction: does not block writes.
-- An interrupted build leaves an invalid index, and IF NOT EXISTS would skip it. Drop it first.
SELECT pg_catalog.format('DROP INDEX CONCURRENTLY IF EXISTS %I.%I', n.nspname, c.relname)
FROM pg_catalog.pg_index AS i
JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE i.indrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass('"public"."User"')
  AND c.relname = 'User_updatedAt_idx' AND NOT i.indisvalid
\gexec
SET lock_timeout = 0;
CREATE INDEX CONCURRENTLY IF NOT EXISTS "User_updatedAt_idx" ON "public"."User" ("updatedAt");
SET lock_timeout = '5s';

-- 11. Create index on User.updatedBy.
-- CONCURRENTLY, so outside a transaction: does not block writes.
-- An interrupted build leaves an invalid index, and IF NOT EXISTS would skip it. Drop it first.
SELECT pg_catalog.format('DROP INDEX CONCURRENTLY IF EXISTS %I.%I', n.nspname, c.relname)
FROM pg_catalog.pg_index AS i
JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE i.indrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass('"public"."User"')
  AND c.relname = 'User_updatedBy_idx' AND NOT i.indisvalid
\gexec
SET lock_timeout = 0;
CREATE INDEX CONCURRENTLY IF NOT EXISTS "User_updatedBy_idx" ON "public"."User" ("updatedBy");
SET lock_timeout = '5s';

-- 12. Create index on Lead.ownerId.
-- CONCURRENTLY, so outside a transaction: does not block writes.
-- An interrupted build leaves an invalid index, and IF NOT EXISTS would skip it. Drop it first.
SELECT pg_catalog.format('DROP INDEX CONCURRENTLY IF EXISTS %I.%I', n.nspname, c.relname)
FROM pg_catalog.pg_index AS i
JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE i.indrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass('"public"."Lead"')
  AND c.relname = 'Lead_ownerId_idx' AND NOT i.indisvalid
\gexec
SET lock_timeout = 0;
CREATE INDEX CONCURRENTLY IF NOT EXISTS "Lead_ownerId_idx" ON "public"."Lead" ("ownerId");
SET lock_timeout = '5s';

-- 13. Create function update_updated_at_column().
-- Called by the triggers. A function of the same name that is not ours is never replaced.
BEGIN;
DO $block$
BEGIN
  IF pg_catalog.to_regprocedure('"public"."update_updated_at_column"()') IS NULL THEN
    CREATE FUNCTION "public"."update_updated_at_column"() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
  -- Filling a new column is no change that anybody made; whoever does it says so for its own transaction.
  IF TG_OP = 'UPDATE' AND current_setting('prisma_audit.keep_updated_at', true) = 'on' THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' OR NEW."updatedAt" IS NULL THEN
    NEW."updatedAt" := clock_timestamp() AT TIME ZONE 'UTC';
  END IF;
  RETURN NEW;
END
$function$;
    COMMENT ON FUNCTION "public"."update_updated_at_column"() IS 'Made by Prisma Audit: writes the time in UTC into "updatedAt" whenever a row changes.';
  ELSIF pg_catalog.obj_description(pg_catalog.to_regprocedure('"public"."update_updated_at_column"()'), 'pg_proc') IS DISTINCT FROM 'Made by Prisma Audit: writes the time in UTC into "updatedAt" whenever a row changes.' THEN
    RAISE EXCEPTION USING MESSAGE = 'A function "public"."update_updated_at_column"() that Prisma Audit did not create already exists.', HINT = 'Plan again: the new plan uses another name.';
  END IF;
END
$block$;
COMMIT;

-- 14. Create trigger to maintain User.updatedAt.
-- After the rows are filled, so that filling does not fire it.
BEGIN;
DO $block$
BEGIN
  IF NOT EXISTS (
    SELECT FROM pg_catalog.pg_trigger
    WHERE tgrelid OPERATOR(pg_catalog.=) '"public"."User"'::pg_catalog.regclass AND tgname = 'update_user_updated_at'
  ) THEN
    CREATE TRIGGER "update_user_updated_at" BEFORE INSERT OR UPDATE ON "public"."User"
      FOR EACH ROW EXECUTE FUNCTION "public"."update_updated_at_column"();
  END IF;
END
$block$;
COMMIT;

-- 15. Drop the default of User.updatedAt.
-- From now on the trigger fills a missing value, and Prisma would report the default as drift.
BEGIN;
ALTER TABLE "public"."User" ALTER COLUMN "updatedAt" DROP DEFAULT;
COMMIT;
