import { isInside } from '../platform/inside'
import path from 'node:path'
import { AuditError } from '../errors'
import { findSchemaPaths, isCopiedSchema, locateProject, lookupsIn } from './locate-project'
import { Project } from './project'
import type { ProjectLocation, ProjectSurroundings } from './model'
import { findSchemaPath } from '../schema/connection/find-schema-path'
import type { Secrets } from '../database/secrets'
import { isMigrationScript } from './migration-scripts'
import { SourceFiles } from './source-files'
import type { EnvironmentVariables } from '../platform/environment-variables'

export interface WorkspaceOptions {
  readonly environment: EnvironmentVariables
  /** Values that the editor never shows; the projects add the passwords that they find. */
  readonly secrets: Secrets
  readonly urlOverride: string | null
  /**
   * The user's settings, relative to the workspace folder or absolute; null or empty: located. Read when a project is
   * opened.
   */
  named(folder: string): { readonly schema: string | null; readonly policyFile: string | null }
  /** The URL that the user stored for the project with this root. */
  storedUrl(root: string): Promise<string | null>
  readonly reportsSyntax: boolean
  isTrusted(): boolean
}

/** The projects of an editor window, found by their documents, and the buffers that are open in it. */
export class Workspace {
  readonly files = new SourceFiles()
  folders: readonly string[] = []
  private readonly projects = new Map<string, Project>()

  constructor(
    private readonly options: WorkspaceOptions,
    private readonly onOpened: (project: Project) => void,
  ) {}

  openProjects(): readonly Project[] {
    return [...this.projects.values()]
  }

  /** The project of a document, opened if necessary; null for any other document. */
  projectOf(file: string): Project | null {
    const known = this.knownProjectOf(file)
    if (known !== undefined) return known
    const folder = this.folderOf(file)
    if (path.basename(file) === 'prisma-audit.json') return this.projectOfPolicy(file, folder)
    if (!file.endsWith('.prisma')) return null
    const location = this.locate(folder, file)
    return location === null ? null : this.open(location.schemaPath, folder, location)
  }

  private knownProjectOf(file: string): Project | undefined {
    return this.openProjects().find((project) => project.ownsSchemaFile(file) || project.location.policyPath === file)
  }

  /**
   * All projects of a document that changed: several may share a policy. A copy of a schema is no project of its own,
   * unless the user opens it.
   */
  projectsOf(file: string): readonly Project[] {
    const sharing = this.openProjects().filter(({ location }) => location.policyPath === file)
    if (sharing.length > 0) return sharing
    const isCopy = !this.files.isOpen(file) && isCopiedSchema(this.folderOf(file), file, this.files)
    const project = isCopy ? this.knownProjectOf(file) : this.projectOf(file)
    return project === null || project === undefined ? [] : [project]
  }

  /** A policy may be opened before any file of the schema. */
  private projectOfPolicy(file: string, folder: string): Project | null {
    const [schemaPath] = findSchemaPaths({ folder: path.dirname(file), files: this.files })
    const location = schemaPath === undefined ? null : this.locate(folder, schemaPath)
    if (location?.policyPath !== file) return null
    return this.open(location.schemaPath, folder, location)
  }

  /** The project of a migration's SQL, opened if necessary; null for any other file. */
  projectOfScript(file: string): Project | null {
    const known = this.openProjects().find((project) => hasScript(project, file))
    if (known !== undefined) return known
    const folder = this.folderOf(file)
    const lookups = lookupsIn(this.files)
    for (let around = path.dirname(file); isInside(folder, around); around = path.dirname(around)) {
      const schemaPath = findSchemaPath(around, lookups)
      const location = schemaPath === null ? null : this.locate(folder, schemaPath)
      if (location !== null) {
        const project = this.open(location.schemaPath, folder, location)
        return hasScript(project, file) ? project : null
      }
      if (path.dirname(around) === around) break
    }
    return null
  }

  /** The project for a command without a document: the only one, or the first that is found. */
  anyProject(): Project | null {
    const [first] = this.openProjects()
    if (first !== undefined) return first
    for (const folder of this.folders) {
      const location = this.locate(folder, null)
      if (location !== null) return this.open(location.schemaPath, folder, location)
    }
    return null
  }

  /** Opens the projects in the folders; a document elsewhere opens its own. */
  openAll(): void {
    for (const folder of this.folders) {
      const { schema } = this.options.named(folder)
      const named = schema === null || schema === '' ? null : this.locate(folder, null)
      if (named !== null) this.open(named.schemaPath, folder, named)
      else
        for (const schemaPath of findSchemaPaths({ folder, files: this.files }).slice(0, MOST_PROJECTS)) {
          const location = this.locate(folder, schemaPath)
          if (location !== null) this.open(location.schemaPath, folder, location)
        }
    }
  }

  /** Closes one project. */
  async forget(project: Project): Promise<void> {
    this.projects.delete(project.location.schemaPath)
    await project.close()
  }

  /** Closes every project; they are opened again, possibly elsewhere, when their documents are requested. */
  async close(): Promise<void> {
    const projects = this.openProjects()
    this.projects.clear()
    await Promise.all(projects.map((project) => project.close()))
  }

  private locate(folder: string, file: string | null): ProjectLocation | null {
    const { schema, policyFile } = this.options.named(folder)
    return locateProject({ folder, file, schemaPath: schema, policyFile, files: this.files })
  }

  private open(key: string, folder: string, location: ProjectLocation): Project {
    const existing = this.projects.get(key)
    if (existing !== undefined) return existing
    const surroundings: ProjectSurroundings = {
      files: this.files,
      environment: this.options.environment,
      secrets: this.options.secrets,
      displayRoot: folder,
      urlOverride: this.options.urlOverride,
      reportsSyntax: this.options.reportsSyntax,
      storedUrl: () => this.options.storedUrl(location.root),
      isTrusted: () => this.options.isTrusted(),
    }
    const project = new Project(location, surroundings)
    this.projects.set(key, project)
    this.onOpened(project)
    return project
  }

  /** The innermost workspace folder of a file; a file outside all of them is its own. */
  folderOf(file: string): string {
    const around = this.folders.filter((folder) => isInside(folder, file))
    return around.sort((left, right) => right.length - left.length)[0] ?? path.dirname(file)
  }
}

/** Per folder, because each project has a connection; more are opened with their documents. */
const MOST_PROJECTS = 20

/** A project whose schema cannot be read has no scripts: only the schema says where its migrations are. */
function hasScript(project: Project, file: string): boolean {
  try {
    return isMigrationScript(project, file)
  } catch (error) {
    if (error instanceof AuditError) return false
    throw error
  }
}
