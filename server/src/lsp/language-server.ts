import type {
  Connection,
  InitializeParams,
  InitializeResult,
  WorkspaceFolder,
  WorkspaceFoldersChangeEvent,
} from 'vscode-languageserver'
import { TextDocuments, TextDocumentSyncKind } from './protocol'
import { Secrets } from '../database/secrets'
import { describeError } from '../errors'
import { RefreshTimer } from '../project/refresh-timer'
import { listenToActions, runForEditor, type ActionParts } from './action-requests'
import type { AgentTools } from './agent-tools'
import { ApplicationCode } from './application-code'
import { listenToClient, type ClientRequestParts } from './client-requests'
import { listenToDocuments, listenToWatchedFiles, watch, watchFiles } from './document-changes'
import { EditorSession } from './editor-session'
import { ServerLog } from './log'
import { MigrationScripts } from './migration-scripts'
import { OPEN_DOCUMENT } from './open-document'
import { OpenProjects, type ProjectViews } from './open-projects'
import { Publisher } from './publisher'
import { SCHEMA_COMMANDS } from './schema-commands'
import { SCHEMA_FEATURES, SchemaFeatures } from './schema-features'
import { STANDARD_COMMANDS } from './standard/standard-commands'
import { StandardSide } from './standard/standard-side'
import { StatusSender } from './status'
import { tellFailure } from './tell-failure'
import { pathOfUri } from './uris'
import { WatchedPolicies } from './watched-policies'
import type { EnvironmentVariables } from '../platform/environment-variables'

/** Serves one editor over a connection until it exits. Passes requests to the core; makes no decisions itself. */
export class LanguageServer {
  private readonly documents = new TextDocuments(OPEN_DOCUMENT)
  private readonly session = new EditorSession()
  private readonly secrets = new Secrets()
  private readonly log: ServerLog
  private readonly projects: OpenProjects
  private readonly publisher: Publisher
  private readonly statuses: StatusSender
  private readonly scripts: MigrationScripts
  private readonly code: ApplicationCode
  private readonly features: SchemaFeatures
  /** Why a schema cannot be read, by its path: said once, however often its files change. */
  private readonly unreadable = new Map<string, string>()
  private agents: Promise<AgentTools> | null = null
  private readonly watchedPolicies: WatchedPolicies
  /** For editors without our client. */
  private readonly standard: StandardSide
  private readonly refreshTimer = new RefreshTimer(() => this.projects.refreshDatabases())

  constructor(
    private readonly connection: Connection,
    private readonly environment: EnvironmentVariables,
  ) {
    const { session, secrets } = this
    const { t } = session
    secrets.addPassword(environment.PGPASSWORD)
    this.log = new ServerLog(connection, secrets)
    this.watchedPolicies = new WatchedPolicies((globs) => watch(connection, globs))
    this.publisher = new Publisher(connection, t)
    this.statuses = new StatusSender(connection, secrets, t)
    this.projects = new OpenProjects(connection, session, { environment, secrets, views: this.views() })
    this.scripts = new MigrationScripts(connection, (file) => this.projects.projectOfScript(file), t, this.log)
    this.code = new ApplicationCode(connection, () => (session.isTrusted ? this.projects.all() : []), t, this.log)
    this.features = new SchemaFeatures(connection, session, (file) => this.projects.projectOf(file))
    this.standard = new StandardSide(connection, {
      ...{ t, secrets, log: this.log },
      openDocuments: () => this.documents.all(),
      projectsFor: (uri) => this.projects.candidates(uri),
      createPolicy: (project) => runForEditor(connection, this.parts, project, SCHEMA_COMMANDS.createPolicy),
    })
    connection.onInitialize((parameters) => this.initialize(parameters))
    connection.onInitialized(() => this.settle(() => this.initialized()))
    connection.onDidChangeConfiguration(() => this.settle(() => this.readSettings()))
    connection.onShutdown(() => this.close())
    listenToDocuments(this.documents, {
      ...this.parts,
      noteUse: () => this.refreshTimer.noteUse(),
      documentSettled: () => this.standard.documentChanged(),
    })
    listenToWatchedFiles(connection, this.projects)
    listenToActions(connection, this.parts)
    listenToClient(connection, this.parts)
  }

  listen(): void {
    this.documents.listen(this.connection)
    this.connection.listen()
  }

