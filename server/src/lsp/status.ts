import type { Connection } from 'vscode-languageserver'
import { StatusNotification, type ProjectStatus } from '../../../protocol/src/index'
import type { Project } from '../project/project'
import { countBySeverity } from '../report/findings-json'
import { uriOfPath } from './uris'

/** Tells the client how a project stands, when that has changed: most keystrokes change nothing of it. */
export class StatusSender {
  private readonly sent = new Map<Project, string>()

  constructor(private readonly connection: Connection) {}

  send(project: Project): void {
    const status = statusOf(project)
    const text = JSON.stringify(status)
    if (this.sent.get(project) === text) return
    this.sent.set(project, text)
    void this.connection.sendNotification(StatusNotification, status)
  }
}

function statusOf(project: Project): ProjectStatus {
  const { state, snapshot } = project.live
  return {
    rootUri: uriOfPath(project.root),
    connection: state.connection,
    databaseLabel: state.label,
    detail: state.detail,
    catalogReadAt: snapshot?.readAt ?? null,
    findings: countBySeverity(project.findings()),
  }
}
