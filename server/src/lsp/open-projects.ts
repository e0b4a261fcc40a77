import type { ResponseError } from 'vscode-languageserver'
import type { Connection } from 'vscode-languageserver'
import { ProjectsNotification, StoredDatabaseUrlRequest } from '../../../protocol/src/index'
import type { FileFindings } from '../audit/finding'
import type { Secrets } from '../database/secrets'
import { AuditError } from '../errors'
import { choicesOfSettings } from '../project/choices'
import { SCHEMA_MISSING } from '../project/errors'
import { DeclaredDatabases } from '../project/declared-databases'
import type { Project } from '../project/project'
import type { SourceFiles } from '../project/source-files'
import { Workspace } from '../project/workspace'
import type { EditorSession } from './editor-session'
import { refuse } from './execute'
import { ShownFacts } from './shown-facts'
import { pathOfUri, uriOfPath } from './uris'
import type { EnvironmentVariables } from '../platform/environment-variables'

/** Where the editor shows a project. */
export interface ProjectViews {
  /** Its text, its policy or its database may have changed. */
  show(project: Project, files: readonly FileFindings[]): void
  /** Its catalog was read, or cannot be read. */
  databaseAnswered(project: Project): void
  /** What is shown in a document depends on something other than its text, which changed. */
  factsChanged(): void
  /** A file of its schema is a pipe or too large, say. It is closed. */
  unreadable(project: Project, error: AuditError): void
  forget(project: Project): void
}

export interface OpenProjectsOptions {
  readonly environment: EnvironmentVariables
  readonly secrets: Secrets
  readonly views: ProjectViews
}

/** Finds, opens and closes the projects of the editor's window, and keeps their diagnostics up to date. */
export class OpenProjects {
  /** For agents: what the policies of this window have protected, also those of projects that were closed. */
  readonly declared = new DeclaredDatabases()
  private workspace: Workspace
  private readonly shown = new ShownFacts()

  constructor(
    private readonly connection: Connection,
    private readonly session: EditorSession,
    private readonly options: OpenProjectsOptions,
  ) {
    this.workspace = this.newWorkspace()
  }

  /** Called when the session knows the editor's capabilities. */
  initialize(folders: readonly string[]): void {
    this.workspace = this.newWorkspace()
    this.workspace.folders = folders
  }

  get folders(): readonly string[] {
    return this.workspace.folders
  }

  /** Folders were added to the window or removed from it. `openAll` searches the new ones. */
  async foldersChanged(added: readonly string[], removed: readonly string[]): Promise<void> {
    const gone = this.all().filter(({ location }) => removed.includes(this.workspace.folderOf(location.schemaPath)))
    for (const project of gone) {
      this.options.views.forget(project)
      await this.workspace.forget(project)
    }
    this.workspace.folders = [...this.folders.filter((folder) => !removed.includes(folder)), ...added]
  }

  get files(): SourceFiles {
    return this.workspace.files
  }

  all(): readonly Project[] {
    return this.workspace.openProjects()
  }

  projectOf(file: string): Project | null {
    return this.workspace.projectOf(file)
  }

  projectOfScript(file: string): Project | null {
    return this.workspace.projectOfScript(file)
  }

  /** The project of a document; without a document, all open ones or the first one found. */
  candidates(uri: string | null): readonly Project[] {
    const file = uri === null ? null : pathOfUri(uri)
    if (uri !== null) return listOf(file === null ? null : this.workspace.projectOf(file))
    const open = this.all()
    return open.length > 0 ? open : listOf(this.workspace.anyProject())
  }

  /** The project that a command is for, or the error to answer with. */
  projectFor(documentUri: string | null): Project | ResponseError {
    const { t, isTrusted } = this.session
    if (!isTrusted)
      return refuse(t('The workspace is not trusted. Trust it first (Workspaces: Manage Workspace Trust).'))
    const file = documentUri === null ? null : pathOfUri(documentUri)
    const project = (file === null ? null : this.workspace.projectOf(file)) ?? this.workspace.anyProject()
    return project ?? refuse(t('No Prisma schema found in this workspace. Open one, or set prismaAudit.schema.'))
  }

  /** Our client shows all projects of its window, even those without an open document. */
  openAll(): void {
    if (!this.session.isOurClient) return
    this.workspace.openAll()
    this.tellProjects()
  }

  /** The settings now name other projects: closes all, and opens those of the open documents. */
  async reopen(): Promise<void> {
    for (const project of this.all()) this.options.views.forget(project)
    await this.workspace.close()
    for (const file of this.files.openFiles()) this.fileChanged(file)
    this.openAll()
    this.options.views.factsChanged()
  }

