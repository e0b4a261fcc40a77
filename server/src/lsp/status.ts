import type { Connection } from 'vscode-languageserver'
import { StatusNotification } from '../../../protocol/src/index'
import type { Project } from '../project/project'
import { countBySeverity } from '../report/findings-json'
import { uriOfPath } from './uris'

export function sendStatus(connection: Connection, project: Project): void {
  const { state, snapshot } = project.live
  void connection.sendNotification(StatusNotification, {
    rootUri: uriOfPath(project.root),
    connection: state.connection,
    databaseLabel: state.label,
    detail: state.detail,
    catalogReadAt: snapshot?.readAt ?? null,
    findings: countBySeverity(project.findings()),
  })
}
