import path from 'node:path'
import { compareFiles } from '../audit/compare'
import { createComparisonCache } from '../audit/comparison-cache'
import { openExpressions } from '../audit/open-expressions'
import type { ExternalNames } from '../audit/database-index'
import { kindOfCode } from '../audit-fields/kinds'
import { type FileFindings, type Finding } from '../audit/finding'
import { otherLanguageFinding } from '../audit/other-language'
import type { ParsedPolicy } from '../audit-fields/parse-policy'
import type { Policy } from '../audit-fields/policy'
import { policyFindings } from '../audit/policy-findings'
import { schemaSyntax } from '../audit/schema-syntax'
import type { ExpressionPair } from '../database/model-expressions'
import { withClient } from '../database/connect'
import { describeUrl } from '../database/describe-url'
import type { DatabaseModel } from '../database/model'
import { AuditError } from '../errors'
import { applyEdits } from '../schema/edits/apply-edits'
import type { TextEdit } from '../schema/edits/text-edit'
import { findDatabaseUrl, type DatabaseUrl } from '../schema/connection/find-database-url'
import { findMigrationsFolder } from '../schema/connection/find-migrations-folder'
import { findPrismaConfig, readPrismaConfig } from '../schema/connection/prisma-config'
import { modelsOf } from '../schema/lookup'
import { otherLanguageOf } from '../schema/other-language'
import type { SchemaModel } from '../schema/model'
import { fileMissing, noPolicy, policyInvalid, prisma8Unsupported, schemaInvalid } from './errors'
import { saveFindings, questionOf, readSavedFindings, type Answer, type Question } from './saved-findings'
import { LiveDatabase, type DatabaseTarget } from './live-database'
import { readPolicyText } from './read-policy'
import type { Secrets } from '../secrets'
import { SchemaSource } from './schema-source'
import { isFolder, isInside, type SourceFiles } from './source-files'
import { isWritable, replaceFile, resolveWritable, writableFolders, type WritableFolders } from '../written-paths'

export interface ProjectLocation {
  /** The folder that the policy stands in, or the package; everything that the project writes stands below it. */
  readonly root: string
  /** The schema, a file or a folder. */
  readonly schemaPath: string
  /** Where the policy is, or would be. */
  readonly policyPath: string
}

export interface ProjectSurroundings {
  readonly files: SourceFiles
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Told of each connection URL that is used. */
  readonly secrets: Secrets
  /** Paths are shown relative to this folder. */
  readonly displayRoot: string
  /** A URL that goes before all others: `--url`, or the initialization option of an editor. */
  readonly urlOverride: string | null
  /** The URL that the user stored for the project, or null. */
  storedUrl(): Promise<string | null>
  /** Is nobody else there to report syntax errors of the schema? */
  readonly reportsSyntax: boolean
  /** Only in a trusted workspace is code of the project run. */
  isTrusted(): boolean
  /** Gives up what is run to find the URL. */
  readonly signal?: AbortSignal
  /** Called with the database that is used, whenever it is found afresh: its label and where its URL stands. */
  readonly onUrlFound?: (label: string, source: string) => void
  /** Called before a configuration is run to find the URL, with its name. */
  readonly onConfigRun?: (file: string) => void
}

export interface ProjectSettings {
  /** Relative to the project's root; empty: `backups`. */
  readonly backupDirectory: string
  /** Empty: the best one that is installed. */
  readonly pgDumpPath: string
  /** Does a migration leave its SQL in the project? */
  readonly migrationFiles: boolean
  /** Empty: an embedded PostgreSQL. */
  readonly scratchDatabaseUrl: string
  readonly rehearse: boolean
}

interface OpenExpressions {
  readonly schema: SchemaModel
  readonly database: DatabaseModel
  readonly pairs: readonly ExpressionPair[]
}

export interface OtherLanguage {
  /** The schema file or the configuration that says it. */
  readonly file: string
  readonly isSchema: boolean
  /** `Prisma 8` */
  readonly what: string
}

interface ConfigFacts {
  readonly external: ExternalNames
  readonly prisma8File: string | null
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
  private typedUrl: string | null = null
  private urlFound: Promise<DatabaseUrl> | null = null
  private findingsNow: readonly FileFindings[] | null = null
  private openNow: OpenExpressions | null = null
  private configFacts: ConfigFacts | null = null

  constructor(
    readonly location: ProjectLocation,
    private readonly surroundings: ProjectSurroundings,
  ) {
    this.source = new SchemaSource(location.schemaPath, surroundings.files)
    this.live = new LiveDatabase({
      findUrl: () => this.findUrl(),
      mayConnect: () => surroundings.isTrusted(),
      expressionsToSpell: (database) => this.expressionsToSpell(database),
    })
    this.live.onChange(() => (this.findingsNow = null))
  }

  get root(): string {
    return this.location.root
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
    this.urlFound = null
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
    const { url, directUrl, schemas, defaultSchema } = await this.findUrl()
    const target = { url: directUrl ?? url, label: describeUrl(directUrl ?? url).label, schemas, defaultSchema }
    return { ...target, server: await this.live.identify(target, signal) }
  }

  /** The host of the database that the editor looks at. */
  async databaseHost(): Promise<string> {
    const { url, directUrl } = await this.findUrl()
    return describeUrl(directUrl ?? url).host
  }

  /** Goes on with a URL that the user typed, if it connects; answers the database's label. Nothing is tried twice. */
  async tryUrl(url: string): Promise<string> {
    this.surroundings.secrets.add(url)
    await withClient(url, { connectTimeout: 10_000 }, (client) => client.query('SELECT 1'))
    this.typedUrl = url
    this.urlFound = null
    this.live.connect()
    return describeUrl(url).label
  }

