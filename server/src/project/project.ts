import path from 'node:path'
import { actorMissing, type ActorGap } from '../audit/actor-missing'
import { compareFiles } from '../audit/compare'
import { createComparisonCache } from '../audit/comparison-cache'
import { modelSides, type ModelSides } from '../audit/model-sides'
import { openExpressions } from '../audit/open-expressions'
import type { DatabaseIndex, ExternalNames } from '../audit/database-index'
import { type FileFindings, type Finding } from '../audit/finding'
import type { Policy } from '../audit-fields/policy'
import type { ExpressionPair } from '../database/model-expressions'
import { withClient } from '../database/connect'
import { describeUrl } from '../database/describe-url'
import type { DatabaseModel } from '../database/model'
import type { TextEdit } from '../schema/edits/text-edit'
import { findMigrationsFolder } from '../schema/connection/find-migrations-folder'
import { datasourceSettingsOf } from '../schema/lookup'
import { otherLanguageOf } from '../schema/other-language'
import type { ModelBlock, SchemaModel } from '../schema/model'
import { findActorGap, wantsActor } from './actor-gap'
import { answerOf, answerWithSaved } from './answers'
import { DEFAULT_CHOICES, type ProjectChoices } from './choices'
import { prisma8Unsupported, schemaInvalid } from './errors'
import type { Answer } from './saved-findings'
import { readConfigFacts, type ConfigFacts } from './config-facts'
import { labelOfUrl, ProjectUrl, type UrlSearch } from './database-url'
import { findingsOfProject } from './findings'
import { LiveDatabase, type DatabaseTarget } from './live-database'
import type { OtherLanguage, ProjectLocation, ProjectSurroundings } from './model'
import { PolicyFile } from './policy-file'
import { ProjectPaths } from './project-paths'
import type { DatabaseStanding } from './database-standing'
import { Standings } from './standings'
import { hasUnfinishedMigration } from './unfinished-migration'
import { SchemaSource } from './schema-source'
import { isFolder } from './source-files'
import { writeEdits } from './write-edits'

interface OpenExpressions {
  readonly database: DatabaseModel
  readonly pairs: readonly ExpressionPair[]
}

/** A database of ours that the project works with. */
interface RunningSandbox {
  readonly url: string
  readonly server: { readonly ended: Promise<void>; stop(): Promise<void> }
}

/** One Prisma project: its files, policy, connection and latest snapshot of the catalog. All state is here. */
export class Project {
  readonly live: LiveDatabase
  readonly paths: ProjectPaths
  readonly policyFile: PolicyFile
  readonly standings: Standings
  /** Of the database that the last command settled on; null before. */
  latestTarget: DatabaseTarget | null = null
  /** The title of the command that runs now; null where none does. There is one at a time. */
  runningCommand: string | null = null
  /** The start of the application that the user has agreed to, as `smoke` shows it. */
  confirmedStart: string | null = null
  private sandbox: RunningSandbox | null = null
  private chosen: ProjectChoices = DEFAULT_CHOICES
  private readonly cache = createComparisonCache()
  private readonly source: SchemaSource
  private readonly url: ProjectUrl
  /** Weak, since the schema of the last look at the database may be many edits old. */
  private readonly open = new WeakMap<SchemaModel, OpenExpressions>()
  private configFacts: ConfigFacts | null = null
  private gap: ActorGap | null = null

