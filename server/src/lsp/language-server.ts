import path from 'node:path'
import {
  DidChangeWatchedFilesNotification,
  ResponseError,
  TextDocuments,
  TextDocumentSyncKind,
  type Connection,
  type InitializeParams,
  type InitializeResult,
  type Range,
} from 'vscode-languageserver'
import {
  ChecksRequest,
  ConnectRequest,
  CoverageRequest,
  DEFAULT_SETTINGS,
  ExecuteRequest,
  SETTINGS_SECTION,
  PreviewNotification,
  PolicyAdviceRequest,
  ProjectsNotification,
  RunChecksRequest,
  StoredDatabaseUrlRequest,
  TrustGrantedNotification,
  UnfinishedRunRequest,
  WindowFocusedNotification,
  type InitializationOptions,
  type Settings,
} from '../../../protocol/src/index'
import { AuditError } from '../errors'
import { SCHEMA_MISSING } from '../project/errors'
import type { Project } from '../project/project'
import { RefreshTimer } from '../project/refresh-timer'
import { Workspace } from '../project/workspace'
import { Secrets } from '../database/secrets'
import { inEnglish, type Translate } from '../text/translate'
import { ApplicationCode, isApplicationFile } from './application-code'
import { codeActions, resolvedAction, type CodeActionContext } from './code-actions'
import { unfinishedChecklist } from './checklists'
import { listChecks, runListedChecks } from './checks'
import { connectTo } from './connect'
import { coverageAnswer } from './coverage'
import { execute, refuse } from './execute'
import { languageOf } from './languages'
import { ServerLog } from './log'
import { MigrationScripts } from './migration-scripts'
import { OPEN_DOCUMENT } from './open-document'
import { choicesOfSettings } from '../project/choices'
import { policyAdvice } from './policy-advice'
import { Publisher } from './publisher'
import { runSchemaCommand, SCHEMA_COMMANDS, type CommandParts } from './schema-commands'
import { SCHEMA_FEATURES, SchemaFeatures } from './schema-features'
import { rejection } from './rejection'
import { STANDARD_COMMANDS } from './standard/standard-commands'
import { StandardSide } from './standard/standard-side'
import { StatusSender } from './status'
import { tellFailure } from './tell-failure'
import { pathOfUri, uriOfPath } from './uris'

/** Serves one editor over a connection until it says exit. Wires requests to the core; decides nothing itself. */
export class LanguageServer {
  private readonly documents = new TextDocuments(OPEN_DOCUMENT)
  private readonly publisher: Publisher
  private readonly statuses: StatusSender
  private readonly scripts: MigrationScripts
  private readonly code: ApplicationCode
  private readonly features: SchemaFeatures
  private readonly secrets = new Secrets()
  private readonly log: ServerLog
  /** For editors without our client. */
  private readonly standard: StandardSide
  private readonly refreshTimer = new RefreshTimer(() => this.refreshDatabases())
  private workspace: Workspace
  private options: InitializationOptions = {}
  private isTrusted = true
  private settings: Settings = DEFAULT_SETTINGS
  /** The editor's, as soon as it has said which. */
  private language: Translate = inEnglish
  private readonly t: Translate = (message, ...values) => this.language(message, ...values)
  private supports = { configuration: false, watchedFiles: false, resolvedEdits: false }

  constructor(
    private readonly connection: Connection,
    private readonly environment: Readonly<Record<string, string | undefined>>,
  ) {
    this.secrets.addPassword(environment.PGPASSWORD)
    this.log = new ServerLog(connection, this.secrets)
    this.publisher = new Publisher(connection, this.t)
    this.statuses = new StatusSender(connection, this.secrets)
    this.scripts = new MigrationScripts(connection, (file) => this.workspace.projectOfScript(file), this.t, this.log)
    this.code = new ApplicationCode(
      connection,
      () => (this.isTrusted ? this.workspace.openProjects() : []),
      this.t,
      this.log,
    )
    this.workspace = this.newWorkspace()
    this.standard = new StandardSide(connection, {
      t: this.t,
      log: this.log,
      secrets: this.secrets,
      openDocuments: () => this.workspace.files,
      projectsFor: (uri) => this.candidates(uri),
      createPolicy: (project) => this.runSchemaCommand(project, SCHEMA_COMMANDS.createPolicy),
    })
    this.features = new SchemaFeatures(connection, {
      t: this.t,
      projectOf: (file) => this.workspace.projectOf(file),
      isOurClient: () => this.options.client !== undefined,
      isLensWanted: () => this.options.codeLens ?? this.settings.codeLens,
      areHintsWanted: () => this.options.inlayHints ?? this.settings.inlayHints,
    })
    connection.onInitialize((parameters) => this.initialize(parameters))
    connection.onInitialized(() => this.initialized())
    connection.onShutdown(async () => {
      this.scripts.close()
      this.code.close()
      this.standard.close()
      await this.workspace.close()
    })
    this.listenToDocuments()
    this.listenToRequests()
  }

