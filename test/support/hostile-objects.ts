import fs from 'node:fs'
import path from 'node:path'
import type { TestDatabase, TestServer } from './postgres'

export interface HostileObjects {
  /** The number of objects created. */
  readonly count: number
  /**
   * What has run as a role other than the attacker since the last call, also in transactions that only read or were
   * rolled back, and whether the attacker gained anything by it.
   */
  harm(): Promise<{ readonly ran: readonly string[]; readonly isSuperuser: boolean }>
}

/**
 * A role that may only create objects in `public`, as everybody may up to PostgreSQL 14, and in a schema called like
 * the superuser, makes what could be taken for PostgreSQL's own: functions of every name that the bundles hold followed
 * by a parenthesis, with arguments that fit better than those of `pg_catalog`; operators; types; views called like the
 * catalog's tables and ours. Each, once it runs as somebody else, notes that and makes its owner a superuser. Casts
 * cannot be made without owning a type, nor event triggers without being a superuser.
 */
export async function plantHostileObjects(
  server: TestServer,
  database: TestDatabase,
  attacker: string,
): Promise<HostileObjects> {
  const program = fs
    .readdirSync(__BUNDLE_FOLDER__)
    .filter((file) => file.endsWith('.js'))
    .map((file) => fs.readFileSync(path.join(__BUNDLE_FOLDER__, file), 'utf8'))
    .join('\n')
  const called = [...new Set([...program.matchAll(/\b([a-z][a-z0-9_]+)\s*\(/g)].map(([, name]) => name))]
  const named = [
    ...new Set([...program.matchAll(/\b(pg_[a-z_]+|run|step|kept_column|kept_value)\b/g)].map(([, name]) => name)),
  ]
  await database.query(`
    GRANT CREATE ON SCHEMA public TO ${attacker};
    CREATE SCHEMA postgres AUTHORIZATION ${attacker};
    CREATE SCHEMA trap; CREATE TABLE trap.log (what text); GRANT USAGE ON SCHEMA trap TO public; GRANT INSERT ON trap.log TO public`)
  const rows = await database.query(`
    SET SESSION AUTHORIZATION ${attacker};
    CREATE FUNCTION public.strike(what pg_catalog.text) RETURNS pg_catalog.bool LANGUAGE plpgsql AS $strike$
    BEGIN
      IF current_user OPERATOR(pg_catalog.<>) '${attacker}' THEN
        RAISE LOG 'struck in %: %', pg_catalog.current_database(), what;
        INSERT INTO trap.log VALUES (what);
        EXECUTE 'ALTER ROLE ${attacker} SUPERUSER';
      END IF;
      RETURN true;
    EXCEPTION WHEN OTHERS THEN RETURN true;
    END $strike$;
    CREATE TABLE public.planted (count int);
    DO $plant$
    DECLARE
      home name; called name; named name; one text; other text; sign text; planted int := 0;
      kinds text[] := '{text,name,int4,int8,oid,numeric}';
      operands text[] := '{text,name,varchar,int4,int8,oid,regclass,regtype,regprocedure,tid,"char",bool}';
    BEGIN
      FOR called IN SELECT DISTINCT proname FROM pg_catalog.pg_proc
        WHERE pronamespace = 'pg_catalog'::regnamespace AND proname::text = ANY (${array(called)}) AND proname !~ 'strike'
      LOOP
        FOREACH one IN ARRAY kinds LOOP
          EXECUTE format('CREATE FUNCTION public.%I(%s) RETURNS text LANGUAGE sql AS $f$ SELECT public.strike(%L)::text $f$',
            called, one, format('public.%s(%s)', called, one));
          EXECUTE format('CREATE FUNCTION postgres.%I(%s) RETURNS text LANGUAGE sql AS $f$ SELECT public.strike(%L)::text $f$',
            called, one, format('postgres.%s(%s)', called, one));
          FOREACH other IN ARRAY kinds LOOP
            EXECUTE format('CREATE FUNCTION public.%I(%s, %s) RETURNS text LANGUAGE sql AS $f$ SELECT public.strike(%L)::text $f$',
              called, one, other, format('public.%s(%s, %s)', called, one, other));
            planted := planted + 1;
          END LOOP;
        END LOOP;
      END LOOP;
      FOREACH called IN ARRAY '{concat,concat_ws,format,json_build_array}'::name[] LOOP
        FOREACH one IN ARRAY '{text;name;name,text;text;text,text;int8;numeric;numeric,text;int8;numeric;numeric;numeric;numeric,name;name;json,name;text;name;text;name}'::text[] LOOP
          EXECUTE format('CREATE FUNCTION public.%I(%s) RETURNS text LANGUAGE sql AS $f$ SELECT public.strike(%L)::text $f$',
            called, replace(one, ';', ','), format('public.%s(%s)', called, one));
        END LOOP;
      END LOOP;
      FOREACH one IN ARRAY operands LOOP
        FOREACH other IN ARRAY operands LOOP
          EXECUTE format('CREATE FUNCTION public.operate(%s, %s) RETURNS bool LANGUAGE sql AS $f$ SELECT public.strike(%L) $f$',
            one, other, format('%s operator %s', one, other));
          FOREACH sign IN ARRAY '{=,<>,<,>,<=,>=,||,+,-,*,/,%,~,!~}'::text[] LOOP
            EXECUTE format('CREATE OPERATOR public.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = public.operate)', sign, one, other);
            planted := planted + 1;
          END LOOP;
        END LOOP;
      END LOOP;
      FOR named IN SELECT name FROM unnest(${array(named)}) AS name WHERE to_regclass('public.' || quote_ident(name)) IS NULL LOOP
        EXECUTE format('CREATE VIEW public.%I AS SELECT public.strike(%L) AS found, 1 AS oid', named, 'view ' || named);
        EXECUTE format('CREATE VIEW postgres.%I AS SELECT public.strike(%L) AS found, 1 AS oid', named, 'view ' || named);
      END LOOP;
      FOREACH one IN ARRAY '{text,name,oid,regclass,regtype,json,xid,tid,timestamptz}'::text[] LOOP
        EXECUTE format('CREATE DOMAIN public.%I AS pg_catalog.%I CHECK (public.strike(%L))', one, one, 'type ' || one);
      END LOOP;
      INSERT INTO public.planted VALUES (planted);
    END $plant$;
    SELECT count FROM public.planted`)
  await database.query(`DROP TABLE public.planted`)
  let logged = server.log().length
  return {
    count: Number(rows[0]?.count),
    harm: async () => {
      const lasting = await database.query('DELETE FROM trap.log RETURNING what')
      const log = server.log()
      const told = log.slice(logged).matchAll(new RegExp(`struck in ${database.name}: (.*)`, 'g'))
      logged = log.length
      const ran = new Set([...lasting.map(({ what }) => String(what)), ...[...told].map(([, what = '']) => what)])
      const [role] = await database.query(`SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = '${attacker}'`)
      return { ran: [...ran], isSuperuser: role?.rolsuper === true }
    },
  }
}

function array(names: readonly (string | undefined)[]): string {
  return `ARRAY[${names.map((name) => `'${name ?? ''}'`).join(', ')}]::pg_catalog.text[]`
}