  async close(): Promise<void> {
    await this.workspace.close()
  }

  /** The text of a file changed, in the editor or on disk. */
  fileChanged(file: string): void {
    for (const project of this.workspace.projectsOf(file)) {
      project.fileChanged(file)
      if (!this.files.isOpen(file)) this.noteDeclared(project, file)
      this.refresh(project, file)
    }
  }

  fileSaved(file: string): void {
    for (const project of this.workspace.projectsOf(file)) {
      this.noteDeclared(project, file)
      project.live.refreshSoon()
    }
  }

  /** A file that may contain a database URL has changed. */
  connectionFilesChanged(): void {
    for (const project of this.all()) project.surroundingsChanged()
  }

  refreshDatabases(): void {
    for (const project of this.all()) project.live.refreshSoon()
  }

  applySettings(): void {
    for (const project of this.all()) this.applySettingsTo(project)
  }

  /** Runs in the background, because it reads the workspace's code. */
  lookForActor(project: Project): void {
    if (!this.session.isTrusted) return
    void project.findings.lookForActor().then(
      (isOther) => {
        if (isOther) this.refresh(project)
      },
      () => undefined,
    )
  }

  private opened(project: Project): void {
    const { views } = this.options
    this.applySettingsTo(project)
    this.tellProjects()
    this.noteDeclared(project, project.policyFile.path)
    project.live.onChange(() => {
      this.noteProtected(project)
      views.databaseAnswered(project)
      this.refresh(project)
    })
    project.live.refreshSoon()
    this.lookForActor(project)
  }

  /** Only what is on disk: a person who types an entry has not protected anything yet. */
  private noteDeclared(project: Project, changed: string): void {
    const { policyFile } = project
    if (!this.session.isOurClient || changed !== policyFile.path) return
    this.declared.add(policyFile.saved)
    this.noteProtected(project)
  }

  /**
   * The editor connects by itself: an agent that renames the database later finds it closed, whatever it called before.
   */
  private noteProtected({ live, standings, policyFile }: Project): void {
    if (!this.session.isOurClient || live.url === null) return
    const { url, answering } = live
    if (standings.isProtected(url, answering, policyFile.saved)) this.declared.protect(url, answering?.server ?? null)
  }

  /** @param changed the document whose text changed: its editor asks again by itself */
  private refresh(project: Project, changed: string | null = null): void {
    // The project may have closed during the wait; diagnostics shown now would never be removed.
    if (!this.all().includes(project)) return
    const { views } = this.options
    try {
      const found = project.findings.byFile()
      views.show(project, found)
      if (this.shown.areOthers(project, found, changed)) views.factsChanged()
    } catch (error) {
      if (!(error instanceof AuditError)) throw error
      if (error.code !== SCHEMA_MISSING) views.unreadable(project, error)
      this.projectGone(project)
    }
  }

  /** Its schema was deleted, cannot be read, or is not where a setting says. It opens again with the first file that exists. */
  private projectGone(project: Project): void {
    this.options.views.forget(project)
    void this.workspace.forget(project)
    this.tellProjects()
  }

  private tellProjects(): void {
    if (!this.session.isOurClient) return
    const schemaUris = this.all().map(({ location }) => uriOfPath(location.schemaPath))
    void this.connection.sendNotification(ProjectsNotification, { schemaUris })
  }

  private applySettingsTo(project: Project): void {
    const folder = this.workspace.folderOf(project.location.schemaPath)
    project.choose(choicesOfSettings(this.session.settings.of(folder), project.root))
  }

  private newWorkspace(): Workspace {
    const { session, connection } = this
    const { environment, secrets } = this.options
    return new Workspace(
      {
        environment,
        secrets,
        urlOverride: session.options.databaseUrl ?? null,
        named: (folder) => {
          const { schema, policyFile } = session.settings.of(folder)
          return { schema, policyFile: session.options.policyFile ?? policyFile }
        },
        storedUrl: async (root) =>
          session.isOurClient
            ? await connection.sendRequest(StoredDatabaseUrlRequest, { rootUri: uriOfPath(root) })
            : null,
        reportsSyntax: session.options.client?.prismaExtensionInstalled !== true,
        isTrusted: () => session.isTrusted,
      },
      (project) => this.opened(project),
    )
  }
}

function listOf(project: Project | null): readonly Project[] {
  return project === null ? [] : [project]
}
