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

/** The required part of a connection: `pg.Client` and compatible ones. */
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
  /** Where unqualified names are created; default `public`, regardless of the session's search path. */
  readonly defaultSchema?: string
  /** For each statement, in milliseconds. */
  readonly statementTimeout?: number
  /** How long to wait for a locked table, in milliseconds. */
  readonly lockTimeout?: number
  /** Passed by a caller who reads repeatedly: unchanged parts are neither read nor created again. */
  readonly cache?: CatalogCache
}

/**
 * Reads the project's schemas, in one round trip and one read-only snapshot. Needs no privilege on any table. Names
 * outside the default schema are qualified in expressions and types, names inside are not, as Prisma's engine reads
 * them, regardless of the session's search path. Inside a transaction of the caller, reads within it and leaves it as
 * it was. Throws connection errors, and `permission-denied` if even the tables' catalog is not readable.
 */
export async function readCatalog(client: CatalogClient, options: CatalogOptions): Promise<DatabaseModel> {
  // The caller's transaction may be rolled back.
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

/** Something may be dropped during one read, but hardly during each of five. */
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

/** For a role that may not read parts of the catalog: reads the rest and reports what is missing. */
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

/** The statements around the read. In a transaction of the caller, settings are undone with a savepoint. */
function frameOf(client: CatalogClient, options: CatalogOptions) {
  const settings = [
    // Already set in our sessions, except behind a pooler and on a caller's connection.
    SET_LOCAL_SEARCH_PATH,
    // JIT compilation of a query takes longer than running it once.
    'SET LOCAL jit = off',
    // Set in our sessions; a pooler's may not have it.
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

/** On a lost connection there is nothing to undo, and its error is the one to report. */
async function undo(client: CatalogClient, statements: readonly string[]): Promise<void> {
  await query(client, statements.join(';\n')).catch(() => undefined)
}

/** Every value as the server's text: the builder knows the types, and most are names. */
const AS_TEXT = { getTypeParser: () => (text: string) => text }

async function query(client: CatalogClient, text: string): Promise<(readonly Row[])[]> {
  const answer = await client.query({ text, rowMode: 'array', types: AS_TEXT })
  const results = (Array.isArray(answer) ? answer : [answer]) as { readonly rows: readonly Row[] }[]
  return results.map((result) => result.rows)
}

/** Printing an expression uses the current catalog, not the snapshot, and does not find a dropped object. */
function wentAwayWhileRead(error: unknown): boolean {
  if (error instanceof AuditError || !(error instanceof Error)) return false
  return ['XX000', '42P01', '42704', '42703', '42883'].includes(errorCode(error) ?? '')
}
