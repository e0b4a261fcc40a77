import { AuditError } from '../errors'
import type { CatalogCache, CatalogReading } from './catalog-cache'
import { buildDatabaseModel } from './catalog/build-database-model'
import {
  CATALOG_QUERIES,
  catalogStatement,
  OPTIONAL_QUERIES,
  type CatalogRows,
  type QueryName,
} from './catalog/queries'
import type { Row } from './catalog/row'
import { errorCode } from './database-errors'
import { fingerprintFrom, fingerprintStatements, type Fingerprint } from './fingerprint'
import type { DatabaseModel } from './model'
import { SET_LOCAL_SEARCH_PATH } from './search-path'

/** What is asked of a connection: `pg.Client` and everything like it. */
export interface CatalogClient {
  query(query: string | ArrayQuery): Promise<unknown>
  getTransactionStatus?(): string | null
}

interface ArrayQuery {
  text: string
  rowMode: 'array'
  types: { getTypeParser(): (text: string) => string }
}

export interface CatalogOptions {
  /** Only these are read, in this order. */
  readonly schemas: readonly string[]
  /** Where unqualified names are created; `public` by default, whatever the session's search path. */
  readonly defaultSchema?: string
  /** For each statement, in milliseconds. */
  readonly statementTimeout?: number
  /** How long to wait for somebody who has a table locked, in milliseconds. */
  readonly lockTimeout?: number
  /** Kept by a caller who reads again and again: what has not changed is neither read again nor made anew. */
  readonly cache?: CatalogCache
}

/**
 * Reads what the project's schemas hold, in one round trip and one read-only snapshot. No privilege on any table is
 * needed. Names outside the default schema are qualified in expressions and types, names inside are not, as Prisma's
 * engine reads them, whatever else stands in the session's search path.
 *
 * Inside a transaction of the caller's it reads within that one and leaves it as it was.
 * Throws what the connection throws, and `permission-denied` where even the tables' catalog is closed to the role.
 */
export async function readCatalog(client: CatalogClient, options: CatalogOptions): Promise<DatabaseModel> {
  // What is seen inside a transaction of the caller's may never come to be.
  return options.cache === undefined || client.getTransactionStatus?.() === 'T'
    ? (await readAll(client, options, false)).model
    : await options.cache.read(client, options, (fingerprinted) => readAll(client, options, fingerprinted))
}

async function readAll(
  client: CatalogClient,
  options: CatalogOptions,
  fingerprinted: boolean,
): Promise<CatalogReading> {
  for (let attempt = 1; ; attempt++) {
    const last = attempt === ATTEMPTS
    try {
      const { rows, unseen, fingerprint } = await readRows(client, options, fingerprinted)
      const model = buildDatabaseModel(rows, options, unseen)
      if (last || model.unseen.length === unseen.length) return { model, fingerprint }
    } catch (error) {
      if (last || !wentAwayWhileRead(error)) throw error
    }
  }
}

/** Something may be dropped during one reading, hardly during each of five. */
const ATTEMPTS = 5

async function readRows(client: CatalogClient, options: CatalogOptions, fingerprinted: boolean): Promise<ReadRows> {
  const names = Object.keys(CATALOG_QUERIES) as QueryName[]
  const frame = frameOf(client, options)
  const marks = fingerprinted ? fingerprintStatements(options.schemas) : []
  const statements = [...frame.open, ...marks]
  const places = new Map<QueryName, number>()
  for (const name of names) {
    const { text, spells } = catalogStatement(name, options)
    places.set(name, statements.length)
    statements.push(text, ...(spells ? [SET_LOCAL_SEARCH_PATH] : []))
  }
  statements.push(...frame.close)
  try {
    const results = await query(client, statements.join(';\n'))
    const rows = names.map((name) => [name, results[places.get(name) ?? -1] ?? []] as const)
    const [moment, catalog] = results.slice(frame.open.length, frame.open.length + marks.length).map(([row]) => row)
    const fingerprint =
      moment === undefined || catalog === undefined
        ? null
        : fingerprintFrom(moment[0] ?? '', moment[1] ?? null, catalog[0] ?? '')
    return { rows: Object.fromEntries(rows) as CatalogRows, unseen: [], fingerprint }
  } catch (error) {
    await undo(client, frame.undo)
    if (errorCode(error) !== '42501') throw error
    return readOneByOne(client, options)
  }
}

