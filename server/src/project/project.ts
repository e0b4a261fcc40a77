import path from 'node:path'
import type { ExternalNames } from '../audit/database-index'
import type { Policy } from '../audit-fields/policy'
import { withClient } from '../database/connect'
import { describeUrl } from '../database/describe-url'
import type { DatabaseModel } from '../database/model'
import type { TextEdit } from '../schema/edits/text-edit'
import { findMigrationsFolder, type FoundMigrationsFolder } from '../schema/connection/find-migrations-folder'
import { datasourceSettingsOf, otherProviderOf } from '../schema/lookup'
import type { SchemaModel } from '../schema/model'
import { DEFAULT_CHOICES, type ProjectChoices } from './choices'
import { completeSchema } from './complete-schema'
import { prisma8Unsupported, providerUnsupported } from './errors'
import { ConfigFacts } from './config-facts'
import { labelOfUrl, ProjectUrl, type UrlSearch } from './database-url'
import type { DatabaseTarget } from './database-target'
import { LiveDatabase } from './live-database'
import type { ProjectLocation, ProjectSurroundings } from './model'
import { findOtherLanguage, type OtherLanguage } from './other-language'
import { PolicyFile } from './policy-file'
import { ProjectFindings } from './findings'
import { ProjectPaths } from './project-paths'
import type { DatabaseStanding } from './database-standing'
import { Standings } from './standings'
import { hasUnfinishedMigration } from './unfinished-migration'
import { SchemaSource } from './schema-source'
import { isFolder } from './source-files'
import { writeEdits } from './write-edits'
import type { EnvironmentVariables } from '../platform/environment-variables'
import { spelledOnDisk } from '../platform/spelling'
import { phrase, type Phrase } from '../text/phrase'

/** One Prisma project: its files, policy, connection and latest snapshot of the catalog. All state is here. */
export class Project {
  readonly url: ProjectUrl
  readonly live: LiveDatabase
  readonly findings: ProjectFindings
  readonly paths: ProjectPaths
  readonly policyFile: PolicyFile
  readonly standings: Standings
  /** Of the last resolved command target; null before. */
  latestTarget: DatabaseTarget | null = null
  /** The title of the running command, in English; null if there is none. Only one runs at a time. */
  runningCommand: string | null = null
  /** The start command of the application that the user has confirmed, as `smoke` shows it. */
  confirmedStart: string | null = null
  /** Whether the .gitignore for backups was already offered in this session. */
  hasOfferedGitignore = false
  private chosen: ProjectChoices = DEFAULT_CHOICES
  private readonly source: SchemaSource
  private readonly config: ConfigFacts

  constructor(
    readonly location: ProjectLocation,
    private readonly surroundings: ProjectSurroundings,
  ) {
    this.paths = new ProjectPaths(location.root, surroundings.displayRoot, surroundings.shownFrom)
    this.source = new SchemaSource(location.schemaPath, surroundings.files)
    this.policyFile = new PolicyFile({
      path: location.policyPath,
      files: surroundings.files,
      shownPath: this.paths.display(location.policyPath),
    })
    this.config = new ConfigFacts({
      schemaPath: location.schemaPath,
      root: this.paths.codeRoot,
      readTextFile: (file) => surroundings.files.find(file),
    })
    this.url = new ProjectUrl({
      search: () => this.urlSearch(),
      storedUrl: () => surroundings.storedUrl(),
      onFound: (found) => {
        for (const url of [found.url, found.directUrl, this.chosen.scratchUrl]) surroundings.secrets.add(url)
        surroundings.onUrlFound?.(labelOfUrl(found), found.source)
      },
      onChange: () => this.live.connect(),
    })
    this.live = new LiveDatabase({
      findUrl: async () => {
        this.refuseOtherProvider()
        return await this.url.find()
      },
      mayConnect: () => surroundings.isTrusted(),
      expressionsToSpell: (database) => this.findings.expressionsToSpell(database),
      hasUnfinishedMigration,
    })
    this.findings = new ProjectFindings({
      ...{ location, paths: this.paths, source: this.source, policyFile: this.policyFile, live: this.live },
      reportsSyntax: surroundings.reportsSyntax,
      external: () => this.external,
      otherLanguage: () => this.otherLanguage,
      otherProvider: () => this.otherProvider,
    })
    this.standings = new Standings({
      environment: surroundings.environment,
      policy: () => this.policy,
      chosen: () => this.chosen.environment,
      isSandbox: (url) => url === this.url.sandboxUrl,
    })
  }

