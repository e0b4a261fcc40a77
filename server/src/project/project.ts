import path from 'node:path'
import { createComparisonCache } from '../audit/comparison-cache'
import { openExpressions } from '../audit/open-expressions'
import type { ExternalNames } from '../audit/database-index'
import { type FileFindings, type Finding } from '../audit/finding'
import type { ParsedPolicy } from '../audit-fields/parse-policy'
import type { Policy } from '../audit-fields/policy'
import type { ExpressionPair } from '../database/model-expressions'
import { withClient } from '../database/connect'
import { describeUrl } from '../database/describe-url'
import type { DatabaseModel } from '../database/model'
import type { TextEdit } from '../schema/edits/text-edit'
import { findMigrationsFolder } from '../schema/connection/find-migrations-folder'
import { modelsOf } from '../schema/lookup'
import { otherLanguageOf } from '../schema/other-language'
import type { SchemaModel } from '../schema/model'
import { noPolicy, policyInvalid, prisma8Unsupported, schemaInvalid } from './errors'
import { saveFindings, questionOf, readSavedFindings, type Answer, type Question } from './saved-findings'
import { readConfigFacts, type ConfigFacts } from './config-facts'
import { labelOfUrl, ProjectUrl, type UrlSearch } from './database-url'
import { findingsOfProject } from './findings'
import { LiveDatabase, type DatabaseTarget } from './live-database'
import type { OtherLanguage, ProjectLocation, ProjectSettings, ProjectSurroundings } from './model'
import { readPolicyFile } from './read-policy'
import { hasUnfinishedMigration } from './unfinished-migration'
import { SchemaSource } from './schema-source'
import { isFolder, isInside } from './source-files'
import { isWritable, resolveWritable, writableFolders, type WritableFolders } from '../written-paths'
import { writeEdits } from './write-edits'

interface OpenExpressions {
  readonly schema: SchemaModel
  readonly database: DatabaseModel
  readonly pairs: readonly ExpressionPair[]
}

/** One Prisma project: its files, policy, connection and latest snapshot of the catalog. All state is here. */
export class Project {
  readonly live: LiveDatabase
  /** Absolute; null where the user named none. */
  namedBackupFolder: string | null = null
  /** A `pg_dump` to use before all others, or null. */
  pgDumpPath: string | null = null
  /** Does a migration leave its SQL in the project, and record it in Prisma's history? */
  writesMigrations = true
  /** An empty database to rehearse migrations in, or null for an embedded PostgreSQL. */
  scratchUrl: string | null = null
  /** Does the guided run rehearse the migration first? */
  rehearsesFirst = false
  private readonly cache = createComparisonCache()
  private readonly source: SchemaSource
  private policyReading: ParsedPolicy | null = null
  private readonly url: ProjectUrl
  private findingsNow: readonly FileFindings[] | null = null
  private openNow: OpenExpressions | null = null
  private configFacts: ConfigFacts | null = null

  constructor(
    readonly location: ProjectLocation,
    private readonly surroundings: ProjectSurroundings,
  ) {
    this.source = new SchemaSource(location.schemaPath, surroundings.files)
    this.url = new ProjectUrl({
      search: () => this.urlSearch(),
      storedUrl: () => surroundings.storedUrl(),
      onFound: (found) => {
        for (const url of [found.url, found.directUrl, this.scratchUrl]) surroundings.secrets.add(url)
        surroundings.onUrlFound?.(labelOfUrl(found), found.source)
      },
    })
    this.live = new LiveDatabase({
      findUrl: () => this.url.find(),
      mayConnect: () => surroundings.isTrusted(),
      expressionsToSpell: (database) => this.expressionsToSpell(database),
      hasUnfinishedMigration,
    })
    this.live.onChange(() => (this.findingsNow = null))
  }

  get root(): string {
    return this.location.root
  }

  /** What a person calls it: its folder in what was opened, or that folder's own name. */
  get name(): string {
    const relative = path.relative(this.surroundings.displayRoot, this.root)
    const isBelow = relative !== '' && !relative.startsWith('..')
    return isBelow ? relative.split(path.sep).join('/') : path.basename(this.root)
  }