  listen(): void {
    this.documents.listen(this.connection)
    this.connection.listen()
  }

  private initialize(parameters: InitializeParams): InitializeResult {
    this.options = (parameters.initializationOptions ?? {}) as InitializationOptions
    this.isTrusted = this.options.client?.trusted ?? true
    this.language = languageOf(parameters.locale)
    this.supports = {
      configuration: parameters.capabilities.workspace?.configuration === true && this.options.client !== undefined,
      watchedFiles: parameters.capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
      resolvedEdits:
        parameters.capabilities.textDocument?.codeAction?.resolveSupport?.properties.includes('edit') === true,
    }
    this.code.canRegister =
      parameters.capabilities.textDocument?.synchronization?.dynamicRegistration === true &&
      parameters.capabilities.textDocument.codeAction?.dynamicRegistration === true
    this.features.initialize(parameters.capabilities)
    this.standard.initialize(parameters.capabilities)
    this.publisher.showsRelated = parameters.capabilities.textDocument?.publishDiagnostics?.relatedInformation === true
    this.workspace = this.newWorkspace()
    this.workspace.setFolders(foldersOf(parameters))
    return {
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
        ...SCHEMA_FEATURES,
        // VS Code would register those of our client a second time.
        executeCommandProvider: {
          commands: [
            ...Object.values(SCHEMA_COMMANDS),
            ...(this.options.client === undefined ? STANDARD_COMMANDS : []),
          ],
        },
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
      serverInfo: { name: 'prisma-audit' },
    }
  }

  private async initialized(): Promise<void> {
    if (this.supports.watchedFiles) {
      const globs = ['**/*.prisma', '**/prisma-audit.json', ...CONNECTION_FILES]
      await this.connection.client.register(DidChangeWatchedFilesNotification.type, {
        watchers: globs.map((globPattern) => ({ globPattern })),
      })
    }
    await this.readSettings()
    this.openAll()
  }

  /** Our client shows all projects of its window, whether a document of theirs is open or not. */
  private openAll(): void {
    if (this.options.client === undefined) return
    this.workspace.openAll()
    this.tellProjects()
  }

  private tellProjects(): void {
    if (this.options.client === undefined) return
    const schemaUris = this.workspace.openProjects().map(({ location }) => uriOfPath(location.schemaPath))
    void this.connection.sendNotification(ProjectsNotification, { schemaUris })
  }

  private newWorkspace(): Workspace {
    const { databaseUrl, client } = this.options
    return new Workspace(
      {
        environment: this.environment,
        secrets: this.secrets,
        urlOverride: databaseUrl ?? null,
        named: () => ({
          schema: this.settings.schema,
          policyFile: this.options.policyFile ?? this.settings.policyFile,
        }),
        storedUrl: async (root) =>
          client === undefined
            ? null
            : await this.connection.sendRequest(StoredDatabaseUrlRequest, { rootUri: uriOfPath(root) }),
        reportsSyntax: client?.prismaExtensionInstalled !== true,
        isTrusted: () => this.isTrusted,
      },
      (project) => this.projectOpened(project),
    )
  }

  private projectOpened(project: Project): void {
    this.applySettings(project)
    this.tellProjects()
    let shown = project.database
    project.live.onChange(() => {
      this.log.connectionOf(project)
      this.refresh(project)
      if (project.database !== shown) this.features.refresh()
      shown = project.database
      this.scripts.refresh(project)
    })
    project.live.refreshSoon()
    this.lookForActor(project)
  }

  /** Beside all other work: it reads the workspace's code. */
  private lookForActor(project: Project): void {
    if (!this.isTrusted) return
    void project.lookForActor().then(
      (isOther) => {
        if (isOther) this.refresh(project)
      },
      () => undefined,
    )
  }

  private listenToDocuments(): void {
    this.documents.onDidChangeContent(({ document }) => {
      const file = pathOfUri(document.uri)
      if (file === null) return
      this.refreshTimer.noteUse()
      if (isApplicationFile(file)) {
        this.code.changed(file, document.text.toString())
        return
      }
      this.workspace.files.setBuffer(file, document.text)
      if (isSql(file)) this.scripts.changed(file, document.text.toString())
      else this.fileChanged(file)
    })
    this.documents.onDidClose(({ document }) => {
      const file = pathOfUri(document.uri)
      if (file === null) return
      if (isApplicationFile(file)) {
        this.code.closed(file)
        return
      }
      this.workspace.files.closeBuffer(file)
      this.standard.documentChanged()
      if (isSql(file)) this.scripts.closed(file)
      else this.fileChanged(file)
    })
    this.documents.onDidSave(({ document }) => {
      const file = pathOfUri(document.uri)
      if (file === null) return
      this.standard.documentChanged()
      if (isSql(file)) this.scripts.saved(file)
      else {
        for (const project of this.workspace.projectsOf(file)) project.live.refreshSoon()
      }
    })
    this.connection.onDidChangeWatchedFiles(({ changes }) => {
      for (const { uri } of changes) {
        const file = pathOfUri(uri)
        if (file === null) continue
        if (isConnectionFile(file)) this.connectionFilesChanged()
        else if (!this.workspace.files.isOpen(file)) this.fileChanged(file)
      }
    })
  }