  forgetTypedUrl(): void {
    this.typedUrl = null
    this.urlFound = null
    this.live.connect()
  }

  /** Before a command of an editor: looks again where the database is, should a file have changed unnoticed. */
  async findUrlAgain(): Promise<void> {
    const before = await this.urlFound?.catch(() => null)
    this.urlFound = null
    const now = await this.findUrl().catch(() => null)
    if (before?.url !== now?.url) this.live.connect()
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
    this.requireWritable(edits.map(({ file }) => file))
    for (const file of new Set(edits.map((edit) => edit.file))) {
      const text = this.readFile(file)
      if (text === null) throw fileMissing(file)
      const next = applyEdits(
        text,
        edits.filter((edit) => edit.file === file),
      )
      replaceFile(resolveWritable(file, this.writableFolders), next)
      this.fileChanged(file)
    }
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
    const { schema, policy, cache, external } = this
    const other = this.otherLanguage
    if (other !== null) return this.nothingBut(other)
    const compared = this.withPolicyFindings(compareFiles({ schema, policy, database, cache, external }))
    if (!this.surroundings.reportsSyntax || schema.files.every((file) => file.problems.length === 0)) return compared
    return compared.map((entry, index) => {
      const file = schema.files[index]
      if (file === undefined || file.problems.length === 0) return entry
      return { file: entry.file, findings: [...schemaSyntax(file), ...entry.findings] }
    })
  }

  /** One hint, where the schema begins. */
  private nothingBut({ file, isSchema, what }: OtherLanguage): readonly FileFindings[] {
    const files = this.schema.files.map(({ path: schemaFile }) => schemaFile)
    const hinted = isSchema ? file : files[0]
    return files.map((schemaFile) => ({
      file: schemaFile,
      findings: schemaFile === hinted ? [otherLanguageFinding(schemaFile, what)] : [],
    }))
  }

  /** With a policy that is not valid, nothing is said as if there were none. */
  private withPolicyFindings(compared: readonly FileFindings[]): readonly FileFindings[] {
    const reading = this.readPolicy()
    const { policyPath } = this.location
    const text = this.surroundings.files.find(policyPath) ?? ''
    const found = policyFindings(policyPath, text, reading, this.schema)
    if (found.length === 0) return compared
    const isAudit = (finding: Finding) => kindOfCode(finding.code) !== undefined
    const schemaFiles =
      reading.policy !== null
        ? compared
        : compared.map(({ file, findings }) => ({ file, findings: findings.filter((finding) => !isAudit(finding)) }))
    return [...schemaFiles, { file: policyPath, findings: found }]
  }

  private get knownOfConfig(): ConfigFacts {
    this.configFacts ??= this.readConfigFacts()
    return this.configFacts
  }

  /** What `prisma.config.*` says besides the URL, as far as it shows without running the file. */
  private readConfigFacts(): ConfigFacts {
    const config = findPrismaConfig({
      schemaPath: this.location.schemaPath,
      root: this.codeRoot,
      readTextFile: (file) => this.surroundings.files.find(file),
    })
    if (config === null) return { external: { tables: [], enums: [] }, prisma8File: null }
    const { externalTables, externalEnums, isOfPrisma8 } = readPrismaConfig(config)
    const external = { tables: externalTables, enums: externalEnums }
    return { external, prisma8File: isOfPrisma8 ? config.path : null }
  }

  private findUrl(): Promise<DatabaseUrl> {
    if (this.urlFound !== null) return this.urlFound
    const finding = this.findUrlAfresh()
    this.urlFound = finding
    // What was not found is looked for again by the next who asks.
    finding.catch(() => {
      if (this.urlFound === finding) this.urlFound = null
    })
    return finding
  }

  private async findUrlAfresh(): Promise<DatabaseUrl> {
    const { surroundings, location } = this
    if (surroundings.urlOverride === null) this.refuseOtherLanguage()
    const found = await findDatabaseUrl({
      schema: this.source.datasources,
      schemaPath: location.schemaPath,
      root: this.codeRoot,
      override: surroundings.urlOverride,
      stored: this.typedUrl ?? (await surroundings.storedUrl()),
      environment: surroundings.environment,
      trusted: surroundings.isTrusted(),
      readTextFile: (file) => surroundings.files.read(file),
      ...(surroundings.signal === undefined ? {} : { signal: surroundings.signal }),
      onRun: (file) => surroundings.onConfigRun?.(file),
    })
    for (const url of [found.url, found.directUrl, this.scratchUrl]) surroundings.secrets.add(url)
    surroundings.onUrlFound?.(labelOf(found), found.source)
    return found
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

/** With the way past a pooler, where there is one. */
function labelOf({ url, directUrl }: DatabaseUrl): string {
  const { label } = describeUrl(url)
  const direct = directUrl === null ? label : describeUrl(directUrl).label
  return direct === label ? label : `${label}, for migrations ${direct}`
}

/** A policy that cannot be read is one that is not valid: never none. */
function readPolicyFile(file: string, files: SourceFiles): ParsedPolicy {
  try {
    const text = files.read(file)
    return text === null ? { policy: null, problems: [], names: [] } : readPolicyText(text)
  } catch (error) {
    if (!(error instanceof AuditError)) throw error
    return { policy: null, problems: [{ message: `${error.message} ${error.why}`, path: [], offset: 0 }], names: [] }
  }
}