  constructor(
    readonly location: ProjectLocation,
    private readonly surroundings: ProjectSurroundings,
  ) {
    this.paths = new ProjectPaths(location.root, surroundings.displayRoot)
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
    })
    this.live = new LiveDatabase({
      findUrl: () => this.url.find(),
      mayConnect: () => surroundings.isTrusted(),
      expressionsToSpell: (database) => this.expressionsToSpell(database),
      hasUnfinishedMigration,
    })
    this.standings = new Standings({
      environment: surroundings.environment,
      policy: () => this.policy,
      chosen: () => this.chosen.environment,
      isSandbox: (url) => url === this.sandboxUrl,
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

  get environment(): Readonly<Record<string, string | undefined>> {
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

  /** Everything that is found now, with what is known of the database. */
  findings(): readonly Finding[] {
    return this.findingsByFile().flatMap(({ findings }) => findings)
  }

  /** The same, file by file: a file's list is the very same object for as long as nothing in it changes. */
  findingsByFile(): readonly FileFindings[] {
    return this.compareWith(this.database)
  }

  /** As `answerFrom` of the catalog as it is now; what was found the last time, where nothing has changed since. */
  async answer(signal: AbortSignal): Promise<Answer> {
    const { location, live, source, policyFile, external } = this
    const { reportsSyntax } = this.surroundings
    const answerFrom = (database: DatabaseModel) => this.answerFrom(database)
    return await answerWithSaved({ location, live, source, policyFile, external, reportsSyntax, answerFrom }, signal)
  }

  /** Everything that is found with what the catalog is known to say. */
  answerFrom(database: DatabaseModel): Answer {
    return answerOf(database, this.schema, this.compareWith(database))
  }

  /** How many warnings there would be with another policy, and with what is known of the database. */
  warningsWith(policy: Policy): number {
    const { schema, database, external } = this
    const files = compareFiles({ schema, policy, database, cache: createComparisonCache(), external })
    return files.flatMap(({ findings }) => findings).filter(({ severity }) => severity === 'warning').length
  }

  /**
   * Looks whether nothing in the workspace's code fills the fields of users that the policy asks for; findings say it from then on.
   * Answers whether they differ now.
   */
  async lookForActor(signal?: AbortSignal): Promise<boolean> {
    const before = JSON.stringify(this.gap)
    this.gap = await this.actorGap(() => this.compareWith(this.database), signal)
    return JSON.stringify(this.gap) !== before
  }

  /** The same, for an answer that was found already. */
  async actorFindings(found: readonly FileFindings[], signal: AbortSignal): Promise<readonly FileFindings[]> {
    const gap = await this.actorGap(() => found, signal)
    const { policyFile } = this
    return gap === null ? [] : [{ file: policyFile.path, findings: [actorMissing(gap, policyFile)] }]
  }

  private async actorGap(found: () => readonly FileFindings[], signal?: AbortSignal): Promise<ActorGap | null> {
    const { policy, paths } = this
    // Most policies ask for none, and then no schema is parsed for it.
    if (policy === null || !wantsActor(policy) || this.otherLanguage !== null) return null
    return await findActorGap(this.schema, policy, found(), { paths, ...(signal === undefined ? {} : { signal }) })
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

  get choices(): ProjectChoices {
    // What is tried in the sandbox is no history of the project's.
    return this.sandbox === null ? this.chosen : { ...this.chosen, writesMigrations: false }
  }

  /** Null while the project works with its own database. */
  get sandboxUrl(): string | null {
    return this.sandbox?.url ?? null
  }

  /** Works with a database of ours from now on, until it is left, or ends by itself. */
  useSandbox(sandbox: RunningSandbox): void {
    this.sandbox = sandbox
    this.url.useSandbox(sandbox.url)
    this.live.connect()
    void sandbox.server.ended.then(() => this.sandboxEnded(sandbox))
  }

  async leaveSandbox(): Promise<void> {
    const { sandbox } = this
    if (sandbox === null) return
    this.sandboxEnded(sandbox)
    await sandbox.server.stop()
  }

  /** Where the project's objects are in its database; nothing is asked of it, and there need be none. */
  async databaseScope(): Promise<Pick<DatabaseTarget, 'schemas' | 'defaultSchema'>> {
    const found = await this.url.find().catch(() => null)
    const { schemas } = datasourceSettingsOf(this.schema)
    const defaultSchema = found?.defaultSchema ?? 'public'
    return { schemas: found?.schemas ?? (schemas.length > 0 ? schemas : [defaultSchema]), defaultSchema }
  }

  private sandboxEnded(sandbox: RunningSandbox): void {
    if (this.sandbox !== sandbox) return
    this.sandbox = null
    this.url.useSandbox(null)
    this.live.connect()
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
    await this.sandbox?.server.stop()
  }

  /** Worked out once for a schema and a catalog. */
  private expressionsToSpell(database: DatabaseModel): readonly ExpressionPair[] {
    const { schema } = this
    const known = this.open.get(schema)
    if (known?.database === database) return known.pairs
    const pairs = openExpressions(schema, database, this.cache)
    this.open.set(schema, { database, pairs })
    return pairs
  }

  /** The database by its names; null without a connection. */
  get databaseIndex(): DatabaseIndex | null {
    this.findingsByFile()
    return this.database === null ? null : this.cache.index
  }

  /** One model beside its table; null in another language than Prisma's. */
  sidesOf(model: ModelBlock): ModelSides | null {
    const { schema, policy, database, external, cache } = this
    return this.otherLanguage === null ? modelSides(model, { schema, policy, database, external, cache }) : null
  }

  private compareWith(database: DatabaseModel | null): readonly FileFindings[] {
    const { schema, cache, external, otherLanguage, policyFile, surroundings } = this
    return findingsOfProject({
      ...{ schema, database, external, cache, otherLanguage, actorGap: this.gap },
      policyFile,
      reportsSyntax: surroundings.reportsSyntax,
    })
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