  private listenToRequests(): void {
    const { connection } = this
    connection.onCodeAction(async (parameters) => {
      const file = pathOfUri(parameters.textDocument.uri)
      const fixes =
        file === null
          ? null
          : (this.scripts.codeActions(file, parameters.range) ?? this.code.codeActions(file, parameters.range))
      if (fixes !== null) return fixes
      const context = this.actionContext(parameters.textDocument.uri, parameters.range)
      const { only, triggerKind } = parameters.context
      return context === null ? [] : await codeActions({ ...context, only, triggerKind })
    })
    connection.onCodeActionResolve(async (action) => {
      const { uri, range } = (action.data ?? {}) as { uri?: string; range?: Range }
      const context = uri === undefined || range === undefined ? null : this.actionContext(uri, range)
      if (context === null) return action
      const resolved = await resolvedAction(
        { ...context, only: action.kind === undefined ? [] : [action.kind] },
        action,
      )
      if ('title' in resolved) return resolved
      const isOurClient = this.options.client !== undefined
      tellFailure({ connection, t: this.t, isOurClient }, rejection(this.t, resolved))
      return action
    })
    connection.onRequest(ExecuteRequest, async (parameters, token) => {
      const project = this.projectFor(parameters.documentUri)
      if (project instanceof ResponseError) return project
      const outcome = await execute(connection, project, parameters, {
        ...{ token, secrets: this.secrets, t: this.t, log: this.log },
      })
      // It may have written the module, or the fields that there is one for.
      this.lookForActor(project)
      return outcome
    })
    connection.onExecuteCommand(async ({ command, arguments: given = [] }) => {
      const [uri, argument] = given as unknown[]
      const named = typeof uri === 'string' ? uri : null
      if (STANDARD_COMMANDS.includes(command)) {
        this.standard.start({ command, uri: named, typedName: typeof argument === 'string' ? argument : null })
        return null
      }
      const [project] = named === null ? [] : this.candidates(named)
      if (project !== undefined) await this.runSchemaCommand(project, command, argument)
      return null
    })
    connection.onRequest(ConnectRequest, async ({ documentUri, url }) => {
      const project = this.projectFor(documentUri)
      return project instanceof ResponseError
        ? project
        : await connectTo(project, url, { secrets: this.secrets, t: this.t })
    })
    connection.onRequest(PolicyAdviceRequest, ({ documentUri, choice }) => {
      const project = this.projectFor(documentUri)
      return project instanceof ResponseError ? project : policyAdvice(this.t, project, choice)
    })
    connection.onRequest(CoverageRequest, ({ documentUri }) => {
      const project = this.projectFor(documentUri)
      return project instanceof ResponseError ? project : coverageAnswer(this.t, project)
    })
    connection.onRequest(ChecksRequest, ({ documentUri }) => {
      const project = this.projectFor(documentUri)
      return project instanceof ResponseError ? project : listChecks(this.t, project)
    })
    connection.onRequest(UnfinishedRunRequest, async ({ documentUri }) => {
      const project = this.projectFor(documentUri)
      if (project instanceof ResponseError) return project
      return await unfinishedChecklist(project, this.secrets, this.t)
    })
    connection.onRequest(RunChecksRequest, async (parameters, token) => {
      const project = this.projectFor(parameters.documentUri)
      if (project instanceof ResponseError) return project
      return await runListedChecks(connection, project, parameters, {
        token,
        secrets: this.secrets,
        t: this.t,
        log: this.log,
      })
    })
    connection.onNotification(TrustGrantedNotification, () => {
      this.isTrusted = true
      this.code.refresh()
      this.connectionFilesChanged()
    })
    connection.onNotification(WindowFocusedNotification, () => {
      this.refreshDatabases()
      for (const project of this.workspace.openProjects()) this.lookForActor(project)
    })
    connection.onDidChangeConfiguration(() => void this.readSettings())
  }

  private actionContext(uri: string, range: Range): CodeActionContext | null {
    const file = pathOfUri(uri)
    const project = file === null ? null : this.workspace.projectOf(file)
    if (file === null || project === null) return null
    return { t: this.t, project, file, range, resolvesEdits: this.supports.resolvedEdits }
  }