interface ReadRows {
  readonly rows: CatalogRows
  readonly unseen: string[]
  readonly fingerprint: Fingerprint | null
}

/** For a role that is kept from parts of the catalog: reads the rest and says what is missing. */
async function readOneByOne(client: CatalogClient, options: CatalogOptions): Promise<ReadRows> {
  const frame = frameOf(client, options)
  const rows: Partial<Record<QueryName, readonly Row[]>> = {}
  const unseen: string[] = []
  await query(client, frame.open.join(';\n'))
  try {
    for (const name of Object.keys(CATALOG_QUERIES) as QueryName[]) {
      await query(client, 'SAVEPOINT part')
      try {
        const { text, spells } = catalogStatement(name, options)
        rows[name] = (await query(client, text))[0] ?? []
        if (spells) await query(client, SET_LOCAL_SEARCH_PATH)
      } catch (error) {
        const loss = OPTIONAL_QUERIES[name]
        if (errorCode(error) !== '42501' || loss === undefined) throw error
        await query(client, 'ROLLBACK TO SAVEPOINT part')
        rows[name] = []
        unseen.push(`${loss} could not be read: ${error instanceof Error ? error.message : String(error)}.`)
      }
    }
    await query(client, frame.close.join(';\n'))
    return { rows: rows as CatalogRows, unseen, fingerprint: null }
  } catch (error) {
    await undo(client, frame.undo)
    throw error
  }
}

/** The statements around the reading. In a transaction of the caller's, settings are undone with a savepoint. */
function frameOf(client: CatalogClient, options: CatalogOptions) {
  const settings = [
    // The session's own already, except behind a pooler and on a caller's connection.
    SET_LOCAL_SEARCH_PATH,
    // Compiling a query that runs once takes longer than running it.
    'SET LOCAL jit = off',
    // Sessions of ours have it so; a pooler's may not.
    'SET LOCAL quote_all_identifiers = off',
    `SET LOCAL statement_timeout = ${String(options.statementTimeout ?? 15_000)}`,
    `SET LOCAL lock_timeout = ${String(options.lockTimeout ?? 3_000)}`,
  ]
  if (client.getTransactionStatus?.() === 'T') {
    const undo = ['ROLLBACK TO SAVEPOINT reading', 'RELEASE SAVEPOINT reading']
    return { open: ['SAVEPOINT reading', ...settings], close: undo, undo }
  }
  const begin = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY'
  return { open: [begin, ...settings], close: ['COMMIT'], undo: ['ROLLBACK'] }
}

/** On a connection that broke there is nothing to undo, and the error that broke it is the one to tell. */
async function undo(client: CatalogClient, statements: readonly string[]): Promise<void> {
  await query(client, statements.join(';\n')).catch(() => undefined)
}

/** Every value as the text that the server sent: the builder knows what each is, and most are names anyway. */
const AS_TEXT = { getTypeParser: () => (text: string) => text }

async function query(client: CatalogClient, text: string): Promise<(readonly Row[])[]> {
  const answer = await client.query({ text, rowMode: 'array', types: AS_TEXT })
  const results = (Array.isArray(answer) ? answer : [answer]) as { readonly rows: readonly Row[] }[]
  return results.map((result) => result.rows)
}

/** Spelling out an expression looks at the present, not at the snapshot, and finds the object gone. */
function wentAwayWhileRead(error: unknown): boolean {
  if (error instanceof AuditError || !(error instanceof Error)) return false
  return ['XX000', '42P01', '42704', '42703', '42883'].includes(errorCode(error) ?? '')
}