  get root(): string {
    return this.location.root
  }

  /** Where backups are written: the folder from the settings, wherever it is, or one in the project. */
  get backupFolder(): string {
    return this.chosen.backupFolder ?? this.paths.resolveWritable(path.join(this.root, 'backups'))
  }

  /** The folder of Prisma's migrations, existing or not. */
  get migrationsFolder(): string {
    return spelledOnDisk(this.location.root, this.findMigrationsFolder().folder)
  }

  /** The configuration that keeps the folder of the migrations from being known; null if it is known. */
  get migrationsPathHiddenIn(): string | null {
    return this.findMigrationsFolder().hiddenIn
  }

  private findMigrationsFolder(): FoundMigrationsFolder {
    return findMigrationsFolder({
      schema: this.schema,
      schemaPath: this.location.schemaPath,
      root: this.paths.codeRoot,
      readTextFile: (file) => this.surroundings.files.find(file),
      isFolder,
    })
  }

  get environment(): EnvironmentVariables {
    return this.surroundings.environment
  }

  /** The schema in the buffers. */
  get schema(): SchemaModel {
    return this.source.model
  }

  /** Null if there is none, or it is invalid. */
  get policy(): Policy | null {
    return this.policyFile.reading.policy
  }

  /** The latest catalog; null before the first read and without a connection. */
  get database(): DatabaseModel | null {
    return this.live.snapshot?.database ?? null
  }

  /** As in the buffers; see `completeSchema`. */
  requireSchema(): SchemaModel {
    return completeSchema(this.schema, this.paths)
  }

  /** Objects that `prisma.config.*` excludes from Prisma Migrate. */
  get external(): ExternalNames {
    return this.config.external
  }

  /** What shows that the project is for Prisma 8, whose language differs; null for Prisma 5 to 7. */
  get otherLanguage(): OtherLanguage | null {
    return findOtherLanguage(this.source.sources, this.config.prisma8File)
  }

  /** Throws if findings, plans or edits would be wrong. */
  private refuseOtherLanguage(): void {
    const other = this.otherLanguage
    if (other !== null) throw prisma8Unsupported(this.paths.display(other.file), other.what)
  }

  /** The provider of a schema that is for another database, such as `mysql`; otherwise null. Does not parse models. */
  get otherProvider(): string | null {
    return otherProviderOf(this.source.datasources)
  }

  /** Throws what a command should say before anything else, such as that there is no policy. */
  refuseUnsupported(): void {
    this.refuseOtherLanguage()
    this.refuseOtherProvider()
  }

  /** Throws if the schema is for another database: its types and migrations would be wrong. */
  private refuseOtherProvider(): void {
    if (this.otherProvider !== null) throw providerUnsupported(this.otherProvider)
  }

  /** A file of the project has changed, in a buffer or on disk. */
  fileChanged(file: string): void {
    if (file === this.location.policyPath) this.policyFile.changed()
    else if (this.source.owns(file)) this.source.changed(file)
  }

  /** Before the schema is edited by what a command planned a while ago. */
  readSchemaAgain(): void {
    this.source.readAgain()
  }

  /** Something changed that affects where the database is: `.env`, `prisma.config.*`, the trust. */
  surroundingsChanged(): void {
    this.url.forget()
    this.config.forget()
    this.live.connect()
  }

  ownsSchemaFile(file: string): boolean {
    return this.source.owns(file)
  }

  /**
   * Resolves the database and the server's identity. A command does this once and keeps the result; later changes of
   * the project's files are for the next command.
   */
  async databaseTarget(signal: AbortSignal): Promise<DatabaseTarget> {
    this.refuseOtherProvider()
    const { url, directUrl, schemas, defaultSchema } = await this.url.find()
    const place = { url: directUrl ?? url, label: describeUrl(directUrl ?? url).label, schemas, defaultSchema }
    const answering = await this.live.identify(place, signal)
    const target = { ...place, server: answering.server, standing: this.standings.of(place.url, answering) }
    this.latestTarget = target
    return target
  }

