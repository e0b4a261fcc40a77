import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { startPostgres, type TestServer } from '../../test/support/postgres'
import { loadPrismaEngine, type OpenPrismaEngine } from './prisma-engine'
import { generateSchema, generateSchemaFiles } from './schema'

/** A generated project on the disk, with a database whose structure Prisma's own DDL made from that very schema. */
export interface BenchProject {
  readonly models: number
  readonly folder: string
  /** The schema: a file, or a folder of files. */
  readonly schemaPath: string
  /** The file that is edited, the one in the middle where there are several, and its text. */
  readonly file: string
  readonly text: string
  readonly url: string
}

/** What all rows share: one PostgreSQL server, one folder, and the databases that were made so far. */
export class Bench {
  private readonly databases = new Map<number, Promise<string>>()
  private folders = 0

  private constructor(
    /** Prisma's schema engine, for the peer's measurement and for making databases. */
    readonly openPrismaEngine: OpenPrismaEngine,
    private readonly postgres: TestServer,
    private readonly folder: string,
  ) {}

  static async start(): Promise<Bench> {
    const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'prisma-audit-bench-')))
    // What the product keeps between its runs is the bench's own, and gone with it.
    process.env.XDG_CACHE_HOME = path.join(folder, 'cache')
    // Prisma's DDL for 5,000 models runs in one transaction, which locks all that it makes.
    const postgres = await startPostgres({ settings: { max_locks_per_transaction: '4096' } })
    return new Bench(await loadPrismaEngine(), postgres, folder)
  }

  async stop(): Promise<void> {
    await this.postgres.stop()
    fs.rmSync(this.folder, { recursive: true, force: true })
  }

  /** What is measured next is a project that was never looked at before, by a program that was. */
  forgetAnswers(): void {
    const folder = path.join(this.folder, 'cache', 'prisma-audit')
    const names = fs.existsSync(folder) ? fs.readdirSync(folder) : []
    for (const name of names) if (name.startsWith('answer-')) fs.rmSync(path.join(folder, name))
  }

  /** An empty one, gone with the bench. */
  newFolder(name: string): string {
    return fs.mkdtempSync(path.join(this.folder, `${name}-`))
  }

  /** `modelsInFile` splits the schema over a folder of files. */
  async project(models: number, modelsInFile = models): Promise<BenchProject> {
    const url = await this.database(models)
    const folder = path.join(this.folder, `project${this.folders++}`)
    if (modelsInFile >= models) {
      const file = path.join(folder, 'prisma', 'schema.prisma')
      const text = generateSchema(models)
      write(file, text)
      return { models, folder, schemaPath: file, file, text, url }
    }
    const schemaPath = path.join(folder, 'prisma', 'schema')
    const files = generateSchemaFiles(models, modelsInFile)
    for (const { name, text } of files) write(path.join(schemaPath, name), text)
    const { name, text } = files[Math.floor(files.length / 2)] ?? { name: '', text: '' }
    return { models, folder, schemaPath, file: path.join(schemaPath, name), text, url }
  }

  private database(models: number): Promise<string> {
    const made = this.databases.get(models) ?? this.createDatabase(models)
    this.databases.set(models, made)
    return made
  }

  private async createDatabase(models: number): Promise<string> {
    const engine = await this.openPrismaEngine(this.postgres.url, generateSchema(models))
    const sql = await engine.ddl()
    await engine.close()
    const name = `bench_${models}_${randomBytes(4).toString('hex')}`
    return (await this.postgres.createDatabase({ sql, name })).url
  }
}

function write(file: string, text: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, text)
}
