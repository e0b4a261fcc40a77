import assert from 'node:assert/strict'
import { withClient } from '../../../server/src/database/connect'
import { rollBack } from '../../../server/src/migration/run/roll-back'
import { runPlan } from '../../../server/src/migration/run/run-plan'
import { usePostgres } from '../../support/postgres'
import { createProject } from './support/project'

/**
 * A superuser's tables, with types of a role that may create objects in `public`. It makes casts of its types, checks
 * of its domain and operators that fit better than PostgreSQL's own; each writes to the server's log when another role
 * runs it, which no rollback takes back.
 */
const PLANTED = `
  CREATE ROLE planter LOGIN; GRANT CREATE ON SCHEMA public TO planter; CREATE SCHEMA theirs AUTHORIZATION planter;
  SET SESSION AUTHORIZATION planter;
  CREATE FUNCTION theirs.strike(what text) RETURNS bool LANGUAGE plpgsql AS $$
    BEGIN IF current_user <> 'planter' THEN RAISE LOG 'STRUCK %: %', what, current_query(); END IF; RETURN true; END $$;
  CREATE TYPE theirs."Kind" AS ENUM ('a', 'b', 'c');
  CREATE DOMAIN theirs.code AS text CHECK (theirs.strike('domain'));
  CREATE FUNCTION theirs.said(theirs."Kind") RETURNS text LANGUAGE plpgsql AS $$ BEGIN PERFORM theirs.strike('to text'); RETURN 'a'; END $$;
  CREATE FUNCTION theirs.heard(text) RETURNS theirs."Kind" LANGUAGE plpgsql AS $$ BEGIN PERFORM theirs.strike('from text'); RETURN 'a'; END $$;
  CREATE CAST (theirs."Kind" AS text) WITH FUNCTION theirs.said(theirs."Kind") AS ASSIGNMENT;
  CREATE CAST (text AS theirs."Kind") WITH FUNCTION theirs.heard(text) AS ASSIGNMENT;
  CREATE FUNCTION public.same(varchar, varchar) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN RETURN theirs.strike('varchar'); END $$;
  CREATE FUNCTION public.same(text[], text[]) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN RETURN theirs.strike('text[]'); END $$;
  CREATE OPERATOR public.= (LEFTARG = varchar, RIGHTARG = varchar, FUNCTION = public.same);
  CREATE OPERATOR public.= (LEFTARG = text[], RIGHTARG = text[], FUNCTION = public.same);
  RESET SESSION AUTHORIZATION;
  CREATE TABLE public."User" (id theirs."Kind" CONSTRAINT "User_pkey" PRIMARY KEY, name theirs."Kind");
  CREATE TABLE public."Lead" (id varchar(12) CONSTRAINT "Lead_pkey" PRIMARY KEY, kind theirs."Kind");
  CREATE TABLE public."Note" (id theirs.code CONSTRAINT "Note_pkey" PRIMARY KEY, n integer);
  CREATE TABLE public."Tag" (id theirs."Kind" CONSTRAINT "Tag_pkey" PRIMARY KEY, n integer);
  INSERT INTO public."User" VALUES ('a', 'a'), ('b', 'b');
  INSERT INTO public."Lead" SELECT 'k' || i, 'a' FROM generate_series(1, 2005) AS i;
  INSERT INTO public."Note" SELECT 'n' || i, i FROM generate_series(1, 2005) AS i;
  INSERT INTO public."Tag" VALUES ('a', 1), ('b', 2), ('c', 3)`

const SCHEMA = `datasource db {\n  provider = "postgresql"\n  schemas = ["public", "theirs"]\n}
enum Kind {\n  a\n  b\n  c\n  @@schema("theirs")\n}
model User {\n  id Kind @id\n  name Kind?\n  @@schema("public")\n}
model Lead {\n  id String @id @db.VarChar(12)\n  kind Kind?\n  @@schema("public")\n}
model Note {\n  id String @id\n  n Int?\n  @@schema("public")\n}
model Tag {\n  id Kind @id\n  n Int?\n  @@schema("public")\n}\n`

describe("a superuser's tables with types of a lesser role", () => {
  const server = usePostgres()

  it('are migrated, rolled back with what was written, and migrated again, and no code of that role runs', async function () {
    this.timeout(600_000)
    const project = await createProject(server, {
      schema: SCHEMA,
      policy: { rules: [{ models: ['Lead', 'Note', 'Tag'], require: ['updatedAt', 'ownerId'] }] },
      ddl: PLANTED,
      schemas: ['public', 'theirs'],
    })
    const { url } = project
    const struck = () =>
      server
        .log()
        .split('\n')
        .filter((line) => line.includes('STRUCK'))
    await project.database.query(`SELECT 'a'::theirs."Kind"::text`)
    const proof = struck()
    assert.ok(proof.length > 0, 'the planted code would be heard')

    const up = async () => await runPlan({ url, plan: await project.plan(), preservedValues: 'put back' })
    await up()
    // The application that writes has privileges of its own.
    await project.database.query(
      ['Lead', 'Note', 'Tag']
        .map(
          (table) =>
            `UPDATE public."${table}" SET "ownerId" = CASE ctid WHEN '(0,1)' THEN 'b'::theirs."Kind" END WHERE ctid IN ('(0,1)', '(0,2)')`,
        )
        .join('; '),
    )
    const written = async () =>
      await withClient(url, {}, async (client) => {
        const counted = ['Lead', 'Note', 'Tag'].map(
          (table) =>
            `SELECT count(*) FILTER (WHERE "ownerId" = 'b') AS b, count(*) FILTER (WHERE "ownerId" IS NULL) AS none FROM public."${table}"`,
        )
        return (await client.query(counted.join(' UNION ALL '))).rows as unknown
      })
    const before = await written()
    const ours = struck().length
    await rollBack({ url })
    await up()
    assert.deepEqual(await written(), before)
    assert.deepEqual([proof.length, struck().slice(ours)], [ours, []])
    await rollBack({ url, dropData: true })
    assert.deepEqual(struck().slice(ours), [])
  })
})
