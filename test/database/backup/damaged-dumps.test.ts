import { gunzipSync, gzipSync } from 'node:zlib'
import { EXPORT_WAY } from '../../../server/src/backup/export/export-way'
import { usePostgres } from '../../support/postgres'
import { checkDamages, cut, DIFFERS, flip, gzipped, SHOP_SQL, text, UNKNOWN, UNREADABLE, type Damage } from './damages'
import { backUpTo, NOTHING_INSTALLED, useFolder } from './support'

describe('damaged and tampered dumps and exports', () => {
  const server = usePostgres()
  const folder = useFolder()

  const PLAIN: readonly Damage[] = [
    {
      what: 'a statement behind its end',
      bytes: (whole) => Buffer.concat([whole, Buffer.from('COMMENT ON TABLE public."Lead" IS NULL;\n')]),
      ...UNREADABLE,
      says: /continues after the end of the dump/,
    },
    { what: 'truncated', bytes: cut(0.8), ...UNREADABLE },
    { what: 'bytes that are no UTF-8', bytes: flip(0.6), ...UNREADABLE },
    {
      what: 'a zero byte',
      bytes: text((sql) => sql.replace("'u7@example.org'", "'u7\0example.org'")),
      ...UNREADABLE,
      says: /Its SQL contains a zero byte/,
    },
    {
      what: 'a manifest without the rows of a table',
      manifest: ({ contents }) => ({
        contents: { ...contents, tables: contents?.tables.filter(({ name }) => !name.includes('Lead')) },
      }),
      ...DIFFERS,
      reaches: 1,
      says: /public\."Lead" has 400 rows in the backup, and none are recorded/,
    },
    {
      what: 'a manifest of a structure',
      manifest: () => ({ scope: { kind: 'structure', tables: [] } }),
      ...DIFFERS,
      reaches: 1,
      says: /"User" has 40 rows in the backup, and none are recorded/,
    },
    {
      what: 'a table without its rows',
      bytes: text((sql) => sql.replace(/INSERT INTO public\."User" [^;]*;/, '')),
      ...DIFFERS,
      reaches: 1,
      says: /"User" has 0 rows in the backup, but had 40/,
    },
    {
      what: 'another table',
      bytes: text((sql) =>
        sql.replace(
          '--\n-- PostgreSQL database dump complete',
          '--\n-- Name: more; Type: TABLE; Schema: public; Owner: postgres\n--\nCREATE TABLE public.more ();\n--\n-- PostgreSQL database dump complete',
        ),
      ),
      ...DIFFERS,
      reaches: 1,
      says: /table "public"\."more" is in the backup, but was not/,
    },
    {
      what: 'a statement that deletes',
      bytes: text((sql) =>
        sql.replace(
          '--\n-- PostgreSQL database dump complete',
          'DELETE FROM public."Lead" WHERE id = 9;\n--\n-- PostgreSQL database dump complete',
        ),
      ),
      ...UNREADABLE,
      says: /contains a DELETE statement, which pg_dump does not write/,
    },
    {
      what: 'a hidden function',
      bytes: text((sql) =>
        sql.replace(
          '--\n-- PostgreSQL database dump complete',
          "CREATE FUNCTION public.evil() RETURNS int LANGUAGE sql AS 'SELECT 1';\n--\n-- PostgreSQL database dump complete",
        ),
      ),
      refit: true,
      reaches: 2,
      says: /function public\.evil\(\) is in the backup, but was not/,
      restore: 'public.evil()',
    },
    {
      what: 'another value',
      bytes: text((sql) => sql.replace("'u7@example.org'", "'x7@example.org'")),
      refit: true,
      reaches: 2,
      says: /"User": the values of its 40 rows differ/,
      restore: 'values of its 40 rows differ',
    },
    {
      what: 'another large object',
      bytes: text((sql) => sql.replace('6c61726765', '6c61726764')),
      refit: true,
      reaches: 2,
      says: /large objects differ/,
      restore: 'large objects differ',
    },
    {
      what: 'a sequence that starts again',
      bytes: text((sql) => sql.replace(/setval\('public\."User_id_seq"', 40/, 'setval(\'public."User_id_seq"\', 3')),
      refit: true,
      reaches: 2,
      says: /sequence public\."User_id_seq" is at 3 in the backup, but was at 40/,
      restore: 'is at 3',
    },
    {
      what: 'more privileges',
      bytes: text((sql) => sql.replace('TO pg_monitor', 'TO PUBLIC')),
      refit: true,
      reaches: 2,
      says: /privileges public\."User" differ/,
      restore: 'privileges public."User" differ',
    },
    {
      what: 'another constraint',
      bytes: text((sql) => sql.replace('UNIQUE (email)', 'UNIQUE (id, email)')),
      refit: true,
      reaches: 2,
      says: /constraint .* has another definition/,
      restore: 'has another definition',
    },
    {
      what: 'another comment',
      bytes: text((sql) => sql.replace('who may become', 'who became')),
      refit: true,
      reaches: 2,
      says: /comment .*Lead.* has another definition/,
      restore: 'comment',
    },
    {
      what: 'a COMMIT before an error',
      bytes: text((sql) => sql.replace('CREATE VIEW', 'ROLLBACK;\nCREATE VIEW')),
      ...UNREADABLE,
      says: /a ROLLBACK statement, which pg_dump does not write/,
    },
    {
      what: 'what psql would run',
      bytes: text((sql) => sql.replace('CREATE VIEW', '\\! touch /tmp/x\nCREATE VIEW')),
      ...UNREADABLE,
      says: /a psql command, which pg_dump does not write/,
    },
    {
      what: 'COPY by pg_dump itself',
      bytes: text((sql) =>
        sql.replace(
          /INSERT INTO public\."User"/,
          'COPY public."User" (id) FROM stdin;\n1\n\\.\nINSERT INTO public."User"',
        ),
      ),
      refit: true,
      reaches: 0,
      says: /plain SQL dump by pg_dump for psql, with COPY/,
      restore: 'backup-unknown-format',
    },
  ]

  const EXPORTS: readonly Damage[] = [
    { what: 'rubbish behind its end', bytes: (whole) => Buffer.concat([whole, Buffer.from('rubbish')]), ...UNREADABLE },
    { what: 'zeros behind its end', bytes: (whole) => Buffer.concat([whole, Buffer.alloc(600)]), ...UNREADABLE },
    {
      what: 'another gzip behind its end',
      bytes: (whole) => Buffer.concat([whole, gzipSync('DELETE FROM public."Lead";')]),
      ...UNREADABLE,
      says: /continues after the end of the export/,
    },
    { what: 'truncated', bytes: cut(0.7), ...UNREADABLE },
    { what: 'a bit flipped', bytes: flip(0.6), ...UNREADABLE },
    { what: 'what is compressed ends early', bytes: (whole) => gzipSync(cut(0.7)(gunzipSync(whole))), ...UNREADABLE },
    { what: 'nothing, compressed', bytes: () => gzipSync(''), ...UNREADABLE },
    {
      what: 'a dump that another program compressed',
      bytes: () => gzipSync('--\n-- PostgreSQL database dump\n--\n'),
      ...UNKNOWN,
      says: /that another program compressed/,
    },
    {
      what: 'a row less',
      bytes: gzipped((sql) => sql.replace(/^7\t8\t.*\n/m, '')),
      ...DIFFERS,
      reaches: 1,
      says: /"Lead" has 399 rows in the backup, but had 400/,
    },
    {
      what: 'another value',
      bytes: gzipped((sql) => sql.replace('u7@example.org', 'x7@example.org')),
      refit: true,
      reaches: 2,
      says: /"User": the values of its 40 rows differ/,
      restore: 'values of its 40 rows differ',
    },
    {
      what: 'a block that creates a superuser',
      bytes: gzipped((sql) =>
        sql.replace('CREATE VIEW', 'DO $$ BEGIN CREATE ROLE evil SUPERUSER; END $$;\nCREATE VIEW'),
      ),
      ...UNREADABLE,
      says: /a DO statement, which pg_dump does not write/,
    },
    {
      what: 'another COPY for psql than for us',
      bytes: gzipped((sql) => sql.replace(/^COPY public\."Lead" .*$/m, `COPY public."Lead" FROM PROGRAM 'id';`)),
      ...UNREADABLE,
      says: /another COPY than its name says/,
    },
    {
      what: 'a table less',
      bytes: gzipped((sql) => sql.replace(/^-- Name: emails; Type: VIEW.*\n--\n\nCREATE VIEW[^;]*;/m, '-- ')),
      ...DIFFERS,
      reaches: 1,
      says: /view public\.emails is missing/,
    },
  ]

  it('as dumps of the built-in one', async () => {
    const database = await server.createDatabase(SHOP_SQL)
    await checkDamages(server, await backUpTo(folder(), database.url, { ...NOTHING_INSTALLED, level: 1 }), PLAIN)
  })

  it('as exports', async () => {
    const database = await server.createDatabase(SHOP_SQL)
    await checkDamages(server, await backUpTo(folder(), database.url, { way: EXPORT_WAY, level: 1 }), EXPORTS)
  })
})
