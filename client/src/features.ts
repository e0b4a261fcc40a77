import * as vscode from 'vscode'
import { ProjectsNotification, StatusNotification } from '../../protocol/src/index'
import { registerAgentTools } from './agents/language-model-tools'
import { offerMcpServer } from './agents/mcp-server'
import { registerCommands } from './commands'
import { createPreviews } from './previews/previews'
import { createConfirmation } from './questions/confirmation'
import { registerDocumentation } from './documentation'
import { createLanguageClient } from './language-client'
import { createLog } from './log'
import { createOutputPanel } from './output-panel'
import { followSettings } from './settings'
import { activityOf } from './status/activity'
import { offerToConnectOnRefusal } from './status/offer-to-connect'
import type { ProjectStatuses } from './status/project-statuses'
import type { StatusItem } from './status/status-item'
import type { TargetProject } from './status/target-project'
import { createRunLists } from './runs/run-lists'
import { createRunView } from './runs/run-view'
import { createRunningCommands } from './runs/running-commands'
import { createStoredUrls } from './stored-urls'
import { createTestExplorer } from './tests/test-explorer'
import { createTestInterface, type TestInterface } from './test-interface'
import { followTrustAndFocus } from './trust'
import { openDocumentsOnRequest, saveDocumentsOnRequest, tellUnsavedDocumentsOnRequest } from './unsaved-documents'
import { createWalkthrough } from './walkthrough/walkthrough'
import { createBackupsView } from './views/backups-view'
import { createFindingsView } from './views/findings-view'

export interface FirstParts {
  readonly statuses: ProjectStatuses
  readonly target: TargetProject
  readonly status: StatusItem
}

/**
 * The language server and everything that VS Code shows of it except the status bar. The server is still starting when
 * this returns: requests wait for it. Only under VS Code's extension tests, returns what the tests need to see and
 * call.
 */
export function startFeatures(
  context: vscode.ExtensionContext,
  { statuses, target, status }: FirstParts,
): TestInterface | undefined {
  const output = createOutputPanel()
  const log = createLog()
  const client = createLanguageClient(context, log)
  const confirmation = createConfirmation()
  const previews = createPreviews()
  const storedUrls = createStoredUrls(context.secrets)
  const view = createFindingsView(statuses)
  const running = createRunningCommands()
  const tests = createTestExplorer(client, statuses, running)
  const walkthrough = createWalkthrough(statuses)
  const runs = createRunLists(context.workspaceState, statuses)
  const run = createRunView(runs, running)
  const backups = createBackupsView(client, statuses, running)
  const activityOfProject = (schemaUri: string) =>
    activityOf(
      running.latest(schemaUri),
      runs.all().find((list) => list.schemaUri === schemaUri),
    )

  context.subscriptions.push(
    output,
    log,
    view,
    tests,
    offerToConnectOnRefusal(statuses, context.workspaceState),
    runs,
    run,
    backups,
    walkthrough,
    running,
    status.follow(activityOfProject, [running.onDidChange, runs.onDidChange]),
    runs.serve(client),
    // The checklist of a run shows the same, and is in the panel.
    output.serve(client, () => runs.all().some(({ end }) => end === null)),
    confirmation.serve(client),
    storedUrls.serve(client),
    client.onNotification(StatusNotification, (project) => statuses.update(project)),
    client.onNotification(ProjectsNotification, ({ schemaUris }) => statuses.keepOnly(schemaUris)),
    previews.serve(client),
    saveDocumentsOnRequest(client),
    tellUnsavedDocumentsOnRequest(client),
    openDocumentsOnRequest(client),
    registerCommands({ client, target, output, log, previews, storedUrls, statuses, running, walkthrough }),
    registerAgentTools(client, target, running),
    offerMcpServer(context, target),
    registerDocumentation(context),
    followTrustAndFocus(client),
    followSettings(client),
    client,
  )
  // The client itself shows a notification if the server does not start.
  client.start().catch((error: unknown) => log.error('The language server did not start.', error))
  return context.extensionMode === vscode.ExtensionMode.Test
    ? createTestInterface({ output, confirmation, previews, statuses, status, view, backups, tests, runs, run })
    : undefined
}