  /** What is searched for the application's code, and the package that Prisma stands in: all that was opened. */
  get codeRoot(): string {
    const { displayRoot } = this.surroundings
    return isInside(displayRoot, this.root) ? displayRoot : this.root
  }

  /** What the project writes lies in these, wherever links and settings lead. */
  get writableFolders(): WritableFolders {
    return writableFolders(this.root, this.surroundings.displayRoot)
  }

  /** Throws `path-outside-project` where one of the files really lies elsewhere; before anything else is changed. */
  requireWritable(files: readonly string[]): void {
    for (const file of new Set(files)) resolveWritable(file, this.writableFolders)
  }

  /** For what is only offered where it could be written. */
  mayWrite(files: readonly string[]): boolean {
    return files.every((file) => isWritable(file, this.writableFolders))
  }

  /** Where backups are written: the folder that the user named, wherever it is, or one in the project. */
  get backupFolder(): string {
    return this.namedBackupFolder ?? resolveWritable(path.join(this.root, 'backups'), this.writableFolders)
  }

  /** Where Prisma keeps the project's migrations, or would. */
  get migrationsFolder(): string {
    return findMigrationsFolder({
      schema: this.schema,
      schemaPath: this.location.schemaPath,
      root: this.codeRoot,
      readTextFile: (file) => this.surroundings.files.find(file),
      isFolder,
    })
  }

  get environment(): Readonly<Record<string, string | undefined>> {
    return this.surroundings.environment
  }

  /** The schema as it stands in the buffers. */
  get schema(): SchemaModel {
    return this.source.model
  }

  get policy(): Policy | null {
    return this.readPolicy().policy
  }

  get policyProblems(): ParsedPolicy['problems'] {
    return this.readPolicy().problems
  }

  /** What the catalog said last; null before the first reading and while there is no connection. */
  get database(): DatabaseModel | null {
    return this.live.snapshot?.database ?? null
  }

  /** The schema, or an AuditError where it does not parse: nothing is planned or written from half a schema. */
  requireSchema(): SchemaModel {
    const problems = this.schema.files.flatMap((file) =>
      file.problems.map(
        ({ message, range }) =>
          `${this.displayPath(file.path)}:${range.start.line + 1}:${range.start.character + 1} ${message}`,
      ),
    )
    if (problems.length > 0) throw schemaInvalid(problems)
    return this.schema
  }

  /** The policy, or an AuditError that says why there is none to work by. */
  requirePolicy(): Policy {
    const { policy, problems } = this.readPolicy()
    if (policy !== null) return policy
    const file = this.displayPath(this.location.policyPath)
    throw problems.length === 0 ? noPolicy(file) : policyInvalid(file, problems)
  }

  /** Is there a policy, be it valid or not? */
  get hasPolicy(): boolean {
    const { policy, problems } = this.readPolicy()
    return policy !== null || problems.length > 0
  }

  /** What `prisma.config.*` leaves to others than Prisma. */
  get external(): ExternalNames {
    return this.knownOfConfig.external
  }

  /** What says that the project is written for Prisma 8, whose language is another; null for Prisma 5 to 7. */
  get otherLanguage(): OtherLanguage | null {
    for (const { path: file, text } of this.source.sources) {
      const version = otherLanguageOf(text)
      if (version !== null)
        return { file, isSchema: true, what: version === 'next' ? 'Prisma Next' : `Prisma ${version}` }
    }
    const { prisma8File } = this.knownOfConfig
    return prisma8File === null ? null : { file: prisma8File, isSchema: false, what: 'Prisma 8' }
  }

  /** Throws where nothing that is found, planned or written would be right. */
  refuseOtherLanguage(): void {
    const other = this.otherLanguage
    if (other !== null) throw prisma8Unsupported(this.displayPath(other.file), other.what)
  }

