import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { backUp, type Backup, type BackUpOptions } from '../../../server/src/backup/back-up'

/** A schema with what is hard on a dump: quoting, generated columns, partitions, SQL functions, triggers, large values. */
export const DIFFICULT_SQL = `
  CREATE TYPE "Role" AS ENUM ('ADMIN', 'it''s; me');
  CREATE SCHEMA "Other; Schema";
  CREATE TABLE "User" (
    id serial PRIMARY KEY, email text UNIQUE NOT NULL, role "Role" NOT NULL DEFAULT 'ADMIN', bytes bytea,
    twice int GENERATED ALWAYS AS (id * 2) STORED, "updatedAt" timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
  );
  CREATE TABLE "Other; Schema"."Lead" (id int PRIMARY KEY, "ownerId" int REFERENCES "User", note text, data jsonb);
  CREATE TABLE log (at date NOT NULL, line text) PARTITION BY RANGE (at);
  CREATE TABLE log_2026 PARTITION OF log FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
  CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $body$
    BEGIN NEW."updatedAt" := now() AT TIME ZONE 'UTC'; RETURN NEW; END; $body$;
  CREATE TRIGGER touch BEFORE UPDATE ON "User" FOR EACH ROW EXECUTE FUNCTION touch();
  CREATE FUNCTION two_statements(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT CASE WHEN a > 1 THEN 2 ELSE 3 END; END;
  CREATE VIEW emails AS SELECT email FROM "User";
  INSERT INTO "User" (email, role, bytes)
    SELECT 'u' || i || '@example.org', 'it''s; me', decode(md5(i::text), 'hex') FROM generate_series(1, 50) i;
  INSERT INTO "Other; Schema"."Lead"
    SELECT i, 1 + i % 50, E'a; ''b''\\n-- c\\\\ ' || i, jsonb_build_object('k', i) FROM generate_series(1, 3000) i;
  INSERT INTO log SELECT '2026-03-01', repeat('long ', 200000);
`

/** Every row of every table as text, sorted; equal for databases with equal data. */
export const ALL_ROWS = `
  SELECT md5(string_agg(line, E'\\n' ORDER BY line)) AS hash FROM (
    SELECT 'u' || t::text FROM "User" t
    UNION ALL SELECT 'l' || t::text FROM "Other; Schema"."Lead" t
    UNION ALL SELECT 'g' || t::text FROM log t
  ) AS rows (line)`

/** A folder that goes away with the test. */
export function useFolder(): () => string {
  let folder = ''
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-backup-'))
  })
  afterEach(() => {
    fs.rmSync(folder, { recursive: true })
  })
  return () => folder
}

/** No PATH and no well-known folder: a machine on which no pg_dump is installed. */
export const NOTHING_INSTALLED = {
  environment: { ...process.env, PATH: '', Path: '' },
  programFolders: [],
} satisfies Partial<BackUpOptions>

export async function backUpTo(directory: string, url: string, options: Partial<BackUpOptions> = {}): Promise<Backup> {
  return await backUp({ url, directory, environment: process.env, now: new Date('2026-01-31T12:00:00Z'), ...options })
}

/** An executable script, for a pg_dump that behaves as a test wants it. */
export function writeScript(file: string, body: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, `#!/bin/sh\n${body}\n`, { mode: 0o755 })
}