  private initialize(parameters: InitializeParams): InitializeResult {
    const { capabilities, workspaceFolders } = parameters
    const { textDocument } = capabilities
    const { session } = this
    session.initialize(parameters)
    this.code.canRegister =
      textDocument?.synchronization?.dynamicRegistration === true &&
      textDocument.codeAction?.dynamicRegistration === true
    this.code.canCheckVersions = capabilities.workspace?.workspaceEdit?.documentChanges === true
    this.publisher.showsRelated = textDocument?.publishDiagnostics?.relatedInformation === true
    this.features.initialize(capabilities)
    this.standard.initialize(capabilities)
    this.projects.initialize(pathsOf(workspaceFolders ?? []))
    return {
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
        ...SCHEMA_FEATURES,
        // VS Code would register the commands of our client twice.
        executeCommandProvider: {
          commands: [...Object.values(SCHEMA_COMMANDS), ...(session.isOurClient ? [] : STANDARD_COMMANDS)],
        },
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
      serverInfo: { name: 'prisma-audit' },
    }
  }

  private async initialized(): Promise<void> {
    if (this.session.supports.folderChanges)
      this.connection.workspace.onDidChangeWorkspaceFolders((change) => this.settle(() => this.foldersChanged(change)))
    if (this.session.supports.watchedFiles) await watchFiles(this.connection)
    await this.readSettings()
    this.projects.openAll()
  }

  private async close(): Promise<void> {
    this.scripts.close()
    this.code.close()
    this.standard.close()
    await this.projects.close()
  }

  /** One after the other, so that an older answer of the editor never replaces a newer one. */
  private settle(change: () => Promise<void>): void {
    this.session.settled = this.session.settled
      .then(change)
      .catch((error: unknown) => this.log.failure('the settings were not applied', error))
  }

  private async readSettings(): Promise<void> {
    const { session, projects } = this
    if (session.supports.configuration) {
      const { settings } = session
      const before = settings.window
      const namedBefore = settings.named(projects.folders)
      await settings.read(this.connection, projects.folders)
      const { codeLens, inlayHints } = settings.window
      if (before.codeLens !== codeLens || before.inlayHints !== inlayHints) this.features.refresh()
      if (namedBefore !== settings.named(projects.folders)) await projects.reopen()
    }
    projects.applySettings()
    if (session.supports.watchedFiles) await this.watchedPolicies.set(session.namedPolicies(projects.folders))
    this.refreshTimer.every(session.settings.window.catalogRefreshSeconds)
  }

  private async foldersChanged({ added, removed }: WorkspaceFoldersChangeEvent): Promise<void> {
    await this.projects.foldersChanged(pathsOf(added), pathsOf(removed))
    await this.readSettings()
    this.projects.openAll()
  }

  /** What the request handlers need. */
  private get parts(): ActionParts & ClientRequestParts {
    const { session, secrets, log, projects, scripts, code, standard } = this
    const agents = () => (this.agents ??= this.loadAgentTools())
    return { session, secrets, log, projects, scripts, code, standard, agents }
  }

  /** Loaded when an agent first calls, because it imports most of the commands' code. */
  private async loadAgentTools(): Promise<AgentTools> {
    const { AgentTools } = await import('./agent-tools')
    return new AgentTools(this.connection, this.environment, this.projects.declared)
  }

  private views(): ProjectViews {
    return {
      show: (project, files) => {
        this.unreadable.delete(project.location.schemaPath)
        this.code.refresh()
        this.publisher.publish(project, files)
        if (this.session.isOurClient) this.statuses.send(project, files)
        else this.standard.connections.tell(project)
      },
      databaseAnswered: (project) => {
        this.log.connectionOf(project)
        this.scripts.refresh(project)
      },
      factsChanged: () => this.features.refresh(),
      unreadable: (project, error) => {
        this.log.failure(`${project.paths.name}: the schema was not read`, error)
        const { schemaPath } = project.location
        if (this.unreadable.get(schemaPath) === error.message) return
        this.unreadable.set(schemaPath, error.message)
        // Its findings and its status are gone, which looks as if all were well.
        const { t, isOurClient } = this.session
        tellFailure({ connection: this.connection, t, isOurClient }, describeError(error, t))
      },
      forget: (project) => {
        this.publisher.forget(project)
        this.statuses.forget(project)
        this.log.forget(project)
      },
    }
  }
}

function pathsOf(folders: readonly WorkspaceFolder[]): string[] {
  return folders.flatMap(({ uri }) => pathOfUri(uri) ?? [])
}