  /** Throws where there is a policy and it is not valid: to go on would be to work without one. */
  refuseInvalidPolicy(): void {
    const { problems } = this.readPolicy()
    if (problems.length > 0) throw policyInvalid(this.displayPath(this.location.policyPath), problems)
  }

  /** Everything that is found now, with what is known of the database. */
  findings(): readonly Finding[] {
    return this.findingsByFile().flatMap(({ findings }) => findings)
  }

  /** The same, file by file: a file's list is the very same object for as long as nothing in it changes. */
  findingsByFile(): readonly FileFindings[] {
    this.findingsNow ??= this.compareWith(this.database)
    return this.findingsNow
  }

  /**
   * What the project and its database are found to be. Where neither has changed since the last time, that is what was
   * found then, on this machine: only the catalog's fingerprint is asked for, and no schema is parsed.
   */
  async answer(signal: AbortSignal): Promise<Answer> {
    this.live.connectAhead()
    const question = await this.question()
    const kept = readSavedFindings(question)
    if (kept !== null && (await this.live.isStill(kept.fingerprint, signal))) return kept.answer
    // Answers are kept of valid policies only.
    this.refuseInvalidPolicy()
    const answer = this.answerFrom(await this.live.read(signal, () => this.source.parseAhead(), true))
    this.save(question)
    return answer
  }

  /** The same from what the catalog is known to say. */
  answerFrom(database: DatabaseModel): Answer {
    const { name, serverVersion, tables } = database
    return {
      database: { name, serverVersion, tables: tables.length },
      models: modelsOf(this.schema).length,
      files: database === this.database ? this.findingsByFile() : this.compareWith(database),
    }
  }

  /** A file of the project has another text now: in a buffer, or on the disk. */
  fileChanged(file: string): void {
    if (file === this.location.policyPath) this.policyReading = null
    else if (!this.source.owns(file) || !this.source.changed(file)) return
    this.findingsNow = null
  }

  /** Something changed that says where the database is: `.env`, `prisma.config.*`, the trust. */
  surroundingsChanged(): void {
    this.url.forget()
    this.configFacts = null
    this.findingsNow = null
    this.live.connect()
  }

  ownsSchemaFile(file: string): boolean {
    return this.source.owns(file)
  }

  /**
   * Where the database is, and which one answers there. A command asks for it once and keeps to it: what the project's files
   * say a moment later is for the next command.
   */
  async databaseTarget(signal: AbortSignal): Promise<DatabaseTarget> {
    const { url, directUrl, schemas, defaultSchema } = await this.url.find()
    const target = { url: directUrl ?? url, label: describeUrl(directUrl ?? url).label, schemas, defaultSchema }
    return { ...target, server: await this.live.identify(target, signal) }
  }

  /** The host of the database that the editor looks at. */
  async databaseHost(): Promise<string> {
    const { url, directUrl } = await this.url.find()
    return describeUrl(directUrl ?? url).host
  }

  /** Goes on with a URL that the user typed, if it connects; answers the database's label. Nothing is tried twice. */
  async tryUrl(url: string): Promise<string> {
    this.surroundings.secrets.add(url)
    await withClient(url, { connectTimeout: 10_000 }, (client) => client.query('SELECT 1'))
    this.url.type(url)
    this.live.connect()
    return describeUrl(url).label
  }

  forgetTypedUrl(): void {
    this.url.type(null)
    this.live.connect()
  }

  /** Before a command of an editor: looks again where the database is, should a file have changed unnoticed. */
  async findUrlAgain(): Promise<void> {
    if (await this.url.hasChanged()) this.live.connect()
  }

  configure(settings: ProjectSettings): void {
    const { backupDirectory } = settings
    this.namedBackupFolder = backupDirectory === '' ? null : path.resolve(this.root, backupDirectory)
    this.pgDumpPath = settings.pgDumpPath === '' ? null : settings.pgDumpPath
    this.writesMigrations = settings.migrationFiles
    this.scratchUrl = settings.scratchDatabaseUrl === '' ? null : settings.scratchDatabaseUrl
    this.rehearsesFirst = settings.rehearse
  }