  /** The environment of the database that the editor uses; null if unknown. */
  get standing(): DatabaseStanding | null {
    const { url, answering, snapshot } = this.live
    return this.standings.shown(url, answering, snapshot?.readAt)
  }

  /** The host of the database that the editor uses. */
  async databaseHost(): Promise<string> {
    const { url, directUrl } = await this.url.find()
    return describeUrl(directUrl ?? url).host
  }

  /** An environment variable that is used in requests: its value is never shown. */
  hideValue(value: string): void {
    this.surroundings.secrets.addPassword(value)
  }

  /** Uses a URL that the user typed, if it connects; returns the database's label in words. Nothing is tried twice. */
  async tryUrl(url: string): Promise<Phrase> {
    this.surroundings.secrets.add(url)
    await withClient(url, { connectTimeout: 10_000 }, (client) => client.query('SELECT 1'))
    this.url.type(url)
    return describeUrl(url).named
  }

  /** Before a command in an editor: resolves the database again, in case a file changed unnoticed. */
  async findUrlAgain(): Promise<void> {
    if (await this.url.hasChanged()) this.live.connect()
  }

  get choices(): ProjectChoices {
    // Migrations in the sandbox are not recorded in the project's history.
    return this.url.sandboxUrl === null ? this.chosen : { ...this.chosen, writesMigrations: false }
  }

  /** The schemas of the project's objects; without a query or a database. */
  async databaseScope(): Promise<Pick<DatabaseTarget, 'schemas' | 'defaultSchema'>> {
    const found = await this.url.find().catch(() => null)
    const { schemas } = datasourceSettingsOf(this.schema)
    const defaultSchema = found?.defaultSchema ?? 'public'
    return { schemas: found?.schemas ?? (schemas.length > 0 ? schemas : [defaultSchema]), defaultSchema }
  }

  /** Changes these choices; all others stay the same. */
  choose(choices: Partial<ProjectChoices>): void {
    this.chosen = { ...this.chosen, ...choices }
  }

  /** Reads the catalog now and stores it as the latest snapshot. */
  async readDatabase(signal: AbortSignal): Promise<DatabaseModel> {
    return await this.live.read(signal, () => this.source.parseAhead(), false)
  }

  /** The same for a command's target, even if the project's files now lead elsewhere. */
  async readTarget(target: DatabaseTarget, signal: AbortSignal): Promise<DatabaseModel> {
    return await this.live.readTarget(target, signal, () => this.source.parseAhead())
  }

  readFile(file: string): string | null {
    return this.surroundings.files.read(file)
  }

  /** The version of that text in the editor; null if the file is not open there. */
  versionOf(file: string): number | null {
    return this.surroundings.files.versionOf(file)
  }

  /** Also null if it cannot be read. */
  findFile(file: string): string | null {
    return this.surroundings.files.find(file)
  }

  /**
   * Writes edits to files that no editor has open, each atomically. Throws before any is written:
   * `path-outside-project`, or `file-changed` if another program has changed one since.
   */
  writeEdits(edits: readonly TextEdit[]): void {
    for (const { file } of edits) this.source.requireUnchanged(file)
    writeEdits(edits, {
      readFile: (file) => this.readFile(file),
      writableFolders: this.paths.writableFolders,
      onWritten: (file) => this.fileChanged(file),
    })
  }

  async close(): Promise<void> {
    await this.live.close()
    await this.url.close()
  }

  private urlSearch(): UrlSearch {
    const { surroundings, location } = this
    if (surroundings.urlOverride === null) this.refuseOtherLanguage()
    return {
      schema: this.source.datasources,
      schemaPath: location.schemaPath,
      root: this.paths.codeRoot,
      override: surroundings.urlOverride,
      environment: surroundings.environment,
      whyNotRun: surroundings.isTrusted()
        ? (surroundings.whyConfigNotRun ?? null)
        : phrase`the workspace is not trusted`,
      readTextFile: (file) => surroundings.files.read(file),
      ...(surroundings.signal === undefined ? {} : { signal: surroundings.signal }),
      onRun: (file) => surroundings.onConfigRun?.(file),
    }
  }
}
