import type { Connection } from 'vscode-languageserver'
import { StatusNotification, type ProjectStatus } from '../../../protocol/src/index'
import type { FileFindings } from '../audit/finding'
import { isPolicyError } from '../audit/policy-findings'
import type { Project } from '../project/project'
import { countBySeverity } from '../report/findings-json'
import type { Secrets } from '../database/secrets'
import { notificationLine, notificationText } from '../text/notification-text'
import { visible } from '../text/safe-text'
import { uriOfPath } from './uris'
import type { Translate } from '../text/translate'
import { phraseIn } from '../text/phrase'

/** Sends the client a project's status when it has changed; most keystrokes do not change it. */
export class StatusSender {
  private readonly sent = new Map<Project, string>()

  constructor(
    private readonly connection: Connection,
    private readonly secrets: Secrets,
    private readonly t: Translate,
  ) {}

  send(project: Project, files: readonly FileFindings[]): void {
    const status = statusOf(project, files, this.secrets, this.t)
    const text = JSON.stringify(status)
    if (this.sent.get(project) === text) return
    this.sent.set(project, text)
    void this.connection.sendNotification(StatusNotification, status)
  }

  forget(project: Project): void {
    this.sent.delete(project)
  }
}

function statusOf(project: Project, files: readonly FileFindings[], secrets: Secrets, t: Translate): ProjectStatus {
  const { live, location, schema, policyFile, paths, standing } = project
  const { state, snapshot, hasUnfinishedMigration } = live
  const isInvalid = policyFile.reading.problems.length > 0 || files.some(({ findings }) => findings.some(isPolicyError))
  return {
    rootUri: uriOfPath(project.root),
    schemaUri: uriOfPath(location.schemaPath),
    documentUri: uriOfPath(schema.files[0]?.path ?? location.schemaPath),
    name: notificationLine(paths.name),
    isPostgresql: project.otherProvider === null,
    policy: isInvalid ? 'invalid' : project.policy === null ? 'none' : 'valid',
    hasUnfinishedMigration,
    connection: state.connection,
    databaseLabel: notificationLine(state.named === null ? state.label : phraseIn(t, state.named)),
    environment: standing === null ? null : (standing.environment ?? 'remote'),
    isReadOnly: standing !== null && standing.readOnly !== null,
    detail: notificationText(secrets.blotOut(visible(withoutOptions(state.detail(t))))),
    catalogReadAt: snapshot?.readAt ?? null,
    findings: countBySeverity(...files.map((file) => file.findings)),
  }
}

/** Next steps for the terminal are omitted: the editor shows its own commands. */
function withoutOptions(detail: string): string {
  return detail
    .split('\n')
    .filter((line) => !/(^|[\s`"(])--[a-z]/.test(line))
    .join('\n')
}