  /** Reads the catalog now, and keeps it as the latest snapshot. */
  async readDatabase(signal: AbortSignal): Promise<DatabaseModel> {
    return await this.live.read(signal, () => this.source.parseAhead(), false)
  }

  /** The same of a command's target, wherever the project's own files lead by now. */
  async readTarget(target: DatabaseTarget, signal: AbortSignal): Promise<DatabaseModel> {
    return await this.live.readTarget(target, signal, () => this.source.parseAhead())
  }

  readFile(file: string): string | null {
    return this.surroundings.files.read(file)
  }

  /** Null, too, where it cannot be read. */
  findFile(file: string): string | null {
    return this.surroundings.files.find(file)
  }

  displayPath(file: string): string {
    const relative = path.relative(this.surroundings.displayRoot, file)
    return relative === '' || relative.startsWith('..') ? file : relative.split(path.sep).join('/')
  }

  /**
   * Writes edits to the disk, every file whole or not at all. For a terminal; an editor edits its own buffers. Throws
   * `path-outside-project`, before any is written.
   */
  writeEdits(edits: readonly TextEdit[]): void {
    writeEdits(edits, {
      readFile: (file) => this.readFile(file),
      writableFolders: this.writableFolders,
      onWritten: (file) => this.fileChanged(file),
    })
  }

  async close(): Promise<void> {
    await this.live.close()
  }

  /** Worked out once for a schema and a catalog. */
  private expressionsToSpell(database: DatabaseModel): readonly ExpressionPair[] {
    const { schema, openNow } = this
    if (openNow?.schema === schema && openNow.database === database) return openNow.pairs
    const pairs = openExpressions(schema, database, this.cache)
    this.openNow = { schema, database, pairs }
    return pairs
  }

  private compareWith(database: DatabaseModel | null): readonly FileFindings[] {
    const { schema, cache, external, otherLanguage, location, surroundings } = this
    return findingsOfProject({
      ...{ schema, database, external, cache, otherLanguage },
      policy: {
        path: location.policyPath,
        text: surroundings.files.find(location.policyPath) ?? '',
        reading: this.readPolicy(),
      },
      reportsSyntax: surroundings.reportsSyntax,
    })
  }

  private get knownOfConfig(): ConfigFacts {
    this.configFacts ??= readConfigFacts({
      schemaPath: this.location.schemaPath,
      root: this.codeRoot,
      readTextFile: (file) => this.surroundings.files.find(file),
    })
    return this.configFacts
  }

  private urlSearch(): UrlSearch {
    const { surroundings, location } = this
    if (surroundings.urlOverride === null) this.refuseOtherLanguage()
    return {
      schema: this.source.datasources,
      schemaPath: location.schemaPath,
      root: this.codeRoot,
      override: surroundings.urlOverride,
      environment: surroundings.environment,
      trusted: surroundings.isTrusted(),
      readTextFile: (file) => surroundings.files.read(file),
      ...(surroundings.signal === undefined ? {} : { signal: surroundings.signal }),
      onRun: (file) => surroundings.onConfigRun?.(file),
    }
  }

  private save(question: Question): void {
    const { snapshot } = this.live
    if (!snapshot?.fingerprint || this.policyProblems.length > 0) return
    saveFindings(question, { answer: this.answerFrom(snapshot.database), fingerprint: snapshot.fingerprint })
  }

  private async question(): Promise<Question> {
    const { location, external, surroundings } = this
    const { label, schemas, defaultSchema } = await this.live.place()
    const policy = surroundings.files.find(location.policyPath)
    return questionOf(
      [location.schemaPath, label],
      [
        JSON.stringify([schemas, defaultSchema, external, surroundings.reportsSyntax]),
        ...(policy === null ? ['no policy'] : ['policy', location.policyPath, policy]),
        ...this.source.sources.flatMap(({ path: file, text }) => [file, text.toString()]),
      ],
    )
  }

  private readPolicy(): ParsedPolicy {
    this.policyReading ??= readPolicyFile(this.location.policyPath, this.surroundings.files)
    return this.policyReading
  }
}
