import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import pg from 'pg'

/** Prisma's schema engine in WASM on one warm connection. */
export interface PrismaEngine {
  /** The SQL by which Prisma creates the schema in an empty database. */
  ddl(): Promise<string>
  /** Reads the live database and compares it with the schema. Answers whether they are equal. */
  diff(): Promise<boolean>
  close(): Promise<void>
}

export type OpenPrismaEngine = (url: string, schema: string) => Promise<PrismaEngine>

/**
 * Loads the engine, once for a process: two instances would share one set of bindings. As test/support/oracle.ts does
 * it, with the difference that engine and connection stay: a fair measurement of a warm peer starts neither anew.
 */
export async function loadPrismaEngine(): Promise<OpenPrismaEngine> {
  const bindings = await instantiate()
  return (url, schema) => openEngine(bindings, url, schema)
}

async function openEngine(bindings: EngineBindings, url: string, schema: string): Promise<PrismaEngine> {
  const files = [{ path: path.join(__REPOSITORY__, 'schema.prisma'), content: schema }]
  const pool = openPool(url)
  const engine = await bindings.SchemaEngine.new(
    { datamodels: files.map((file) => [file.path, file.content]) },
    () => undefined,
    openAdapter(pool),
  )
  const run = (from: object, script: boolean) =>
    engine.diff({
      from,
      to: { tag: 'schemaDatamodel', files },
      script,
      exitCode: true,
      shadowDatabaseUrl: null,
      filters: { externalTables: [], externalEnums: [] },
    })
  return {
    async ddl() {
      return (await run({ tag: 'empty' }, true)).stdout ?? ''
    },
    async diff() {
      const { exitCode } = await run({ tag: 'schemaDatasource', files, configDir: __REPOSITORY__ }, false)
      return exitCode === 0
    },
    async close() {
      engine.free()
      await pool.end()
    },
  }
}

/** The part of the engine's interface that is used here; its own types are not exported to where we need them. */
interface SchemaEngine {
  diff(parameters: unknown): Promise<{ exitCode: number; stdout: string | null }>
  free(): void
}

interface EngineBindings {
  SchemaEngine: { new: (options: unknown, log: (text: string) => void, adapter: unknown) => Promise<SchemaEngine> }
  __wbg_set_wasm(exports: WebAssembly.Exports): void
}

/** The package's own entry loads the WASM in a way that only some bundlers know, so it is instantiated by hand. */
async function instantiate(): Promise<EngineBindings> {
  const holder = globalThis as { PRISMA_WASM_PANIC_REGISTRY?: object }
  holder.PRISMA_WASM_PANIC_REGISTRY = {
    set_message(message: string) {
      throw new Error(`Prisma's schema engine panicked: ${message}`)
    },
  }
  const require = createRequire(path.join(__REPOSITORY__, 'bench', 'package.json'))
  const folder = path.dirname(require.resolve('@prisma/schema-engine-wasm'))
  const bindings = (await import(pathToFileURL(path.join(folder, 'schema_engine_bg.js')).href)) as EngineBindings
  const module = new WebAssembly.Module(fs.readFileSync(path.join(folder, 'schema_engine_bg.wasm')))
  const names = WebAssembly.Module.imports(module).map((entry) => entry.module)
  const instance = new WebAssembly.Instance(module, Object.fromEntries(names.map((name) => [name, bindings])))
  bindings.__wbg_set_wasm(instance.exports)
  const start = instance.exports.__wbindgen_start
  ;(start as () => void)()
  return bindings
}

const CHARACTER_OID = 18
const TEXT_OID = 25

/** The adapter refuses the catalog's type "char": it is handed over as text, and marked as a character afterwards. */
function openPool(url: string) {
  const pool = new pg.Pool({ connectionString: url, max: 1 })
  const query = pool.query.bind(pool) as (...all: unknown[]) => Promise<pg.QueryArrayResult>
  const characterColumns: number[] = []
  return Object.assign(pool, {
    characterColumns,
    async query(...all: unknown[]) {
      const result = await query(...all)
      characterColumns.length = 0
      result.fields.forEach((field, index) => {
        if (field.dataTypeID !== CHARACTER_OID) return
        field.dataTypeID = TEXT_OID
        characterColumns.push(index)
      })
      return result
    },
  })
}

function openAdapter(pool: ReturnType<typeof openPool>) {
  const factory = new PrismaPg(pool)
  const connect = factory.connect.bind(factory)
  factory.connect = async () => {
    const adapter = await connect()
    const queryRaw = adapter.queryRaw.bind(adapter)
    adapter.queryRaw = async (query) => {
      const result = await queryRaw(query)
      for (const index of pool.characterColumns) result.columnTypes[index] = ColumnTypeEnum.Character
      return result
    }
    return adapter
  }
  return bindMigrationAwareSqlAdapterFactory(factory)
}
