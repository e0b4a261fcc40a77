import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { keepConnection } from './kept-connection'
import { startServerProcess, type ServerProcess } from './postgres-process'

/** A real PostgreSQL server that the tests started themselves, on 127.0.0.1, reachable only with a password. */
export interface TestServer {
  readonly host: string
  readonly port: number
  /** Holds the server's Unix socket; a `?host=` for a URL. */
  readonly socketFolder: string
  /** Of the superuser `postgres`, to the database `postgres`. */
  readonly superuserUrl: string
  /** The same as `superuserUrl`. */
  readonly url: string
  /** The folder of the server's own programs. Only the system's PostgreSQL has `pg_dump` there. */
  readonly binFolder: string
  /** 15, 18 … */
  readonly majorVersion: number
  /**
   * `options` are SQL: `ENCODING 'LATIN1'`. `template` names a database that nobody is connected to: a copy costs much less
   * than the same anew.
   */
  createDatabase(options?: string | DatabaseOptions): Promise<TestDatabase>
  /** A role that may log in. `attributes` are SQL: `CREATEDB`, `NOINHERIT` … Dropped with the server. */
  createRole(options?: { name?: string; password?: string; attributes?: string }): Promise<TestRole>
  /** The server's log so far, including connections and rejected logins. */
  log(): string
  /** Stops the server and deletes its data. Also done when the process exits. */
  stop(): Promise<void>
  /**
   * Stops the server like a crash (or in order, with SIGINT) and keeps its data; `start` brings it back on the same
   * port.
   */
  crash(signal?: 'SIGQUIT' | 'SIGINT'): Promise<void>
  start(): Promise<void>
}

export interface DatabaseOptions {
  /** Run in the new database. */
  readonly sql?: string
  readonly name?: string
  readonly options?: string
  readonly template?: string
}

export interface TestDatabase {
  /** Of the superuser. */
  readonly url: string
  readonly name: string
  /** The server's. */
  readonly binFolder: string
  /**
   * Runs SQL in a session like a new one; several statements if there are no parameters. Returns the last one's rows.
   * The connection may stay open until the next query of any database of this server.
   */
  readonly query: (sql: string, parameters?: readonly unknown[]) => Promise<Record<string, unknown>[]>
  drop(): Promise<void>
}

export interface TestRole {
  readonly name: string
  readonly password: string
  urlFor(database: { readonly name: string }): string
}

export interface TestServerOptions {
  /** Lines of `postgresql.conf`: `{ timezone: 'America/New_York' }`. */
  readonly settings?: Readonly<Record<string, string>>
  /**
   * Files that the server reads, by name, next to its data folder, which is its working directory. Some settings refer
   * to them.
   */
  readonly files?: Readonly<Record<string, string>>
}

/** Contains characters that a URL must escape, so that every test shows that they are escaped. */
const SUPERUSER_PASSWORD = 'p@ss:word/1%'

/** Starts a server for this caller only. Most tests want `usePostgres`. */
export async function startPostgres(options: TestServerOptions = {}): Promise<TestServer> {
  const server = await startServerProcess({ settings: {}, files: {}, ...options, password: SUPERUSER_PASSWORD })
  const { port } = server
  const urlOf = (user: string, password: string, database: string) =>
    `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${String(port)}/${encodeURIComponent(database)}`
  const superuserUrl = urlOf('postgres', SUPERUSER_PASSWORD, 'postgres')
  // Copying the files takes a third of the processor time that writing each block to the log does, PostgreSQL 15's
  // default.
  const copying = majorVersionOf(server) >= 15 ? ' STRATEGY file_copy' : ''
  const { query, close } = keepConnection()
  const { query: queryAsSuperuser } = keepConnection()
  const superuser = (sql: string) => queryAsSuperuser(superuserUrl, sql)

  async function createDatabase(given: string | DatabaseOptions = {}): Promise<TestDatabase> {
    const asked: DatabaseOptions = typeof given === 'string' ? { sql: given } : given
    const { sql, name = uniqueName('audit'), options = '' } = asked
    // Only the empty template takes another encoding.
    const template = asked.template ?? (options === '' ? 'template1' : 'template0')
    const from = `TEMPLATE ${pg.escapeIdentifier(template)} ${options}`
    // PostgreSQL waits until nobody is connected to a template.
    if (asked.template !== undefined) await close()
    await superuser(`CREATE DATABASE ${pg.escapeIdentifier(name)} ${from}${copying}`)
    const url = urlOf('postgres', SUPERUSER_PASSWORD, name)
    if (sql !== undefined) await query(url, sql)
    return {
      url,
      name,
      binFolder: server.binFolder,
      query: (text, parameters) => query(url, text, parameters),
      drop: async () => {
        await superuser(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`)
      },
    }
  }

  async function createRole(given: { name?: string; password?: string; attributes?: string } = {}): Promise<TestRole> {
    const { name = uniqueName('role'), password = 'rôle ?#', attributes = '' } = given
    await superuser(
      `CREATE ROLE ${pg.escapeIdentifier(name)} LOGIN PASSWORD ${pg.escapeLiteral(password)} ${attributes}`,
    )
    return { name, password, urlFor: (database) => urlOf(name, password, database.name) }
  }

  return {
    host: '127.0.0.1',
    port,
    socketFolder: server.socketFolder,
    superuserUrl,
    url: superuserUrl,
    binFolder: server.binFolder,
    majorVersion: majorVersionOf(server),
    createDatabase,
    createRole,
    log: () => fs.readFileSync(server.logFile, 'utf8'),
    stop: () => server.stop(),
    crash: (signal) => server.crash(signal),
    start: () => server.start(),
  }
}

/**
 * For the top of a test file or a `describe`: one server for the whole mocha process, started when the first test
 * that wants it begins and stopped when the process exits. Use it inside tests and hooks only.
 */
export function usePostgres(): TestServer {
  let server: TestServer | null = null
  before(async function () {
    this.timeout(600_000)
    server = await sharedServer()
  })
  return new Proxy({} as TestServer, {
    get: (_, property) => {
      if (server === null) throw new Error('The server of usePostgres() is there in tests and hooks only.')
      return Reflect.get(server, property) as unknown
    },
  })
}

/** Each test file is a bundle of its own, so what they share lives on the process. */
function sharedServer(): Promise<TestServer> {
  const holder = globalThis as { [SHARED_SERVER]?: Promise<TestServer> }
  const shared = holder[SHARED_SERVER] ?? startPostgres()
  holder[SHARED_SERVER] = shared
  return shared
}

const SHARED_SERVER = Symbol.for('prisma-audit.shared-test-server')

function uniqueName(prefix: string): string {
  return `${prefix}_${randomBytes(6).toString('hex')}`
}

function majorVersionOf(server: ServerProcess): number {
  return Number.parseInt(fs.readFileSync(path.join(server.dataFolder, 'PG_VERSION'), 'utf8'), 10)
}
