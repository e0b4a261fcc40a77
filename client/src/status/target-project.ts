import * as vscode from 'vscode'
import type { ProjectStatus } from '../../../protocol/src/index'
import { projectAround } from './project-around'
import type { ProjectStatuses } from './project-statuses'

/** The project that commands run on and that the status bar shows. */
export interface TargetProject {
  /** Undefined if there is none, or if there are several and the user has not chosen one. */
  current(): ProjectStatus | undefined
  /** The same, but asks if there are several; null if the user chose none. */
  choose(): Promise<ProjectStatus | undefined | null>
  /** Until a document of another project becomes active. */
  set(project: ProjectStatus): void
  readonly onDidChange: vscode.Event<void>
  dispose(): void
}

/** The project of the active document; otherwise that of the last one; otherwise the only one. */
export function createTargetProject(statuses: ProjectStatuses): TargetProject {
  const changed = new vscode.EventEmitter<void>()
  let chosen: string | null = null

  const follow = () => {
    const active = vscode.window.activeTextEditor?.document.uri.toString()
    const holding = active === undefined ? undefined : projectAround(active, statuses.all())
    if (holding !== undefined) chosen = holding.schemaUri
    changed.fire()
  }
  const listeners = vscode.Disposable.from(
    vscode.window.onDidChangeActiveTextEditor(follow),
    statuses.onDidChange(follow),
    changed,
  )
  const current = () => {
    const all = statuses.all()
    return all.find(({ schemaUri }) => schemaUri === chosen) ?? (all.length === 1 ? all[0] : undefined)
  }
  const set = ({ schemaUri }: ProjectStatus) => {
    chosen = schemaUri
    changed.fire()
  }
  return {
    current,
    set,
    async choose() {
      const all = statuses.all()
      if (current() !== undefined || all.length === 0) return current()
      const items = all.map((project) => ({
        label: project.name,
        description: project.databaseLabel,
        detail: vscode.workspace.asRelativePath(vscode.Uri.parse(project.schemaUri)),
        project,
      }))
      const picked = await vscode.window.showQuickPick(items, {
        title: 'Prisma Audit',
        placeHolder: vscode.l10n.t('Select a project'),
        matchOnDescription: true,
        matchOnDetail: true,
      })
      if (picked === undefined) return null
      set(picked.project)
      return picked.project
    },
    onDidChange: changed.event,
    dispose: () => void listeners.dispose(),
  }
}
