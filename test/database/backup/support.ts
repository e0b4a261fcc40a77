import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { WHOLE_DATABASE } from '../../../server/src/backup/backup-way'
import { EXPORT_WAY } from '../../../server/src/backup/export/export-way'
import { surveyDatabase } from '../../../server/src/backup/survey'
import { backUp, type Backup, type BackUpOptions } from '../../../server/src/backup/back-up'
import { until } from '../../support/until'

/**
 * A schema with what is hard on a dump: quoting, generated columns, partitions, SQL functions, triggers, large values.
 */
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

/** What is spelled otherwise, or made by itself, after a restore; large objects; row security; names of every kind. */
export const EVERYTHING_SQL = `${DIFFICULT_SQL}
  CREATE SCHEMA "a.b ""c""";
  CREATE DOMAIN positive AS int CHECK (VALUE > 0);
  CREATE TYPE span AS RANGE (subtype = int);
  CREATE TABLE "a.b ""c"""."T.1
line" (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, status varchar(9) CHECK (status IN ('new', 'old')), n positive,
    spans span[], cost money, took interval, at timestamptz, ratio float8, "COPY x FROM stdin;" text, of regclass
  );
  INSERT INTO "a.b ""c"""."T.1
line" (status, n, spans, cost, took, at, ratio, "COPY x FROM stdin;", of)
    SELECT 'new', i, '{"[1,3)"}', 12.5, '1 day 02:03', '2026-01-01 12:00+02', i / 3.0, E'\\\\.\\nCOPY public.t FROM stdin;\\n' || i, 'log'
    FROM generate_series(1, 20) i;
  CREATE INDEX ON "a.b ""c"""."T.1
line" (lower(status)) WHERE status IN ('new', 'x');
  CREATE TABLE parts (id int, owner int REFERENCES "User", PRIMARY KEY (id)) PARTITION BY HASH (id);
  CREATE TABLE parts_0 PARTITION OF parts FOR VALUES WITH (MODULUS 2, REMAINDER 0);
  CREATE TABLE parts_1 PARTITION OF parts FOR VALUES WITH (MODULUS 2, REMAINDER 1);
  INSERT INTO parts SELECT i, 1 FROM generate_series(1, 9) i;
  ALTER TABLE parts_0 ADD CONSTRAINT later CHECK (id < 100) NOT VALID;
  CREATE TRIGGER each_row AFTER INSERT ON parts FOR EACH ROW EXECUTE FUNCTION touch();
  CREATE MATERIALIZED VIEW counted AS SELECT count(*) AS n FROM parts;
  ALTER TABLE "User" ENABLE ROW LEVEL SECURITY;
  CREATE POLICY "mine; or" ON "User" USING (email = current_user);
  CREATE TABLE empty ();
  CREATE PROCEDURE two(a int DEFAULT 1, VARIADIC b text[] DEFAULT '{}') LANGUAGE sql AS $$ SELECT 1; SELECT 2 $$;
  CREATE AGGREGATE summed(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
  SELECT lo_from_bytea(0, decode(repeat('ab', 1500000), 'hex')), lo_from_bytea(0, 'x'), lo_create(0);
  COMMENT ON TABLE parts IS E'-- Data for Name: parts; Type: TABLE DATA; Schema: public; Owner: x\\nCOPY public.parts (id) FROM stdin;';
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

/** An export alone, without what `backUp` does around it. */
export async function exportTo(folder: string, url: string): Promise<string> {
  const file = path.join(folder, 'export.sql.gz')
  fs.writeFileSync(file, '')
  const environment = process.env
  const survey = await surveyDatabase(url, { environment })
  await EXPORT_WAY.dump({
    ...{ url, survey, outputPath: file, scope: WHOLE_DATABASE, snapshot: null, lockWaitSeconds: 15, environment },
  })
  return file
}

/** An executable script, for a pg_dump that behaves as a test wants it. */
export function writeScript(file: string, body: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, `#!/bin/sh\n${body}\n`, { mode: 0o755 })
}

/** Asks again until it is so: PostgreSQL tells nobody when somebody begins to wait. */
export async function untilSomebodyWaits(database: { query: (sql: string) => Promise<unknown[]> }): Promise<void> {
  const waiting = () =>
    database.query(
      `SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE NOT granted AND datname = current_database()`,
    )
  await until(async () => (await waiting()).length > 0)
}

/** The process in which `cli.js backup` and `restore` work. */
export function workerOf(command: ChildProcess): number {
  const pid = String(command.pid)
  return Number(fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')[0])
}

/** Kills a command and the process in which it works, so that neither can react to the other's end. */
export async function killWhole(command: ChildProcess): Promise<void> {
  const worker = workerOf(command)
  const ended = once(command, 'exit')
  command.kill('SIGSTOP')
  process.kill(worker, 'SIGKILL')
  command.kill('SIGKILL')
  await ended
  await untilOver(worker)
}

/** Nothing tells of the end of a process that is not our child. */
export async function untilOver(pid: number): Promise<void> {
  await until(() => !fs.existsSync(`/proc/${String(pid)}`))
}
