import fs from 'node:fs'
import path from 'node:path'
import type { TestDatabase } from './postgres'

/** A superuser drops what a lesser role has made, so that a command comes as far as the next. */
export interface ObjectsInOurPlace {
  dropJournal(): Promise<void>
  dropHistory(): Promise<void>
}

/**
 * After `plantHostileObjects`, in the sample's database: the same role makes the schemas and tables of our journal as
 * views that strike when they are read; Prisma's history with statistics and a child that strike when a query of it is
 * planned; and a foreign table in the place of Lead, which strikes when it is read.
 */
export async function plantInOurPlace(database: TestDatabase, attacker: string): Promise<ObjectsInOurPlace> {
  const { hostname, port, username, password } = new URL(database.url)
  await database.query(`
    GRANT CREATE ON DATABASE "${database.name}" TO ${attacker};
    CREATE VIEW trap.seen AS SELECT 1 AS id, 'A'::text AS name WHERE public.strike('a foreign table was read');
    CREATE EXTENSION postgres_fdw;
    CREATE SERVER elsewhere FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '${hostname}', port '${port}', dbname '${database.name}');
    CREATE USER MAPPING FOR PUBLIC SERVER elsewhere
      OPTIONS (user '${decodeURIComponent(username)}', password '${decodeURIComponent(password)}');
    GRANT USAGE ON FOREIGN SERVER elsewhere TO ${attacker};
    DROP TABLE "Lead"`)
  await database.query(`SET SESSION AUTHORIZATION ${attacker}; SET search_path = pg_catalog;
    CREATE FUNCTION public.planned(what text) RETURNS bool LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN public.strike(what); END';
    CREATE FOREIGN TABLE public."Lead" (id int, name text) SERVER elsewhere OPTIONS (schema_name 'trap', table_name 'seen');
    CREATE TABLE public._prisma_migrations (id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL,
      finished_at pg_catalog.timestamptz, migration_name varchar(255) NOT NULL, logs text, rolled_back_at pg_catalog.timestamptz,
      started_at pg_catalog.timestamptz NOT NULL DEFAULT now(), applied_steps_count int NOT NULL DEFAULT 0);
    CREATE STATISTICS public.planned ON (public.planned('statistics of the history')) FROM public._prisma_migrations;
    CREATE TABLE public.child () INHERITS (public._prisma_migrations);
    CREATE INDEX ON public.child (id) WHERE public.planned('an index of a child of the history');
    CREATE SCHEMA prisma_audit; ${tables('journal/journal.sql')};
    CREATE SCHEMA prisma_audit_kept; ${tables('preserved/preserved-tables.sql')};
    DO $$ DECLARE own record; BEGIN
      FOR own IN SELECT schemaname, tablename FROM pg_tables WHERE schemaname ~ '^prisma_audit' LOOP
        EXECUTE format('ALTER TABLE %I.%I RENAME TO %I', own.schemaname, own.tablename, 'behind_' || own.tablename);
        EXECUTE format('CREATE VIEW %1$I.%2$I AS SELECT b.* FROM (SELECT public.strike(%3$L) AS hit) AS h LEFT JOIN %1$I.%4$I AS b ON true WHERE h.hit',
          own.schemaname, own.tablename, 'view ' || own.schemaname || '.' || own.tablename, 'behind_' || own.tablename);
      END LOOP;
    END $$`)
  return {
    dropJournal: async () => {
      await database.query('DROP SCHEMA prisma_audit CASCADE; DROP SCHEMA prisma_audit_kept CASCADE')
    },
    dropHistory: async () => {
      await database.query('DROP TABLE public._prisma_migrations CASCADE')
    },
  }
}

function tables(file: string): string {
  return fs
    .readFileSync(path.join(__REPOSITORY__, 'server/src/migration/run', file), 'utf8')
    .trim()
    .replace(/;$/, '')
}