  private async runSchemaCommand(project: Project, command: string, argument?: unknown): Promise<void> {
    const { connection, standard } = this
    const isOurClient = this.options.client !== undefined
    const parts: CommandParts = {
      connection,
      t: this.t,
      log: this.log,
      isOurClient,
      showPreview: (preview) =>
        void (isOurClient ? connection.sendNotification(PreviewNotification, preview) : standard.editor.show(preview)),
    }
    await runSchemaCommand(parts, project, command, argument)
  }

  /** Of a document; without one, all that are open, or the first that is found. */
  private candidates(uri: string | null): readonly Project[] {
    const file = uri === null ? null : pathOfUri(uri)
    if (uri !== null) return listOf(file === null ? null : this.workspace.projectOf(file))
    const open = this.workspace.openProjects()
    return open.length > 0 ? open : listOf(this.workspace.anyProject())
  }

  /** The project that a command is for, or the refusal to answer with. */
  private projectFor(documentUri: string | null): Project | ResponseError {
    if (!this.isTrusted) {
      return refuse(this.t('The workspace is not trusted. Trust it first (Workspaces: Manage Workspace Trust).'))
    }
    const file = documentUri === null ? null : pathOfUri(documentUri)
    const project = (file === null ? null : this.workspace.projectOf(file)) ?? this.workspace.anyProject()
    return project ?? refuse(this.t('No Prisma schema found in this workspace. Open one, or set prismaAudit.schema.'))
  }

  private fileChanged(file: string): void {
    for (const project of this.workspace.projectsOf(file)) {
      project.fileChanged(file)
      this.refresh(project)
      if (file === project.location.policyPath) this.features.refresh()
    }
  }

  private refreshDatabases(): void {
    for (const project of this.workspace.openProjects()) project.live.refreshSoon()
  }

  private connectionFilesChanged(): void {
    for (const project of this.workspace.openProjects()) project.surroundingsChanged()
  }

  private refresh(project: Project): void {
    try {
      const files = project.findingsByFile()
      this.code.refresh()
      this.publisher.publish(project, files)
      if (this.options.client === undefined) this.standard.connections.tell(project)
      else this.statuses.send(project, files)
    } catch (error) {
      if (!(error instanceof AuditError) || error.code !== SCHEMA_MISSING) throw error
      this.projectGone(project)
    }
  }

  /** Its schema was deleted, or is not where a setting says. It is opened again with the first file that is there. */
  private projectGone(project: Project): void {
    this.publisher.forget(project)
    this.statuses.forget(project)
    this.log.forget(project)
    void this.workspace.forget(project)
    this.tellProjects()
  }

  private async readSettings(): Promise<void> {
    if (this.supports.configuration) {
      const answer = (await this.connection.workspace.getConfiguration(SETTINGS_SECTION)) as Partial<Settings> | null
      const before = this.settings
      this.settings = { ...DEFAULT_SETTINGS, ...answer }
      const isShownOtherwise =
        before.codeLens !== this.settings.codeLens || before.inlayHints !== this.settings.inlayHints
      if (isShownOtherwise) this.features.refresh()
      if (before.schema !== this.settings.schema || before.policyFile !== this.settings.policyFile) await this.reopen()
    }
    for (const project of this.workspace.openProjects()) this.applySettings(project)
    this.refreshTimer.every(this.settings.catalogRefreshSeconds)
  }

  /** Other files are the projects now: closes all, and opens those of the documents that are open. */
  private async reopen(): Promise<void> {
    for (const project of this.workspace.openProjects()) this.publisher.forget(project)
    await this.workspace.close()
    for (const file of this.workspace.files.openFiles()) this.fileChanged(file)
    this.openAll()
  }

  private applySettings(project: Project): void {
    project.choose(choicesOfSettings(this.settings, project.root))
  }
}

/** What says where the database is. A configuration may load any file that is called like an environment's. */
const CONNECTION_FILES = ['**/.env*', '**/*.env', '**/prisma.config.*', '**/prisma7.config.*', '**/.config/prisma*']

function isConnectionFile(file: string): boolean {
  const name = path.basename(file)
  return /^\.env|\.env$|^prisma7?\.config\./.test(name) || /[/\\]\.config[/\\]prisma[^/\\]*$/.test(file)
}

function listOf(project: Project | null): readonly Project[] {
  return project === null ? [] : [project]
}

function isSql(file: string): boolean {
  return file.endsWith('.sql')
}

function foldersOf({ workspaceFolders }: InitializeParams): string[] {
  return (workspaceFolders ?? []).flatMap((folder) => pathOfUri(folder.uri) ?? [])
}
