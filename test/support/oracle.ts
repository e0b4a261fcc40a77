import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import pg from 'pg'

/** A file or folder on disk, the text of one file, or the texts of several by name. */
export type OracleSchema = { readonly path: string } | string | Readonly<Record<string, string>>

/**
 * What the live database lacks compared with a schema according to Prisma's own schema engine: the truth for drift
 * tests. It needs no engine binary and no shadow database. `text` is Prisma's summary, for people.
 */
export async function prismaDiff(schema: OracleSchema, url: string): Promise<{ isEmpty: boolean; text: string }> {
  const files = readSchema(schema)
  const from = { tag: 'schemaDatasource', files, configDir: __REPOSITORY__ }
  const answer = await diff(files, from, url, false)
  return { isEmpty: answer.exitCode === 0, text: (answer.stdout ?? '').trim() }
}

/** The same difference as the SQL that Prisma would run to remove it. */
export async function prismaDiffScript(schema: OracleSchema, url: string): Promise<string> {
  const files = readSchema(schema)
  const from = { tag: 'schemaDatasource', files, configDir: __REPOSITORY__ }
  return (await diff(files, from, url, true)).stdout ?? ''
}

/** The SQL with which Prisma creates the schema in an empty database. `url` is any database that answers. */
export async function prismaDdl(schema: OracleSchema, url: string): Promise<string> {
  const files = readSchema(schema)
  const key = JSON.stringify([files, schemaOf(url)])
  const sql = DDL.get(key) ?? (await diff(files, { tag: 'empty' }, url, true)).stdout ?? ''
  DDL.set(key, sql)
  return sql
}

/** By schema: it depends on nothing else, and tests make many databases of one schema. */
const DDL = new Map<string, string>()

/** The part of the engine's interface that is used here; its own types are not exported. */
export interface SchemaEngine {
  diff(parameters: unknown): Promise<{ exitCode: number; stdout: string | null }>
  diagnoseMigrationHistory(parameters: unknown): Promise<unknown>
  devDiagnostic(parameters: unknown): Promise<{ action: { tag: string; reason?: string } }>
  applyMigrations(parameters: unknown): Promise<{ appliedMigrationNames: string[] }>
  free(): void
}

interface EngineBindings {
  SchemaEngine: { new: (options: unknown, log: (text: string) => void, adapter: unknown) => Promise<SchemaEngine> }
  __wbg_set_wasm(exports: WebAssembly.Exports): void
}

interface EngineFile {
  readonly path: string
  readonly content: string
}

/** `url` may name a schema by `?schema=`, as Prisma's URLs do. */
export async function withSchemaEngine<Result>(
  files: readonly EngineFile[],
  url: string,
  work: (engine: SchemaEngine) => Promise<Result>,
): Promise<Result> {
  const bindings = await loadEngine()
  const pool = openPool(url)
  const options = { datamodels: files.map((file) => [file.path, file.content]) }
  try {
    const engine = await bindings.SchemaEngine.new(options, () => undefined, openAdapter(pool, url))
    try {
      return await work(engine)
    } finally {
      engine.free()
    }
  } finally {
    await pool.end()
  }
}

async function diff(files: readonly EngineFile[], from: object, url: string, script: boolean) {
  return await withSchemaEngine(files, url, (engine) =>
    engine.diff({
      from,
      to: { tag: 'schemaDatamodel', files },
      script,
      exitCode: true,
      shadowDatabaseUrl: null,
      filters: NOTHING_EXTERNAL,
    }),
  )
}

export const NOTHING_EXTERNAL = { externalTables: [], externalEnums: [] }

/** The package's own entry loads the WASM in a way that only some bundlers support, so it is instantiated manually. */
async function loadEngine(): Promise<EngineBindings> {
  const holder = globalThis as { [ENGINE]?: EngineBindings; PRISMA_WASM_PANIC_REGISTRY?: object }
  if (holder[ENGINE] !== undefined) return holder[ENGINE]
  holder.PRISMA_WASM_PANIC_REGISTRY = {
    set_message(message: string) {
      throw new Error(`Prisma's schema engine panicked: ${message}`)
    },
  }
  const require = createRequire(path.join(__REPOSITORY__, 'package.json'))
  const folder = path.dirname(require.resolve('@prisma/schema-engine-wasm'))
  const bindings = (await import(pathToFileURL(path.join(folder, 'schema_engine_bg.js')).href)) as EngineBindings
  const module = new WebAssembly.Module(fs.readFileSync(path.join(folder, 'schema_engine_bg.wasm')))
  const names = WebAssembly.Module.imports(module).map((entry) => entry.module)
  const imports = Object.fromEntries(names.map((name) => [name, bindings]))
  const instance = new WebAssembly.Instance(module, imports)
  bindings.__wbg_set_wasm(instance.exports)
  const start = instance.exports.__wbindgen_start
  ;(start as () => void)()
  holder[ENGINE] = bindings
  return bindings
}

const ENGINE = Symbol.for('prisma-audit.schema-engine')

const CHARACTER_OID = 18
const TEXT_OID = 25

