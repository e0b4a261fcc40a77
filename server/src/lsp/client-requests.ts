import type { Connection } from 'vscode-languageserver'
import { ErrorCodes, ResponseError } from './protocol'
import {
  BackupsRequest,
  CallAgentToolRequest,
  ChecksRequest,
  ConnectRequest,
  CoverageRequest,
  ExecuteRequest,
  PolicyAdviceRequest,
  PrepareAgentToolRequest,
  RunChecksRequest,
  TrustGrantedNotification,
  UnfinishedRunRequest,
  WindowFocusedNotification,
} from '../../../protocol/src/index'
import type { Secrets } from '../database/secrets'
import type { Project } from '../project/project'
import type { AgentTools } from './agent-tools'
import type { ApplicationCode } from './application-code'
import { backupsAnswer } from './backups'
import { unfinishedChecklist } from './checklists'
import { connectTo } from './connect'
import { coverageAnswer } from './coverage'
import type { EditorSession } from './editor-session'
import { execute } from './execute'
import { failureText } from './failure-text'
import type { ServerLog } from './log'
import type { OpenProjects } from './open-projects'
import { policyAdvice } from './policy-advice'

export interface ClientRequestParts {
  readonly session: EditorSession
  readonly projects: OpenProjects
  readonly code: ApplicationCode
  readonly agents: () => Promise<AgentTools>
  readonly secrets: Secrets
  readonly log: ServerLog
}

/** Answers the requests of `protocol/`, which only our own client sends. */
export function listenToClient(connection: Connection, parts: ClientRequestParts): void {
  const { session, projects, code, agents, secrets, log } = parts
  const { t } = session

  async function forProject<Answer>(
    documentUri: string | null,
    answer: (project: Project) => Answer | Promise<Answer>,
  ): Promise<Answer | ResponseError> {
    await session.settled
    const project = projects.projectFor(documentUri)
    if (project instanceof ResponseError) return project
    try {
      return await answer(project)
    } catch (error) {
      // The library would send its message alone, in English.
      log.failure(`${project.paths.name}: a request failed`, error)
      const [message = ''] = secrets.blotOut(failureText(error, t)).split('\n')
      return new ResponseError(ErrorCodes.InternalError, message)
    }
  }

  connection.onRequest(ExecuteRequest, (parameters, token) =>
    forProject(parameters.documentUri, async (project) => {
      const outcome = await execute(connection, project, parameters, { token, secrets, t, log })
      // The command may have written the module, or the fields that it sets.
      projects.lookForActor(project)
      return outcome
    }),
  )
  connection.onRequest(ConnectRequest, ({ documentUri, url }) =>
    forProject(documentUri, (project) => connectTo(project, url, { secrets, t })),
  )
  connection.onRequest(PolicyAdviceRequest, ({ documentUri, choice }) =>
    forProject(documentUri, (project) => policyAdvice(t, project, choice)),
  )
  connection.onRequest(CoverageRequest, ({ documentUri }) =>
    forProject(documentUri, (project) => coverageAnswer(t, project)),
  )
  connection.onRequest(BackupsRequest, ({ documentUri }) =>
    forProject(documentUri, (project) => backupsAnswer(t, project, session.isTrusted)),
  )
  connection.onRequest(ChecksRequest, ({ documentUri }) =>
    forProject(documentUri, async (project) => (await import('./checks')).listChecks(t, project)),
  )
  connection.onRequest(UnfinishedRunRequest, ({ documentUri }) =>
    forProject(documentUri, (project) => unfinishedChecklist(project, secrets, t)),
  )
  connection.onRequest(RunChecksRequest, (parameters, token) =>
    forProject(parameters.documentUri, async (project) => {
      const { runListedChecks } = await import('./checks')
      return runListedChecks(connection, project, parameters, { token, secrets, t, log })
    }),
  )
  connection.onRequest(PrepareAgentToolRequest, (call, token) =>
    forProject(call.documentUri, async (project) =>
      (await agents()).prepare(project, call, { token, secrets, t, log }),
    ),
  )
  connection.onRequest(CallAgentToolRequest, (call, token) =>
    forProject(call.documentUri, async (project) => (await agents()).call(project, call, { token, secrets, t, log })),
  )
  connection.onNotification(TrustGrantedNotification, () => {
    session.isTrusted = true
    code.refresh()
    projects.connectionFilesChanged()
  })
  connection.onNotification(WindowFocusedNotification, () => {
    projects.refreshDatabases()
    for (const project of projects.all()) projects.lookForActor(project)
  })
}
