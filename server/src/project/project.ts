import path from 'node:path'
import type { ExternalNames } from '../audit/database-index'
import type { Policy } from '../audit-fields/policy'
import { withClient } from '../database/connect'
import { describeUrl } from '../database/describe-url'
import type { DatabaseModel } from '../database/model'
import type { TextEdit } from '../schema/edits/text-edit'
import { findMigrationsFolder } from '../schema/connection/find-migrations-folder'
import { datasourceSettingsOf, otherProviderOf } from '../schema/lookup'
import { otherLanguageOf } from '../schema/other-language'
import type { SchemaModel } from '../schema/model'
import { DEFAULT_CHOICES, type ProjectChoices } from './choices'
import { prisma8Unsupported, providerUnsupported, schemaInvalid } from './errors'
import { readConfigFacts, type ConfigFacts } from './config-facts'
import { labelOfUrl, ProjectUrl, type UrlSearch } from './database-url'
import { LiveDatabase, type DatabaseTarget } from './live-database'
import type { OtherLanguage, ProjectLocation, ProjectSurroundings } from './model'
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

/** One Prisma project: its files, policy, connection and latest snapshot of the catalog. All state is here. */
export class Project {
  readonly url: ProjectUrl
  readonly live: LiveDatabase
  readonly findings: ProjectFindings
  readonly paths: ProjectPaths
  readonly policyFile: PolicyFile
  readonly standings: Standings
  /** Of the database that the last command settled on; null before. */
  latestTarget: DatabaseTarget | null = null
  /** The title of the command that runs now; null where none does. There is one at a time. */
  runningCommand: string | null = null
  /** The start of the application that the user has agreed to, as `smoke` shows it. */
  confirmedStart: string | null = null
  /** Was it offered that Git ignores the backups? Once a session is enough. */
  hasOfferedGitignore = false
  private chosen: ProjectChoices = DEFAULT_CHOICES
  private readonly source: SchemaSource
  private configFacts: ConfigFacts | null = null

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
      findUrl: () => this.url.find(),
      mayConnect: () => surroundings.isTrusted(),
      expressionsToSpell: (database) => this.findings.expressionsToSpell(database),
      hasUnfinishedMigration,
    })
    this.findings = new ProjectFindings({
      ...{ location, paths: this.paths, source: this.source, policyFile: this.policyFile, live: this.live },
      reportsSyntax: surroundings.reportsSyntax,
      external: () => this.external,
      otherLanguage: () => this.otherLanguage,
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

  /** Where backups are written: the folder that the user named, wherever it is, or one in the project. */
  get backupFolder(): string {
    return this.chosen.backupFolder ?? this.paths.resolveWritable(path.join(this.root, 'backups'))
  }

  /** Where Prisma keeps the project's migrations, or would. */
  get migrationsFolder(): string {
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

  /** The schema as it stands in the buffers. */
  get schema(): SchemaModel {
    return this.source.model
  }

  /** Null where there is none, or none that is valid. */
  get policy(): Policy | null {
    return this.policyFile.reading.policy
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
          `${this.paths.display(file.path)}:${range.start.line + 1}:${range.start.character + 1} ${message}`,
      ),
    )
    if (problems.length > 0) throw schemaInvalid(problems)
    return this.schema
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
    if (other !== null) throw prisma8Unsupported(this.paths.display(other.file), other.what)
  }

  /** Throws where the schema is for another database, whose types and migrations would all look wrong, or worse, right. */
  refuseOtherProvider(): void {
    const other = otherProviderOf(this.schema)
    if (other !== null) throw providerUnsupported(other)
  }

  /** A file of the project has another text now: in a buffer, or on the disk. */
  fileChanged(file: string): void {
    if (file === this.location.policyPath) this.policyFile.changed()
    else if (this.source.owns(file)) this.source.changed(file)
  }

  /** Something changed that says where the database is: `.env`, `prisma.config.*`, the trust. */
  surroundingsChanged(): void {
    this.url.forget()
    this.configFacts = null
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
    const place = { url: directUrl ?? url, label: describeUrl(directUrl ?? url).label, schemas, defaultSchema }
    const answering = await this.live.identify(place, signal)
    const target = { ...place, server: answering.server, standing: this.standings.of(place.url, answering) }
    this.latestTarget = target
    return target
  }

  /** What the database is that the editor looks at; null where that is not known. */
  get standing(): DatabaseStanding | null {
    const { url, answering, snapshot } = this.live
    return this.standings.shown(url, answering, snapshot?.readAt)
  }

  /** The host of the database that the editor looks at. */
  async databaseHost(): Promise<string> {
    const { url, directUrl } = await this.url.find()
    return describeUrl(directUrl ?? url).host
  }

  /** A value of the environment that goes into requests: it is never shown. */
  hideValue(value: string): void {
    this.surroundings.secrets.addPassword(value)
  }

  /** Goes on with a URL that the user typed, if it connects; answers the database's label. Nothing is tried twice. */
  async tryUrl(url: string): Promise<string> {
    this.surroundings.secrets.add(url)
    await withClient(url, { connectTimeout: 10_000 }, (client) => client.query('SELECT 1'))
    this.url.type(url)
    return describeUrl(url).label
  }

  /** Before a command of an editor: looks again where the database is, should a file have changed unnoticed. */
  async findUrlAgain(): Promise<void> {
    if (await this.url.hasChanged()) this.live.connect()
  }

  get choices(): ProjectChoices {
    // What is tried in the sandbox is no history of the project's.
    return this.url.sandboxUrl === null ? this.chosen : { ...this.chosen, writesMigrations: false }
  }

  /** Where the project's objects are in its database; nothing is asked of it, and there need be none. */
  async databaseScope(): Promise<Pick<DatabaseTarget, 'schemas' | 'defaultSchema'>> {
    const found = await this.url.find().catch(() => null)
    const { schemas } = datasourceSettingsOf(this.schema)
    const defaultSchema = found?.defaultSchema ?? 'public'
    return { schemas: found?.schemas ?? (schemas.length > 0 ? schemas : [defaultSchema]), defaultSchema }
  }

  /** What the user has said; all else stays as it is. */
  choose(choices: Partial<ProjectChoices>): void {
    this.chosen = { ...this.chosen, ...choices }
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

  /**
   * Writes edits to the disk, every file whole or not at all. For a terminal; an editor edits its own buffers. Throws
   * `path-outside-project`, before any is written.
   */
  writeEdits(edits: readonly TextEdit[]): void {
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

  private get knownOfConfig(): ConfigFacts {
    this.configFacts ??= readConfigFacts({
      schemaPath: this.location.schemaPath,
      root: this.paths.codeRoot,
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
      root: this.paths.codeRoot,
      override: surroundings.urlOverride,
      environment: surroundings.environment,
      trusted: surroundings.isTrusted(),
      readTextFile: (file) => surroundings.files.read(file),
      ...(surroundings.signal === undefined ? {} : { signal: surroundings.signal }),
      onRun: (file) => surroundings.onConfigRun?.(file),
    }
  }
}