/** The adapter rejects the catalog's type "char": it is passed as text, and marked as a character afterwards. */
function openPool(url: string) {
  const schema = schemaOf(url)
  const pool = new pg.Pool({
    connectionString: url,
    max: 1,
    // As the engine itself does for the schema of its URL.
    ...(schema === null ? {} : { options: `-c search_path=${schema}` }),
  })
  // A shadow database is dropped under its last connection.
  pool.on('error', () => undefined)
  const query = pool.query.bind(pool) as (...all: unknown[]) => Promise<pg.QueryArrayResult>
  const characterColumns: number[] = []
  return Object.assign(pool, {
    characterColumns,
    async query(...all: unknown[]) {
      const result = await query(...all)
      characterColumns.length = 0
      if (!Array.isArray(result)) {
        result.fields.forEach((field, index) => {
          if (field.dataTypeID !== CHARACTER_OID) return
          field.dataTypeID = TEXT_OID
          characterColumns.push(index)
        })
      }
      return result
    },
  })
}

function schemaOf(url: string): string | null {
  return new URL(url).searchParams.get('schema')
}

type OpenPool = ReturnType<typeof openPool>

function openAdapter(pool: OpenPool, url: string) {
  const schema = schemaOf(url)
  const factory = new PrismaPg(pool, schema === null ? undefined : { schema })
  const connect = factory.connect.bind(factory)
  factory.connect = async () => asEngineOfItsOwn(await connect(), pool)
  factory.connectToShadowDb = async () => await openShadowDatabase(url)
  return bindMigrationAwareSqlAdapterFactory(factory)
}

/**
 * The adapter splits scripts at every semicolon. The engine that `prisma migrate` runs sends a file as one message, so
 * that the server runs several statements in one transaction, and a single one outside of any.
 */
function asEngineOfItsOwn<Adapter extends Awaited<ReturnType<PrismaPg['connect']>>>(adapter: Adapter, pool: OpenPool) {
  const queryRaw = adapter.queryRaw.bind(adapter)
  adapter.queryRaw = async (query) => {
    const result = await queryRaw(query)
    for (const index of pool.characterColumns) result.columnTypes[index] = ColumnTypeEnum.Character
    return result
  }
  adapter.executeScript = async (script) => {
    await pool.query(script)
  }
  return adapter
}

/** A database next to the one of the URL, as `prisma migrate dev` creates it; dropped with its adapter. */
async function openShadowDatabase(url: string) {
  const name = `prisma_migrate_shadow_db_${randomBytes(6).toString('hex')}`
  const admin = new pg.Client({ connectionString: url })
  await admin.connect()
  const { rows } = await admin.query<{ copies: boolean }>(
    `SELECT current_setting('server_version_num')::int >= 150000 AS copies`,
  )
  // As in `createDatabase`: copied files take less processor time than blocks in the log.
  await admin.query(`CREATE DATABASE ${name}${rows[0]?.copies === true ? ' STRATEGY file_copy' : ''}`)
  const shadowUrl = new URL(url)
  shadowUrl.pathname = `/${name}`
  const pool = openPool(shadowUrl.toString())
  const schema = schemaOf(url)
  if (schema !== null) await pool.query(`CREATE SCHEMA IF NOT EXISTS ${pg.escapeIdentifier(schema)}`)
  const factory = new PrismaPg(pool, schema === null ? undefined : { schema })
  const adapter = asEngineOfItsOwn(await factory.connect(), pool)
  adapter.dispose = async () => {
    await pool.end()
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`)
    await admin.end()
  }
  return adapter
}

export function readSchema(schema: OracleSchema): EngineFile[] {
  if (typeof schema === 'string') return [engineFile('schema.prisma', schema)]
  if (!isPath(schema)) return Object.entries(schema).map(([name, text]) => engineFile(name, text))
  const where = schema.path
  if (!fs.statSync(where).isDirectory()) return [engineFile(where, fs.readFileSync(where, 'utf8'))]
  return fs
    .readdirSync(where, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.prisma'))
    .sort()
    .map((name) => engineFile(path.join(where, name), fs.readFileSync(path.join(where, name), 'utf8')))
}

function isPath(schema: Exclude<OracleSchema, string>): schema is { readonly path: string } {
  return Object.keys(schema).length === 1 && 'path' in schema
}

function engineFile(name: string, text: string): EngineFile {
  return { path: path.resolve(__REPOSITORY__, name), content: toVersion7(text) }
}

const PREVIEW_FEATURES_OF_VERSION_7 = new Set([
  ...['fullTextSearchPostgres', 'nativeDistinct', 'partialIndexes', 'postgresqlExtensions', 'relationJoins'],
  ...['shardKeys', 'strictUndefinedChecks', 'typedSql', 'views'],
])

/** Lets the version-7 engine read a schema of version 5 or 6: without URLs and retired preview features. */
function toVersion7(text: string): string {
  return text
    .replace(/^\s*(url|directUrl|shadowDatabaseUrl)\s*=.*$/gm, '')
    .replace(/^(\s*previewFeatures\s*=\s*)\[(.*?)\]/gms, (_, head: string, list: string) => {
      const features = [...list.matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? '')
      const kept = features.filter((feature) => PREVIEW_FEATURES_OF_VERSION_7.has(feature))
      return `${head}[${kept.map((feature) => `"${feature}"`).join(', ')}]`
    })
}
