import { execFile, execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { dumpStructure } from '../../../../server/src/backup/built-in/dump-structure'
import type { TestDatabase } from '../../../support/postgres'

/**
 * Structure and data of a database as text that is equal for equal databases: by the server's own `pg_dump` where it
 * has one, else by what the catalog says of the same things. By its path: Debian's on the PATH is a Perl script that
 * looks for it.
 */
export async function dump(database: TestDatabase, server: { readonly binFolder: string }): Promise<string> {
  const program = path.join(server.binFolder, 'pg_dump')
  if (!fs.existsSync(program)) return await describeCatalog(database.url)
  const text = execFileSync(program, ['--no-owner', '--inserts', database.url], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  return sortRows(withoutAccidents(text))
}

/**
 * The structure alone, without owners and privileges: by the server's own `pg_dump` where it has one, since the
 * built-in one takes several times its processor time.
 */
export async function dumpSchema({ url, binFolder }: Pick<TestDatabase, 'url' | 'binFolder'>): Promise<string> {
  const program = path.join(binFolder, 'pg_dump')
  if (!fs.existsSync(program)) return await dumpStructure({ url })
  const { stdout } = await promisify(execFile)(program, ['--schema-only', '--no-owner', '--no-privileges', url], {
    maxBuffer: 1 << 28,
  })
  return withoutAccidents(stdout)
}

/** Newer versions write a random key into every dump. */
function withoutAccidents(text: string): string {
  return text.replace(/^\\(un)?restrict .*$/gm, '').replace(SERVERS_OWN_OPTION, '')
}

/** Debian's PostgreSQL 15.20 counts a column's versions in one of its options. */
const SERVERS_OWN_OPTION = /^ALTER (?:FOREIGN )?TABLE .* ALTER COLUMN .* SET \(pg_attver=[^,)]*\);$/gm

/** The order in which rows lie in a table is no part of what it holds. */
function sortRows(text: string): string {
  return text.replace(/(?:^INSERT INTO .*;\n)+/gm, (rows) => rows.split('\n').sort().join('\n'))
}

async function describeCatalog(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    // It may hold what is no UTF-8, and is then read as it is stored.
    await client.query(
      `SELECT set_config('client_encoding', 'SQL_ASCII', false) WHERE current_setting('server_encoding') = 'SQL_ASCII'`,
    )
    const parts: unknown[] = []
    for (const query of QUERIES) parts.push((await client.query<Record<string, unknown>>(query)).rows)
    const tables = await client.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE ${USERS} ORDER BY 1`,
    )
    for (const { name } of tables.rows) {
      parts.push((await client.query<Record<string, unknown>>(`SELECT t::text FROM ${name} AS t ORDER BY 1`)).rows)
    }
    return JSON.stringify(parts, null, 1)
  } finally {
    await client.end()
  }
}

const USERS = `schemaname NOT IN ('pg_catalog', 'information_schema')`
const OURS = `nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'`

const QUERIES = [
  `SELECT nspname, obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE ${OURS} ORDER BY 1`,
  `SELECT nspname, relname, relkind, attname, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid)
   FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = relnamespace
   JOIN pg_attribute AS a ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped
   LEFT JOIN pg_attrdef ON adrelid = c.oid AND adnum = attnum
   WHERE ${OURS} AND relkind IN ('r', 'v', 'p') ORDER BY 1, 2, attnum`,
  `SELECT schemaname, indexdef FROM pg_indexes WHERE ${USERS} ORDER BY 1, 2`,
  `SELECT conrelid::regclass::text, conname, pg_get_constraintdef(c.oid) FROM pg_constraint AS c
   JOIN pg_namespace AS n ON n.oid = connamespace WHERE ${OURS} ORDER BY 1, 2`,
  `SELECT tgrelid::regclass::text, pg_get_triggerdef(t.oid), tgenabled FROM pg_trigger AS t WHERE NOT tgisinternal ORDER BY 1, 2`,
  `SELECT nspname, proname, prosrc FROM pg_proc JOIN pg_namespace AS n ON n.oid = pronamespace WHERE ${OURS} ORDER BY 1, 2, 3`,
]
