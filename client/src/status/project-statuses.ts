import * as vscode from 'vscode'
import type { ProjectStatus } from '../../../protocol/src/index'
import { withUniqueNames } from './unique-names'

/** The latest state of each project, from the server. Everything that shows projects reads it from here. */
export interface ProjectStatuses {
  all(): readonly ProjectStatus[]
  /** False until the server has searched the workspace's folders. */
  isComplete(): boolean
  readonly onDidChange: vscode.Event<ProjectStatus | null>
  update(status: ProjectStatus): void
  /** Exactly these are open. */
  keepOnly(schemaUris: readonly string[]): void
  dispose(): void
}

export function createProjectStatuses(): ProjectStatuses {
  const statuses = new Map<string, ProjectStatus>()
  const changed = new vscode.EventEmitter<ProjectStatus | null>()
  let open: readonly string[] | null = null
  const tellContext = async () => {
    for (const [key, value] of Object.entries(contextsOf([...statuses.values()])))
      await vscode.commands.executeCommand('setContext', key, value)
  }
  return {
    all: () => withUniqueNames([...statuses.values()]),
    // A project that was opened but has not reported its state yet is still to come.
    isComplete: () => open?.every((schemaUri) => statuses.has(schemaUri)) === true,
    onDidChange: changed.event,
    update(status) {
      statuses.set(status.schemaUri, status)
      void tellContext()
      changed.fire(status)
    },
    keepOnly(schemaUris) {
      open = schemaUris
      for (const schemaUri of statuses.keys()) if (!schemaUris.includes(schemaUri)) statuses.delete(schemaUri)
      void tellContext()
      changed.fire(null)
    },
    dispose: () => changed.dispose(),
  }
}

/** The contexts of `when` clauses in package.json. */
function contextsOf(projects: readonly ProjectStatus[]): Readonly<Record<string, boolean>> {
  // For a schema of another database there is nothing to do; the status bar says why.
  const usable = projects.filter(({ isPostgresql }) => isPostgresql)
  return {
    'prismaAudit.hasProject': usable.length > 0,
    'prismaAudit.lacksPolicy': usable.some(({ policy }) => policy === 'none'),
    'prismaAudit.hasSandbox': projects.some(({ environment }) => environment === 'sandbox'),
  }
}
